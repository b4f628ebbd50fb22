# SPDX-License-Identifier: BSD-2-Clause
# newlib and lwIP: fetched, checked, unpacked, patched; newlib configured and compiled.
#
# Takes   ARCH, O (= build/$(ARCH)), CC, CROSS, Q (empty or @), say; LIBC_O, where the C library
#         lies if not in O.
# Gives   $(LIBC_O)/libc.a $(LIBC_O)/libm.a   the C library
#         $(LIBC_O)/include/        newlib's public headers
#         $(LIBC_CPPFLAGS)          what finds all C headers: ours, the compiler's, newlib's
#         $(LIBC_READY)             order-only prerequisite of whatever includes such a header
#         $(LWIP_READY)             the same for lwIP's sources, which are in $(LWIP_SRC)
#
# newlib's own build is autoconf's. It runs in a clean environment, so that nothing that was
# given to our make (V=1, CC=clang, -rR) leaks into it.

include lib/libc/sources.mk

LIBC_O ?= $(if $(SANITIZE),build/$(ARCH),$(O))
# Always gcc, whatever CC is: its assembly files are for GNU as.
NEWLIB_CC := $(CROSS)gcc
# More jobs than processors only cost memory; this runs beside our own compilation.
NEWLIB_JOBS ?= $(shell nproc)

# What differs between architectures.
NEWLIB_TARGET_x86_64  := x86_64-elf
NEWLIB_CFLAGS_x86_64  := -mno-red-zone -mstack-protector-guard=global
# Functions that lib/libc/<arch>/string.c replaces, to be the only ones of their name in an image.
NEWLIB_DROP_x86_64    := memchr memcmp memcpy memmove memset strlen

NEWLIB_CFLAGS_host := -mno-red-zone -mstack-protector-guard=global -B$(CURDIR)/arch/host/bin/

NEWLIB_TARGET_aarch64 := aarch64-elf
NEWLIB_CFLAGS_aarch64 := -mno-outline-atomics -mbranch-protection=standard -fno-unwind-tables \
	-fomit-frame-pointer -fno-shrink-wrap
NEWLIB_DROP_aarch64   := memchr memset

# The headers that newlib is compiled with: they are ABI, a change rebuilds newlib. It sees a
# copy of just these, so the list is complete by construction.
NEWLIB_ABI_HEADERS := limits.h machine/_types.h machine/mcontext.h signal.h sys/_pthreadtypes.h sys/config.h \
	sys/errno.h sys/features.h sys/lock.h sys/select.h sys/signal.h sys/ucontext.h

# Position-independent, because the image is; local-exec TLS, because it has no shared objects.
# -Os makes it a quarter smaller; without __OPTIMIZE_SIZE__ newlib still takes its fast algorithms.
NEWLIB_CFLAGS := -Os -U__OPTIMIZE_SIZE__ -g1 -fPIE -ftls-model=local-exec -fno-common -ffunction-sections \
	-fdata-sections -fstack-protector -fno-asynchronous-unwind-tables \
	-ffile-prefix-map=$(CURDIR)/= $(NEWLIB_CFLAGS_$(ARCH))

# Plain POSIX names for the system calls, which with memory and signals are the library's.
# BSD semantics: exit() flushes streams and does not close them.
NEWLIB_DEFINES := __UNIK_BUILDING_NEWLIB MISSING_SYSCALL_NAMES REENTRANT_SYSCALLS_PROVIDED \
	GETREENT_PROVIDED MALLOC_PROVIDED SIGNAL_PROVIDED _STDIO_BSD_SEMANTICS \
	HAVE_ASSERT_FUNC HAVE_BLKSIZE HAVE_FCNTL HAVE_NANOSLEEP HAVE_RENAME HAVE_SYSTEM \
	__TM_GMTOFF=tm_gmtoff __TM_ZONE=tm_zone

