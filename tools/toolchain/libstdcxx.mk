# SPDX-License-Identifier: BSD-2-Clause
# The C++ library, optional: `make libstdc++` builds the one of gcc's own source, as Debian
# packages it, with unik-cc, and puts it into the stage. It takes 80 MB of download and a few
# minutes; `make install` then installs it too.

GCC_VERSION := 12.2.0
GCC_FILE    := gcc-$(GCC_VERSION)-dfsg.tar.xz
GCC_SHA256  := 50c63ff82919323c25fbbb4a9eae259edc974118a0fb30c905190cb782ec11c2
GCC_SRC     := build/src/gcc

cxx-dir    := $(O)/libstdc++
cxx-built  := $(cxx-dir)/.built
STAGE_CXX  := $(O)/stage.c++
# Of 900 MB, what libstdc++-v3 is made from.
cxx-members := libstdc++-v3 libgcc include config libiberty 'config*' 'lt*' install-sh missing \
	mkinstalldirs depcomp compile move-if-change libtool-ldflags gcc/BASE-VER gcc/DATESTAMP
cxx-flags   := -g1 -Os -ffile-prefix-map=$(CURDIR)/=

.PHONY: libstdc++
libstdc++: $(STAGE_CXX) ## the C++ library for unik-c++, from gcc's source; then again: make install

build/downloads/$(GCC_FILE): tools/toolchain/libstdcxx.mk
	$(call say,FETCH,$@)
	$(Q)tools/fetch-source --out $@ --sha256 $(GCC_SHA256) --given '$(GCC_TARBALL)' \
		--installed /usr/src/gcc-12/$(GCC_FILE) --package gcc-12-source \
		--hint "run 'apt-get install gcc-12-source' or pass GCC_TARBALL=PATH"
	$(Q)touch $@

$(GCC_SRC)/.ready: build/downloads/$(GCC_FILE)
	$(call say,UNPACK,$(@D))
	$(Q)rm -rf $(@D) && mkdir -p $(@D)
	$(Q)tar -xf $< -C $(@D) --strip-components=1 --wildcards --exclude='*/doc/html' \
		--exclude='*/testsuite/[0-9a-z]*_*' $(cxx-members:%=gcc-$(GCC_VERSION)/%)
	$(Q)touch $@

# $(call cxx-step,LOG,COMMAND)
cxx-step = cd $(cxx-dir)/libstdc++-v3 && { env -i PATH="$(CURDIR)/$(STAGE)/bin:$$PATH" LC_ALL=C \
	$(2) >../$(1).log 2>&1 || { grep -hE 'error:|\*\*\*' ../$(1).log | head -12; \
	echo "libstdc++: $(1) failed, see $(cxx-dir)/$(1).log"; exit 1; }; }

# The library and the compiler that it is for belong together. gthr-default.h is how it finds
# POSIX threads; gcc's own build would have put it there.
$(cxx-built): $(GCC_SRC)/.ready $(STAGE_HEADERS) tools/toolchain/libstdcxx.mk
	@v=$$($(CC) -dumpfullversion); [ "$${v%%.*}" = $(firstword $(subst ., ,$(GCC_VERSION))) ] || { \
		echo "libstdc++ is of gcc $(GCC_VERSION), $(CC) is $$v"; exit 1; }
	$(call say,LIBCXX,"$(cxx-dir) (takes some minutes)")
	$(Q)rm -rf $(cxx-dir) && mkdir -p $(cxx-dir)/libgcc $(cxx-dir)/libstdc++-v3
	$(Q)cp $(GCC_SRC)/libgcc/gthr-posix.h $(cxx-dir)/libgcc/gthr-default.h
	$(Q)$(call cxx-step,configure,$(CURDIR)/$(GCC_SRC)/libstdc++-v3/configure \
		--host=$(ARCH)-unik-elf --with-newlib --disable-shared --disable-multilib \
		--disable-libstdcxx-pch --disable-libstdcxx-dual-abi --disable-nls \
		--prefix=$(CURDIR)/$(cxx-dir)/root \
		--with-gxx-include-dir=$(CURDIR)/$(cxx-dir)/root/include/c++ \
		CC=unik-cc CXX=unik-cc CFLAGS="$(cxx-flags)" CXXFLAGS="$(cxx-flags)")
	$(Q)$(call cxx-step,make,make -j$(APP_JOBS))
	$(Q)$(call cxx-step,install,make install)
	$(Q)touch $@

# Only who asks for it waits for it: `make install` takes what was built, and says so when the
# headers have changed since.
ifneq ($(filter libstdc++,$(MAKECMDGOALS)),)
$(STAGE_CXX): $(cxx-built)
endif
$(STAGE_CXX): $(STAGE_READY) $(STAGE_HEADERS)
	@[ ! $(STAGE_HEADERS) -nt $(cxx-built) ] || \
		echo "  note: libstdc++ is older than the headers: make libstdc++"
	$(call say,STAGE,"$(STAGE) (C++)")
	$(Q)rm -rf $(stage-root)/include/c++ && $(call stage-copy,$(cxx-dir)/root/include/c++,$(stage-root)/include)
	$(Q)cp -p $(cxx-dir)/root/lib/libstdc++.a $(cxx-dir)/root/lib/libsupc++.a $(stage-root)/lib
	$(Q)$(stage-manifest)
	$(Q)touch $@
