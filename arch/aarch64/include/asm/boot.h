// SPDX-License-Identifier: BSD-2-Clause
/*
 * asm/boot.h - numbers of the boot path that assembly and C share. Register fields: Arm ARM
 * (DDI 0487), D17.2; translation table descriptors: D8.3.
 */
#pragma once

/* The flat image begins a page into the ELF file, behind that file's own headers. */
#define BOOT_HEADERS_OFFSET 0x1000
#define BOOT_TABLES_BYTES   (2 * 4096) /* of those that translation begins with */
#define BOOT_STACK_BYTES    8192       /* later the interrupt stack */
#define FAULT_STACK_BYTES   12288      /* its lowest part for faults in handling faults */

/* Where old loaders put every image. With 0 some keep the first 2 MiB of RAM for themselves, QEMU
 * for one, whose device tree then lies at 4 MiB, so that less RAM than that is of no use. */
#define IMAGE_TEXT_OFFSET 0x80000

#define PE_ALIGN      0x1000 /* of sections, and where the first begins */
#define PE_FILE_ALIGN 0x200

#define CURRENT_EL_2 (2 << 2)

#define SCTLR_M      (1 << 0)
#define SCTLR_C      (1 << 2)
#define SCTLR_SA     (1 << 3)
#define SCTLR_I      (1 << 12)
#define SCTLR_RES1   0x30d00800 /* bits that were reserved as one in Armv8.0 */
#define SCTLR_MMU_ON (SCTLR_RES1 | SCTLR_M | SCTLR_C | SCTLR_SA | SCTLR_I)

#define SCTLR_ENIA (1 << 31)   /* PACIASP and AUTIASP do what they say */
#define SCTLR_BT1  (1UL << 36) /* PACIASP is no landing pad for jumps, only for calls */

#define ISAR1_APA_SHIFT  4 /* APA and API: some algorithm for addresses is there */
#define ISAR2_APA3_SHIFT 12

#define HCR_RW      (1 << 31) /* EL1 is AArch64 */
#define HCR_API_APK (3 << 40) /* pointer authentication does not trap */
#define CPTR_EL2    0x33ff    /* no traps for FP; SVE is not used */
#define CNTHCTL_EL1 3         /* EL1 may use the physical timer and counter */
#define SPSR_EL1T   0x3c4     /* EL1 with SP_EL0, all exceptions masked */
#define CPACR_FPEN  (3 << 20) /* FP and SIMD do not trap */
#define ICC_SRE_ON  9         /* system registers, also for EL1 */

#define TCR_EPD1_SHIFT 23
/* 48-bit addresses in both halves, 4 KiB granule, tables in cached inner-shareable memory; no
 * walks of the upper half until its tables are there. The physical size (IPS) is added. */
#define TCR_BOOT                                                                                \
	(16 | 1 << 8 | 1 << 10 | 3 << 12 | 16 << 16 | 1 << TCR_EPD1_SHIFT | 1 << 24 | 1 << 26 | \
	 3 << 28 | 2 << 30)
#define TCR_IPS_SHIFT 32
#define TCR_IPS_MAX   5 /* 48 bits */

/* Attribute 0: memory, write-back. 1: Device-nGnRE. */
#define MAIR_VALUE 0x04ff

#define PTE_VALID        (1 << 0)
#define PTE_TABLE        (1 << 1) /* with PTE_VALID, on levels above pages; on pages: a page */
#define PTE_DEVICE       (1 << 2) /* attribute 1 */
#define PTE_READONLY     (1 << 7)
#define PTE_INNER_SHARED (3 << 8)
#define PTE_ACCESSED     (1 << 10)
#define PTE_BOOT_BLOCK   (PTE_VALID | PTE_INNER_SHARED | PTE_ACCESSED)
