# SPDX-License-Identifier: BSD-2-Clause
src-y += arch/mmu_range.c
src-y += arch/aarch64/backtrace.c
src-y += arch/aarch64/board.S
src-y += arch/aarch64/board.c
src-y += arch/aarch64/boot.c
src-y += arch/aarch64/context.S
src-y += arch/aarch64/cpu.c
src-y += arch/aarch64/dma.c
src-y += arch/aarch64/efi.c
src-y += arch/aarch64/entry.S
src-y += arch/aarch64/mailbox.c
src-y += arch/aarch64/mmu.c
src-y += arch/aarch64/signal.S
src-y += arch/aarch64/signal.c
src-y += arch/aarch64/stack.c
src-y += arch/aarch64/traps.S
src-y += arch/aarch64/traps.c
src-y += arch/aarch64/xen.c

# What runs before relocation: the stack protector's guard is reached through the global offset
# table, which has no right addresses yet.
$(foreach f,$(wildcard arch/aarch64/*.c lib/base/fdt*.c),$(eval cflags-$(f) += -fno-stack-protector))
cold-y += arch/aarch64/backtrace.c
cold-y += arch/aarch64/board.c
cold-y += arch/aarch64/boot.c
cold-y += arch/aarch64/cpu.c
cold-y += arch/aarch64/dma.c
cold-y += arch/aarch64/efi.c
cold-y += arch/aarch64/mailbox.c
cold-y += arch/aarch64/mmu.c
cold-y += arch/aarch64/traps.c
cold-y += arch/aarch64/xen.c
