# SPDX-License-Identifier: BSD-2-Clause
#
# libunik: every build rule. `make help` lists the targets.
#
# One make, no recursion. A folder's files.mk says `src-y += folder/file.c`; nothing else needs
# to be told. Objects lie under build/$(ARCH)/obj, outside of the source tree.

VERSION := 0.1
ARCH ?= x86_64
O    := build/$(ARCH)$(SANITIZE:%=-san)
V    ?= 0
Q    := $(if $(filter 0,$(V)),@)
say   = $(if $(filter 0,$(V)),@printf '  %-7s %s\n' $(1) $(2))

MAKEFLAGS += --no-builtin-rules --no-builtin-variables
.SUFFIXES:
.DELETE_ON_ERROR:
.PHONY: all help reproducible FORCE
.DEFAULT_GOAL := all

# Of a process: what is about registers, calling and the C library is that of its CPU.
CPU_host := x86_64
CPU      := $(or $(CPU_$(ARCH)),$(ARCH))

CROSS_x86_64  :=
CROSS_aarch64 := aarch64-linux-gnu-
CROSS_host    :=
CROSS   ?= $(CROSS_$(ARCH))
CC      := $(if $(filter-out default undefined,$(origin CC)),$(CC),$(CROSS)gcc)
# clang is one program for all architectures. (A CC of make's command line needs `override`.)
clang-target := --target=$(ARCH)-linux-gnu
ifneq ($(findstring clang,$(CC)),)
override CC := $(filter-out $(clang-target),$(CC)) $(clang-target)
endif
LD      := $(CROSS)ld
AR      := $(CROSS)ar
OBJCOPY := $(CROSS)objcopy
STRIP   := $(CROSS)strip
PYTHON  ?= /usr/bin/python3

