# SPDX-License-Identifier: BSD-2-Clause
# The toolchain for programs outside of this tree: the compiler driver unik-cc with headers,
# libraries and tools, complete in $(STAGE), from where `make install` copies it.
#
# Takes   ARCH, O, CC, CROSS, target-cflags-$(ARCH), image-ldflags, LIBC_O, libs
# Gives   $(STAGE)         the tree as it is installed
#         $(STAGE_HEADERS) changes when what programs are compiled with changes
#         $(STAGE_READY)   changes when anything does, so also with libunik.a

PREFIX  ?= /usr/local
DESTDIR ?=

STAGE         := $(O)/stage
STAGE_READY   := $(O)/stage.ready
STAGE_HEADERS := $(O)/stage.headers
stage-root    := $(STAGE)/$(ARCH)-unik
toolchain     := tools/toolchain

# -ffunction-sections: an image has only what is reached. No unwind tables: the linker script
# has no place for them. Programs may ask for frames, optimization and warnings as they like.
program-codegen := -fPIE -ftls-model=local-exec -ffunction-sections -fdata-sections \
	$(target-cflags-$(ARCH))
program-defines := -D__TM_GMTOFF=tm_gmtoff -D__TM_ZONE=tm_zone
# A program that says something about it itself is right.
spec-protector  := %{!fno-stack-protector:%{!fstack-protector*:$(program-protector)}}
no-unwind       := -fno-asynchronous-unwind-tables

stage-binutils := ar nm ranlib strip ld objcopy objdump readelf size addr2line
stage-headers  := $(shell find lib/include arch/$(CPU)/public -name '*.h')
stage-tools    := $(wildcard tools/unik tools/unik_lib/*.py)
stage-files    := $(wildcard $(toolchain)/* $(toolchain)/cmake/*/*)

# The make with a system of one name prefers links to copies; cp -p keeps the headers' dates, for
# the make of a program that is built against the stage.
stage-copy = cp -pR $(1) $(2)

define STAGE_CONF
unik_cc='$(CC)'
unik_cxx='$(patsubst %gcc,%g++,$(CC))'
unik_cross='$(CROSS)'
unik_machine='$(ARCH)-unik'
endef
export STAGE_CONF

# $(call stage-fill,CODEGEN): a template's words become their values.
stage-fill = sed -e 's|@codegen@|$(1)|; s|@define@|$(program-defines)|' \
	-e 's|@ldflags@|$(image-ldflags)|; s|@wlldflags@|$(image-ldflags:%=-Wl,%)|' \
	-e 's|@arch@|$(ARCH)|; s|@machine@|$(ARCH)-unik-elf|; s|@version@|$(VERSION)|' \
	-e 's|@gccinclude@|$(CC_INCLUDE)|; s|@libgcc@|$(shell $(CC) -print-libgcc-file-name)|'

