// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/boot.h - numbers of the boot path that assembly, C and linker.ld share.
 */
#pragma once

#define IMAGE_PHYS          0x100000 /* where loaders put the image; linker.ld says the same */
#define BOOT_NOTE_OFFSET    0x160    /* of .boot.note in the image; linker.ld says the same */
#define BOOT_HEADERS_OFFSET 0x180    /* of .boot; linker.ld says the same */
#define BOOT_STACK_BYTES    8192     /* later the interrupt stack */
#define FAULT_STACK_BYTES   4096

/* Multiboot 0.6.96, 3.1.2: modules page-aligned, memory map wanted, addresses given. */
#define MULTIBOOT1_HEADER_MAGIC 0x1badb002
#define MULTIBOOT1_FLAGS        0x00010003
#define MULTIBOOT1_MAGIC        0x2badb002
/* Multiboot 2.0, 3.1.1 and 3.3. */
#define MULTIBOOT2_HEADER_MAGIC 0xe85250d6
#define MULTIBOOT2_MAGIC        0x36d76289
/* Ours: what the PVH entry puts in the register that has the magic of the others. */
#define PVH_START_MAGIC 0x70766821

#define MSR_EFER       0xc0000080
#define MSR_FS_BASE    0xc0000100
#define MSR_GS_BASE    0xc0000101
#define EFER_LME       (1 << 8)
#define EFER_NXE       (1 << 11)
#define CR0_PE         (1 << 0)
#define CR0_MP         (1 << 1)
#define CR0_NE         (1 << 5)
#define CR0_WP         (1 << 16)
#define CR0_PG         (1 << 31)
#define CR4_PAE        (1 << 5)
#define CR4_PGE        (1 << 7)
#define CR4_OSFXSR     (1 << 9)
#define CR4_OSXMMEXCPT (1 << 10)
#define CR4_FSGSBASE   (1 << 16)
#define CR4_OSXSAVE    (1 << 18)

/* Page table entries, SDM vol. 3, 4.5. */
#define PTE_PRESENT      (1 << 0)
#define PTE_WRITE        (1 << 1)
#define PTE_WRITETHROUGH (1 << 3)
#define PTE_UNCACHED     (1 << 4)
#define PTE_LARGE        (1 << 7)
#define PTE_GLOBAL       (1 << 8)
