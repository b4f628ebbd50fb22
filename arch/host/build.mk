# SPDX-License-Identifier: BSD-2-Clause
# ARCH=host: an image is an ordinary executable. See docs/host.md.
#
# Takes   SANITIZE=address,undefined   for both halves; the result is in build/host-san
#
# The Linux side is compiled with the host's headers and linked with its C library; the program,
# libunik and newlib become one relocatable object before that (arch/host/link-image).

linux-obj    := $(linux-src:%.c=$(O)/linux/%.o)
linux-cflags := -std=gnu11 -O2 -g -D_GNU_SOURCE $(warnings) -Iarch/host/include -I. $(sanitize)

$(linux-obj): $(O)/linux/%.o: %.c $(O)/flags
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(linux-cflags) $(CFLAGS) -MMD -MP -c -o $@ $<

-include $(linux-obj:.o=.d)

link-needs := arch/host/image.ld arch/host/link-image $(linux-obj)

# Frames of sanitized code are larger.
host-stack-bytes := $(if $(SANITIZE),0x40000,0x10000)

# Where people test a machine otherwise, these are what a process can be asked.
TESTS ?= guest httpd sanitizer

# These look into memory that is free.
cflags-kernel/heap.c      := $(if $(SANITIZE),-fno-sanitize=address)
cflags-kernel/page.c      := $(cflags-kernel/heap.c)
cflags-lib/libc/malloc.c  := $(cflags-kernel/heap.c)
cflags-arch/host/inject.c := $(cflags-kernel/heap.c)

# What is wrong on purpose, to see what becomes of it, is for the CPU to find.
without = $(if $(SANITIZE),-fno-sanitize=$(1))
cflags-tests/guest/test_signals.c     := $(call without,all)
cflags-tests/guest/test_stack_smash.c := $(call without,all)
cflags-tests/guest/test_system.c      := $(call without,nonnull-attribute)
cflags-tests/guest/test_trap_null.c   := $(call without,all)

define link-program
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)arch/host/link-image $@.o '$(CROSS)' -T arch/host/image.ld \
		--defsym=HOST_STACK_BYTES=$(host-stack-bytes) $(filter %.o,$(filter-out $(linux-obj),$^)) \
		--start-group $(libs) $(shell $(CC) -print-libgcc-file-name) --end-group
	$(Q)$(CC) -pie $(sanitize) -Wl,-znow,-znodynamic-undefined-weak -Wl,-Map,$@.map -o $@ $@.o $(linux-obj)
endef