# io-long-double stays off: with it every %f goes through code fifty times slower.
NEWLIB_OPTIONS := --disable-libgloss --disable-multilib --disable-nls --disable-shared \
	--disable-newlib-supplied-syscalls --enable-newlib-global-atexit \
	--enable-newlib-global-stdio-streams --enable-newlib-io-c99-formats \
	--enable-newlib-io-long-long --enable-newlib-io-pos-args --enable-newlib-mb \
	--disable-newlib-fno-builtin

CC_INCLUDE    := $(shell $(CC) -print-file-name=include)
LIBC_CPPFLAGS := -nostdinc -isystem lib/include -isystem arch/$(CPU)/public -isystem $(CC_INCLUDE) -isystem $(LIBC_O)/include \
	-D__TM_GMTOFF=tm_gmtoff -D__TM_ZONE=tm_zone
LIBC_READY    := $(LIBC_O)/libc.a
NEWLIB_SRC    := build/src/newlib
LWIP_SRC      := build/src/lwip
LWIP_READY    := $(LWIP_SRC)/.ready
newlib-obj    := $(LIBC_O)/newlib

# --- sources ------------------------------------------------------------------------------

build/downloads/$(NEWLIB_FILE): lib/libc/sources.mk
	$(Q)tools/fetch-source --out $@ --sha256 $(NEWLIB_SHA256) --given '$(NEWLIB_TARBALL)' \
		--installed /usr/src/newlib/$(NEWLIB_FILE) --package newlib-source \
		--hint "run 'apt-get install newlib-source' or pass NEWLIB_TARBALL=PATH"
	$(Q)touch $@

build/downloads/$(LWIP_FILE): lib/libc/sources.mk
	$(Q)tools/fetch-source --out $@ --sha256 $(LWIP_SHA256) --given '$(LWIP_TARBALL)' \
		--beside liblwip-dev \
		--hint "run 'apt-get update' with the network up, or pass LWIP_TARBALL=PATH"
	$(Q)touch $@

# The archive $< with the patches after it becomes the folder of $@. The folder of patches is a
# prerequisite too: its time changes when a patch is added or removed.
define unpack
	@for tool in patch xz; do command -v $$tool >/dev/null || { \
		echo "$$tool is missing: run 'apt-get install patch xz-utils'"; exit 1; }; done
	$(call say,UNPACK,$(@D))
	$(Q)rm -rf $(@D) && mkdir -p $(@D)
	$(Q)tar -xJf $< -C $(@D) --strip-components=1
	$(Q)for p in $(filter %.patch,$^); do \
		patch -d $(@D) -p1 -s -N -i $(CURDIR)/$$p || { echo "$$p does not apply"; exit 1; }; \
	done
	$(Q)touch $@
endef

