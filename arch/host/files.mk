# SPDX-License-Identifier: BSD-2-Clause
# The CPU is x86-64, so what is about its registers alone comes from there.
src-y += arch/mmu_range.c
src-y += arch/host/boot.c
src-y += arch/host/context.c
src-y += arch/host/cpu.c
src-y += arch/host/entry.S
src-y += arch/host/inject.c
src-y += arch/host/memory_watch.c
src-y += arch/host/mmu.c
src-y += arch/host/signal.c
src-y += arch/host/tls.c
src-y += arch/x86_64/signal.S
src-y += arch/x86_64/signal.c
src-y += arch/x86_64/traps.c

# Locks and blocks can be watched: headers that stand in front of the kernel's.
unik-cflags-host := -iquote arch/host/front

# Allocations pass arch/host/inject.c; the image's table is what the Linux side sees.
exports-host := arch/host/exports
unik-ldflags-host := --wrap=page_alloc --wrap=page_alloc_exact --wrap=heap_alloc \
	--wrap=heap_alloc_aligned --wrap=kzalloc \
	--wrap=page_free --wrap=page_free_exact --wrap=page_add_range

# The Linux side; arch/host/build.mk compiles it.
linux-src += arch/host/linux/disk.c
linux-src += arch/host/linux/main.c
linux-src += arch/host/linux/memory.c
linux-src += arch/host/linux/net.c
linux-src += arch/host/linux/options.c
linux-src += arch/host/linux/signals.c
linux-src += arch/host/linux/terminal.c
linux-src += arch/host/linux/time.c
linux-src += arch/host/linux/tls.c