$(STAGE_READY): $(libs) $(O)/parts.json linker.ld $(stage-headers) $(stage-files) $(stage-tools) $(O)/flags
	$(call say,STAGE,$(STAGE))
	$(Q)rm -rf $(STAGE)
	$(Q)mkdir -p $(stage-root)/lib $(stage-root)/include $(STAGE)/bin $(STAGE)/lib/pkgconfig $(STAGE)/lib/unik \
		$(STAGE)/share/unik
	$(Q)$(call stage-copy,lib/include/. arch/$(CPU)/public/.,$(stage-root)/include)
	$(Q)$(call stage-copy,$(LIBC_O)/include/.,$(stage-root)/include/newlib)
	$(Q)$(call stage-copy,$(libs) linker.ld,$(stage-root)/lib)
	$(Q)cp -p $(O)/unik.o.map $(O)/parts.json $(stage-root)/lib
	$(Q)for l in pthread rt dl util; do $(AR) rcsD $(stage-root)/lib/lib$$l.a || exit 1; done
	$(Q)printf '%s\n' "$$STAGE_CONF" >$(stage-root)/lib/unik.conf
	$(Q)$(call stage-fill,$(program-codegen) %{!fexceptions:$(no-unwind)} $(spec-protector)) \
		$(toolchain)/unik.specs.in >$(stage-root)/lib/unik.specs
	$(Q)$(call stage-fill,$(program-codegen) $(program-protector) $(no-unwind)) $(toolchain)/unik.pc.in >$(STAGE)/lib/pkgconfig/unik.pc
	$(Q)$(call stage-copy,$(toolchain)/cmake $(addprefix $(toolchain)/,unik.cmake unik.mk \
		config.site),$(STAGE)/share/unik)
	$(Q)$(call stage-copy,tools/unik,$(STAGE)/lib/unik) && ln -s ../lib/unik/unik $(STAGE)/bin/unik
	$(Q)mkdir $(STAGE)/lib/unik/unik_lib && cp -p tools/unik_lib/*.py $(STAGE)/lib/unik/unik_lib
	$(Q)$(stage-commands)
	$(Q)$(stage-manifest)
	$(Q)touch $@

# The driver and its names; -elf- is the long form that config.sub makes of the name.
define stage-commands
cd $(STAGE)/bin && p=$(ARCH)-unik && \
cp -p $(CURDIR)/$(toolchain)/driver $$p-cc && cp -p $(CURDIR)/$(toolchain)/binutil $$p-binutil && \
for c in $$p-gcc $$p-elf-cc $$p-elf-gcc unik-cc $$p-c++ $$p-g++ $$p-elf-c++ $$p-elf-g++ unik-c++; \
do ln -s $$p-cc $$c || exit 1; done && \
for t in $(stage-binutils); do \
	for c in $$p-$$t $$p-elf-$$t unik-$$t; do ln -s $$p-binutil $$c || exit 1; done; \
done
endef

# What `make uninstall` removes: each file, not folders that others may use too.
define stage-manifest
cd $(STAGE) && find . ! -type d ! -name manifest | sed 's|^\./||' | sort >../manifest && \
	mv ../manifest $(ARCH)-unik/lib/manifest
endef

$(STAGE_HEADERS): $(STAGE_READY)
	@(cd $(STAGE) && find $(ARCH)-unik/include $(ARCH)-unik/lib/unik.specs -type f ! -path '*/c++/*' | sort | \
		xargs sha256sum; sha256sum $(CURDIR)/lib/exports) | sed 's|$(CURDIR)/||' >$@.new
	@cmp -s $@.new $@ || cp $@.new $@
	@rm -f $@.new

include $(toolchain)/libstdcxx.mk

.PHONY: stage install uninstall
stage: $(STAGE_READY)

# With the C++ library once it was built.
install: $(STAGE_READY) $(if $(wildcard $(cxx-built)),$(STAGE_CXX)) ## put compiler driver, headers and libraries under PREFIX (/usr/local); DESTDIR= for packagers
	$(call say,INSTALL,$(DESTDIR)$(PREFIX))
	$(Q)rm -rf $(STAGE)/lib/unik/unik_lib/__pycache__
	$(Q)mkdir -p $(DESTDIR)$(PREFIX) && cp -pRf $(STAGE)/. $(DESTDIR)$(PREFIX)

# What another architecture has put there too stays, but for short names that were ours.
uninstall: ## remove what `make install` put there
	$(Q)cd $(DESTDIR)$(PREFIX) && test -f $(ARCH)-unik/lib/manifest || { \
		echo "$(DESTDIR)$(PREFIX) has no libunik for $(ARCH)"; exit 1; }
	$(Q)cd $(DESTDIR)$(PREFIX) && others=$$(ls *-unik/lib/manifest | grep -v '^$(ARCH)-unik/') ; \
		cat $$others $$others $(ARCH)-unik/lib/manifest | sort | uniq -u | xargs rm -f && \
		find bin -name 'unik-*' -xtype l -delete && \
		rm -rf $(ARCH)-unik/lib/manifest lib/unik/unik_lib/__pycache__ && \
		find $(ARCH)-unik lib/unik share/unik lib/pkgconfig bin share lib -depth -type d \
			-empty -delete 2>/dev/null || true
