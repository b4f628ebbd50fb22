# SPDX-License-Identifier: BSD-2-Clause
src-y += arch/aarch64/boot.c
src-y += arch/aarch64/context.S
src-y += arch/aarch64/cpu.c
src-y += arch/aarch64/entry.S
src-y += arch/aarch64/mmu.c
src-y += arch/aarch64/traps.S
src-y += arch/aarch64/traps.c