$(NEWLIB_SRC)/.ready: build/downloads/$(NEWLIB_FILE) $(sort $(wildcard lib/libc/patches lib/libc/patches/*.patch))
	$(unpack)

$(LWIP_READY): build/downloads/$(LWIP_FILE) $(sort $(wildcard net/patches net/patches/*.patch))
	$(unpack)

# --- newlib -------------------------------------------------------------------------------

# The compiler as newlib's configure is given it: without the host's headers and identity.
newlib-cc = $(NEWLIB_CC) -nostdinc -isystem $(CURDIR)/$(newlib-obj)/abi \
	-isystem $(shell $(NEWLIB_CC) -print-file-name=include) \
	-U__linux__ -U__linux -Ulinux -U__gnu_linux__ -U__unix__ -U__unix -Uunix

newlib-env := env -i PATH="$$PATH" LC_ALL=C
# Without the place of the tree, so that a moved or copied build is still good.
newlib-settings = $(subst $(CURDIR),.,$(newlib-cc) $(NEWLIB_CFLAGS) $(NEWLIB_DEFINES) \
	$(NEWLIB_OPTIONS))

# $(call newlib-step,LOG,COMMAND): run it in the build folder; on failure say what went wrong.
newlib-step = cd $(newlib-obj)/obj && { $(newlib-env) $(2) >../$(1).log 2>&1 || { \
	grep -hE 'error:|\*\*\*' ../$(1).log | head -12; \
	echo "newlib: $(1) failed, see $(newlib-obj)/$(1).log"; exit 1; }; }

# Rewritten only when a setting changed, so that its time stamp is the settings' age.
$(newlib-obj)/settings: FORCE
	@mkdir -p $(@D)
	@echo '$(newlib-settings)' | cmp -s - $@ || echo '$(newlib-settings)' >$@

$(newlib-obj)/abi/%.h: lib/include/%.h
	@mkdir -p $(@D)
	@cp $< $@

$(newlib-obj)/abi/%.h: arch/$(CPU)/public/%.h
	@mkdir -p $(@D)
	@cp $< $@

$(newlib-obj)/.built: $(NEWLIB_SRC)/.ready $(newlib-obj)/settings lib/libc/newlib.mk \
		$(NEWLIB_ABI_HEADERS:%=$(newlib-obj)/abi/%)
	$(call say,NEWLIB,"$(LIBC_O)/libc.a (takes a minute)")
	$(Q)rm -rf $(newlib-obj)/obj $(newlib-obj)/root && mkdir -p $(newlib-obj)/obj
	$(Q)$(call newlib-step,configure,$(CURDIR)/$(NEWLIB_SRC)/configure \
		--target=$(NEWLIB_TARGET_$(CPU)) --prefix=$(CURDIR)/$(newlib-obj)/root \
		$(NEWLIB_OPTIONS) MAKEINFO=true CC_FOR_TARGET="$(newlib-cc)" \
		AR_FOR_TARGET=$(CROSS)gcc-ar RANLIB_FOR_TARGET=$(CROSS)gcc-ranlib \
		AS_FOR_TARGET=$(CROSS)as LD_FOR_TARGET=$(CROSS)ld \
		NM_FOR_TARGET=$(CROSS)gcc-nm \
		CFLAGS_FOR_TARGET="$(NEWLIB_CFLAGS) $(NEWLIB_DEFINES:%=-D%)")
	$(Q)$(call newlib-step,make,make -j$(NEWLIB_JOBS) all-target-newlib MAKEINFO=true)
	$(Q)$(call newlib-step,install,make install-target-newlib MAKEINFO=true)
	$(Q)touch $@

# One step for everything that the rest of the build takes from newlib.
$(LIBC_O)/libc.a: $(newlib-obj)/.built
	$(Q)rm -rf $(LIBC_O)/include && mkdir -p $(LIBC_O)
	$(Q)cp -r $(newlib-obj)/root/$(NEWLIB_TARGET_$(CPU))/include $(LIBC_O)/include
	$(Q)cp $(newlib-obj)/root/$(NEWLIB_TARGET_$(CPU))/lib/libm.a $(LIBC_O)/libm.a
	$(Q)cp $(newlib-obj)/root/$(NEWLIB_TARGET_$(CPU))/lib/libc.a $(LIBC_O)/libc.tmp
	$(Q)$(if $(NEWLIB_DROP_$(CPU)),$(CROSS)gcc-ar d $(LIBC_O)/libc.tmp \
		$(NEWLIB_DROP_$(CPU):%=lib_a-%.o))
	$(Q)mv $(LIBC_O)/libc.tmp $@

$(LIBC_O)/libm.a: $(LIBC_O)/libc.a ;

# --- what newlib builds for other systems only --------------------------------------------

# Patterns and path names: members of libunik.a. What they want of locales is in lib/libc/collate.c.
newlib-extra := posix/fnmatch posix/glob posix/regcomp posix/regerror posix/regexec posix/regfree \
	unix/basename unix/dirname
newlib-extra-obj := $(newlib-extra:%=$(O)/obj/newlib/%.o)

$(newlib-extra-obj): $(O)/obj/newlib/%.o: $(newlib-obj)/.built $(O)/flags | $(LIBC_READY)
	$(call say,CC,$*)
	@mkdir -p $(@D)
	$(Q)$(CC) $(target-cflags) -Os -w -D_GNU_SOURCE -D_POSIX2_RE_DUP_MAX=255 $(CFLAGS) -c -o $@ $(NEWLIB_SRC)/newlib/libc/$*.c