ifeq ($(wildcard arch/$(ARCH)/files.mk),)
$(error ARCH=$(ARCH) is not known: there is $(patsubst arch/%/files.mk,%,$(wildcard arch/*/files.mk)))
endif

# What the machine must have, as Debian names it. Without a compiler nothing below can even be
# read, so that is seen to first; the rest by the targets that need it.
compiler-x86_64  := gcc
compiler-aarch64 := gcc-aarch64-linux-gnu
compiler-host    := gcc
qemu-x86_64      := qemu-system-x86
qemu-aarch64     := qemu-system-arm
qemu-host        := passt
loaders-x86_64   := ovmf grub-common grub-pc-bin grub-efi-amd64-bin
loaders-aarch64  := qemu-efi-aarch64
packages-build := $(sort gcc $(compiler-$(ARCH))) libc6-dev binutils make python3 newlib-source patch \
	xz-utils curl ca-certificates
packages-run   := $(packages-build) $(qemu-$(ARCH))
packages-test  := $(packages-run) python3-pytest wrk tshark iproute2 xorriso mtools \
	redis-tools nghttp2-client openssl check libsubunit-dev pkg-config autoconf automake cmake $(loaders-$(ARCH))
packages-fuzz  := $(packages-build) clang
packages-lint  := $(packages-build) clang clang-format cppcheck

ifeq ($(shell command -v $(firstword $(CC))),)
$(shell tools/need-packages $(packages-build) >&2)
endif
ifeq ($(shell command -v $(firstword $(CC))),)
$(error no compiler $(CC); run: apt-get install $(packages-build))
endif

# --- what there is to build ---------------------------------------------------------------

src-y  :=
src-$(ARCH) :=
member-y :=
float-y :=
fast-y :=
cold-y :=
include arch/$(ARCH)/files.mk
include $(sort $(wildcard kernel/files.mk lib/*/files.mk drivers/files.mk drivers/*/files.mk net/files.mk))
include $(sort $(wildcard apps/*/files.mk))
include lib/libc/newlib.mk
# A driver that only one architecture's machines have is listed in src-ARCH.
src-y += $(src-$(ARCH))
# A process has neither buses nor virtio devices.
absent-host := drivers/bus/% drivers/virtio/% drivers/xen/% drivers/entropy_table.c drivers/drivers.c
src-y := $(filter-out $(absent-$(ARCH)),$(src-y))
APPS := $(patsubst apps/%/files.mk,%,$(wildcard apps/*/files.mk))

include net/lwip.mk

obj-y      := $(src-y:%=$(O)/obj/%.o) $(lwip-obj)
member-obj := $(member-y:%=$(O)/obj/%.o) $(newlib-extra-obj) \
	$(float-y:%.c=$(O)/app/%.o)
app-elfs   := $(APPS:%=$(O)/%.elf)
guest-src  := $(wildcard tests/guest/*.c)
guest-elfs := $(guest-src:%.c=$(O)/%.elf)
bench-elfs := $(patsubst %.c,$(O)/%.elf,$(wildcard tests/bench/guest_*.c))
system-elfs := $(patsubst %.c,$(O)/%.elf,$(wildcard tests/system/*.c))

# Loaders on ARM take the flat image, the ELF file is for debuggers and tools/unik.
img-aarch64 := img
images-of = $(if $(img-$(ARCH)),$(1:%.elf=%.img))

all: $(O)/libunik.a $(O)/parts.json $(LIBC_O)/libc.a $(app-elfs) $(app-modules) $(call images-of,$(app-elfs)) ## build the library and all programs

# --- flags --------------------------------------------------------------------------------

# The image is one static PIE; interrupts use the interrupted stack, so there is no red zone.
target-cflags-x86_64 := -m64 -mno-red-zone -mstack-protector-guard=global
# Return addresses are signed where the CPU can (Armv8.3), and indirect branches must land on pads
# (Armv8.5); the instructions do nothing elsewhere.
# gcc keeps a frame pointer there, which nobody walks (arch/aarch64/backtrace.c).
target-cflags-aarch64 := -mno-outline-atomics -mbranch-protection=standard -fno-unwind-tables \
	-fomit-frame-pointer
# ARCH=host: an assembler of our own, for thread-local variables. SANITIZE=address,undefined: as gcc has it.
sanitize := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all \
	-fno-omit-frame-pointer $(if $(findstring address,$(SANITIZE)),--param asan-use-after-return=0))
target-cflags-host := -m64 -mno-red-zone -mstack-protector-guard=global -B$(CURDIR)/arch/host/bin/ $(sanitize)
# What runs before relocation reaches nothing through the global offset table.
unik-cflags-aarch64 := -include arch/aarch64/hidden.h
target-cflags := -std=gnu11 -g -ffreestanding -fPIE -ftls-model=local-exec -fno-common \
	-fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections \
	-ffile-prefix-map=$(CURDIR)=. $(target-cflags-$(ARCH)) $(LIBC_CPPFLAGS)
# A function with an array looks for its guard before it returns (kernel/stack_guard.c); programs
# also where the address of a variable is taken.
program-protector := -fstack-protector-strong
warnings := -Wall -Wextra -Wstrict-prototypes -Wmissing-declarations -Wno-unused-parameter

# Kernel code may run in interrupts, so it keeps off the FPU registers.
# What is not on the path of a packet, a system call or a switch is compiled for size; the files
# that are, each folder names once more in fast-y.
for-gcc = $(if $(findstring clang,$(CC)),,$(1))
opt-small := $(call for-gcc,-fno-caller-saves -fipa-pta)
opt := -Os $(opt-small)
# Aligned code would be larger, and not fewer instructions; nor do copies of blocks and of
# functions that are not said to be inline save any worth their room.
opt-fast := -O2 $(call for-gcc,-fno-align-functions -fno-align-jumps -fno-align-labels \
	-fno-align-loops -fno-inline-functions -freorder-blocks-algorithm=simple \
	-fno-reorder-blocks-and-partition -fno-tree-pre -fno-tree-vectorize)
$(fast-y:%=$(O)/obj/%.o): opt = $(opt-fast)
# What runs at the start, in emergencies or seldom is made smaller still; cold-y.
# A function that saves registers on some of its ways only has several ends, of three instructions.
opt-cold-aarch64 := -fno-shrink-wrap
opt-cold := -Oz $(opt-small) $(call for-gcc,-fno-forward-propagate $(opt-cold-$(ARCH)))
$(cold-y:%=$(O)/obj/%.o): opt = $(opt-cold)
unik-cflags := $(target-cflags) -fstack-protector -fbuiltin -fvisibility=hidden -mgeneral-regs-only $(warnings) \
	-I. -Iarch/$(ARCH)/include $(unik-cflags-$(ARCH))
# Programs see the C library and <unik/...>.
app-cflags := $(filter-out -ffreestanding,$(target-cflags)) $(program-protector) -O2 $(warnings)
CFLAGS ?=

# A changed flag or compiler rebuilds what it was used for.
flags := $(CC) | $(unik-cflags) | $(opt) | $(opt-fast) | $(fast-y) | $(opt-cold) | $(cold-y) | $(app-cflags) | $(CFLAGS)
$(O)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(flags)' | cmp -s - $@ || echo '$(flags)' >$@
# A source that comes or goes links the library again.
$(O)/objects: FORCE
	@mkdir -p $(@D)
	@echo '$(obj-y)' | cmp -s - $@ || echo '$(obj-y)' >$@
FORCE:

# --- the library --------------------------------------------------------------------------

$(O)/obj/%.c.o: %.c $(O)/flags | $(LIBC_READY)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(unik-cflags) $(opt) $(cflags-$<) $(CFLAGS) -MMD -MP -c -o $@ $<

$(O)/obj/%.S.o: %.S $(O)/flags | $(LIBC_READY)
	$(call say,AS,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(unik-cflags) -D__ASSEMBLER__ $(CFLAGS) -MMD -MP -c -o $@ $<

# One relocatable object with every part; what lib/exports does not list becomes local to it, so
# a program may use any other name. --unique keeps static functions of one name apart, so that
# --gc-sections can drop them one by one.
$(O)/unik.o: $(obj-y) $(O)/objects lib/exports
	$(call say,LINK,$@)
	$(Q)$(LD) -r --unique $(unik-ldflags-$(ARCH)) -Map=$@.map -o $@.all $(obj-y)
	$(Q)grep -hv '^#' lib/exports $(exports-$(ARCH)) >$@.exports
	$(Q)$(OBJCOPY) --keep-global-symbols=$@.exports $@.all $@
	$(Q)rm -f $@.all $@.exports

# What calls the C library's upper half (stdio) is a member of its own: as a part of unik.o it
# would pull that into every image.
$(O)/libunik.a: $(O)/unik.o $(member-obj)
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) rcsD $@ $^

# What is in the libraries and where it came from, for `unik sbom`. Those of newlib's functions
# that are members of libunik.a are newlib's all the same.
newlib-about = newlib '$(NEWLIB_VERSION)' '$(NEWLIB_FILE)' $(NEWLIB_SHA256) LicenseRef-newlib
$(O)/parts.json: $(O)/unik.o $(LIBC_O)/libc.a tools/mkparts
	$(Q)$(PYTHON) tools/mkparts $@ $(foreach p,newlib/ $(addprefix unik/,$(notdir $(newlib-extra))), \
		--component $(newlib-about) $(p)) \
		--component lwip '$(LWIP_VERSION)' '$(LWIP_FILE)' $(LWIP_SHA256) BSD-3-Clause lwip/ \
		--component libunik '$(VERSION)' '' '' BSD-2-Clause '' --objects $(obj-y)

# --- programs -----------------------------------------------------------------------------

# GNU ld packs relocations for AArch64 from 2.43 on; `unik flat` does it whatever the version. Unwind
# information of ld's own is for a procedure linkage table, which an image has not.
image-ldflags-x86_64 := -zpack-relative-relocs --no-ld-generated-unwind-info
# As ld is told; gcc in front of it gets them with -Wl.
image-ldflags := --no-dynamic-linker --gc-sections $(image-ldflags-$(ARCH)) -znoexecstack -znorelro \
	-zmax-page-size=4096 --build-id=none --no-warn-rwx-segments --eh-frame-hdr
ldflags := -static-pie -nostdlib -Wl,-T,linker.ld $(image-ldflags:%=-Wl,%)
libs := $(O)/libunik.a $(LIBC_O)/libc.a $(LIBC_O)/libm.a

# An erratum of the Cortex-A53 (843419) is gone round by an instruction that reaches 1 MiB, which is
# enough for the programs here. The general way takes 4 KiB wherever it may be needed.
near-aarch64 := -Wl,--fix-cortex-a53-843419=adr
$(app-elfs): ldflags += $(near-$(ARCH))

define link-program
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ldflags) -Wl,-Map,$@.map -o $@ $(filter %.o,$^) \
		-Wl,--start-group $(libs) -lgcc -Wl,--end-group
endef

link-needs := linker.ld
-include $(if $(COVERAGE),tests/coverage/build.mk)
-include arch/$(ARCH)/build.mk

$(O)/app/%.o: %.c $(O)/flags | $(LIBC_READY)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(app-cflags) $(cflags-$<) $(CFLAGS) -I. -MMD -MP -c -o $@ $<

define app-rule
$(O)/$(1).elf: $(patsubst %.c,$(O)/app/%.o,$($(1)-src)) $(libs) $(link-needs)
	$$(link-program)
endef
$(foreach a,$(APPS),$(eval $(call app-rule,$(a))))

$(guest-elfs) $(bench-elfs) $(system-elfs): $(O)/%.elf: $(O)/app/%.o $(libs) $(link-needs)
	$(link-program)

$(O)/%.img: $(O)/%.elf
	$(call say,IMAGE,$@)
	$(Q)$(UNIK) flat $< -o $@

# --- for programs outside of this tree ------------------------------------------------------

include tools/toolchain/install.mk
include apps/apps.mk

# --- running ------------------------------------------------------------------------------

APP     ?= httpd
MEM     ?= $(or $($(APP)-mem),64M)
MACHINE ?=
PORTS   ?= $($(APP)-ports)
ARGS    ?= $($(APP)-args)
image   := $(O)/$(APP).elf
modules  = $($(APP)-modules)
UNIK    := $(PYTHON) tools/unik

run: deps-run $(image) $(modules) ## boot APP (httpd): make run [APP=hello] [PORTS=8080:80] [MEM=64M] [MACHINE=pc|q35|microvm, or virt on aarch64] [ARGS="..."]
	$(Q)$(UNIK) run $(image) --rng -m $(MEM) $(MACHINE:%=--machine %) $(PORTS:%=-p %) \
		$(modules:%=--module %) $(if $(ARGS),-- $(ARGS))

size: $(image) ## what is in the image of APP, per folder and object, and why
	$(Q)$(UNIK) size $(image) $(if $(WHY),--why $(WHY))

sbom: $(image) $(O)/parts.json ## what APP's image is made of, object by object: $(O)/APP.spdx.json (SPDX 2.3)
	$(Q)$(UNIK) sbom $(image) -o $(O)/$(APP).spdx.json

# What firmware of the architecture's machines boots: a CD image, or a disk.
medium = $(or $(medium-$(ARCH)),iso)
medium-aarch64 := disk
iso: $(image) $(modules) ## an image of APP for real machines: a CD (BIOS, UEFI) $(O)/APP.iso; aarch64: a disk (UEFI) $(O)/APP.disk
	$(Q)$(UNIK) $(medium) $(image) -o $(O)/$(APP).$(medium) $(modules:%=--module %) $(if $(ARGS),--args '$(ARGS)')

# --- testing ------------------------------------------------------------------------------

-include tests/host/host.mk
-include tests/lwip.mk
-include tests/fuzz/fuzz.mk
-include tests/posix/posix.mk
-include tests/xen/xen.mk
-include tests/sim/sim.mk
-include tests/coverage/coverage.mk
-include tests/packets/packets.mk
PYTEST ?= $(PYTHON) -m pytest -q -p no:cacheprovider

# What runs on this machine is tested once, not for each architecture.
test: deps-test $(if $(filter x86_64,$(ARCH)),test-host test-lwip packets) test-system ## everything that a change must pass

guest: $(guest-elfs) $(system-elfs) $(call images-of,$(guest-elfs) $(system-elfs))

# The programs of others are built beside everything else; a test that runs alone builds its own.
test-system: deps-test all guest $(if $(TESTS),,apps) ## boot images and use them with real clients; TESTS="boot httpd": only these
	$(Q)ARCH=$(ARCH) UNIK_BUILD=$(O) $(PYTEST) $(or $(TESTS:%=tests/system/test_%.py),tests/system)

# Programs of others that are measured too. One that cannot be built, as without its source, is not.
bench-apps := nginx redis memcached sqlite lua
bench: deps-test all $(bench-elfs) ## measure; prints a table and writes build/bench.json
	-$(Q)$(MAKE) --no-print-directory -k $(bench-apps:%=app-%) build/redis.cpio
	$(Q)ARCH=$(ARCH) $(PYTHON) tests/bench/bench.py

attack-table: deps-test $(O)/tests/system/attacks.elf $(O)/tests/system/bases.elf $(call images-of,$(O)/tests/system/attacks.elf $(O)/tests/system/bases.elf) ## attack an image, and write what came of it into docs/security.md
	-$(Q)ARCH=$(ARCH) UNIK_BUILD=$(O) $(PYTEST) --tb=no tests/system/test_security.py
	$(Q)ARCH=$(ARCH) UNIK_BUILD=$(O) $(PYTHON) tests/system/attack_table.py

soak: sim-soak deps-test all app-redis app-memcached ## make sim with new seeds for HOURS, then the load tests for hours
	$(Q)ARCH=$(ARCH) UNIK_SOAK=1 $(PYTEST) tests/system/test_load.py \
		tests/system/test_app_redis.py::test_rounds_of_benchmark \
		tests/system/test_app_memcached.py::test_of_the_authors

reproducible: all ## build again in another folder, by another user, at another time: the same bytes
	$(Q)tests/reproducible $(ARCH) $(libs) $(app-elfs) $(call images-of,$(app-elfs))

# --- what the machine must have -----------------------------------------------------------

# $(call deps,LIST): install the Debian packages of LIST that are missing; without the right to,
# say what to type.
deps = $(Q)tools/need-packages $(1)

deps-build:
	$(call deps,$(packages-build))
deps-run:
	$(call deps,$(packages-run))
deps-test:
	$(call deps,$(packages-test))
deps-fuzz:
	$(call deps,$(packages-fuzz))
deps-lint:
	$(call deps,$(packages-lint))

# --- keeping it clean ---------------------------------------------------------------------

c-sources := $(shell git ls-files '*.c' '*.h' 2>/dev/null)

lint: deps-lint lint-format lint-layers lint-headers lint-clang lint-cppcheck ## format, layers, headers, warnings, cppcheck

format: ## put all C sources into the house format
	$(Q)clang-format -i $(c-sources)

lint-format:
	$(call say,FORMAT,all)
	$(Q)clang-format --dry-run -Werror $(c-sources)

lint-layers:
	$(call say,LAYERS,all)
	$(Q)$(PYTHON) tools/check-layers $(c-sources)

# Each header compiles alone.
lint-headers: $(LIBC_READY)
	$(call say,HEADERS,all)
	$(Q)for h in $(filter arch/%.h kernel/%.h lib/base/%.h lib/libc/%.h lib/posix/%.h lib/fs/%.h drivers/%.h,$(filter-out arch/x86_64/% arch/aarch64/% arch/host/% drivers/host/%,$(c-sources))); do \
		echo "#include \"$$h\"" | $(CC) $(unik-cflags) -Werror -x c -fsyntax-only - || exit 1; \
	done
	$(Q)for h in $(patsubst lib/include/%,%,$(patsubst arch/$(CPU)/public/%,%,$(filter lib/include/%.h arch/$(CPU)/public/%.h,$(c-sources)))); do \
		echo "#include <$$h>" | $(CC) $(app-cflags) -Werror -x c -fsyntax-only - || exit 1; \
	done

# Both compilers, warnings are errors.
lint-clang: $(LIBC_READY)
	$(call say,WERROR,"gcc and clang")
	$(Q)$(MAKE) --no-print-directory -j2 O=build/lint-$(ARCH)-gcc LIBC_O=$(O) CFLAGS=-Werror compile
	$(Q)$(MAKE) --no-print-directory -j2 O=build/lint-$(ARCH)-clang LIBC_O=$(O) CC=clang CFLAGS=-Werror compile

# comparePointers: the linker's symbols all lie in one object, the image.
lint-cppcheck:
	$(call say,CPPCHECK,all)
	$(Q)cppcheck -q --error-exitcode=1 --enable=warning,portability --inline-suppr --std=c11 \
		--suppress=missingInclude --suppress=comparePointers --suppress=syntaxError:lib/include/* -I. -Iarch/$(ARCH)/include \
		arch/$(ARCH) kernel lib drivers net apps

compile: $(obj-y) $(member-obj) $(app-objs)

app-objs := $(foreach a,$(APPS),$(patsubst %.c,$(O)/app/%.o,$($(a)-src))) \
	$(patsubst %.c,$(O)/app/%.o,$(guest-src))
-include $(obj-y:.o=.d) $(member-obj:.o=.d) $(app-objs:.o=.d)

help: ## this list
	@echo "make [TARGET] [APP=name] [ARCH=x86_64] [V=1] [CC=clang]"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort | expand -t 16

clean: ## remove build/$(ARCH); downloads and sources stay
	$(Q)rm -rf $(O)

distclean: ## remove build/
	$(Q)rm -rf build
