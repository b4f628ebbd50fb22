// SPDX-License-Identifier: BSD-2-Clause
/*
 * entry.S - from a loader to boot_main().
 *
 * Entered as the Linux kernel's booting.rst for AArch64 says: MMU off, exceptions masked, the
 * device tree's physical address in x0, at EL1 or EL2, the image at any page. Everything here is
 * reached by offsets from the place where it runs. Promised to boot_main(): EL1 on SP_EL0, caches
 * and translation on with the GiB that hold the image mapped one to one, FP usable, .bss zeroed.
 *
 * At EL2 the code makes itself at home at EL1, with nothing of EL1 trapped and the virtual counter
 * equal to the physical one.
 */
#include <asm/boot.h>

	.section .boot, "ax", @progbits
	.globl	boot_headers, image_entry
boot_headers:
	/* The header of a Linux Image, whose first instruction changes nothing but the flags and
	 * reads as the "MZ" of a PE file (Microsoft PE format, "MS-DOS stub"). */
	ccmp	x18, #0, #0xd, pl
	b	image_entry
	.quad	IMAGE_TEXT_OFFSET	/* above a multiple of 2 MiB; not that it matters to us */
	.quad	image_end - boot_headers
	.quad	0xa			/* little-endian, 4 KiB pages, anywhere in memory */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	pe_header - boot_headers

	/* The header of an UEFI application. Its sections are text with read-only data, and data. */
pe_header:
	.ascii	"PE\0\0"
	.short	0xaa64			/* Arm64 */
	.short	2			/* sections */
	.long	0, 0, 0
	.short	pe_sections - pe_optional
	.short	0x0206			/* executable, nothing for debuggers in it */
pe_optional:
	.short	0x20b			/* PE32+ */
	.short	0
	.long	image_rodata_end - boot_headers - PE_ALIGN
	.long	image_data_memory_len - boot_headers
	.long	0
	.long	efi_entry - boot_headers
	.long	PE_ALIGN		/* base of code */
	.quad	0			/* anywhere */
	.long	PE_ALIGN, PE_FILE_ALIGN
	.short	0, 0, 0, 0, 1, 0	/* versions */
	.long	0
	.long	image_end - boot_headers
	.long	PE_ALIGN		/* headers */
	.long	0
	.short	10			/* EFI application */
	.short	0x0100			/* fit for memory that is not executable */
	.quad	0, 0, 0, 0
	.long	0, 6
	.quad	0, 0, 0, 0, 0, 0	/* directories */
pe_sections:
	.ascii	".text\0\0\0"
	.long	image_rodata_end - boot_headers - PE_ALIGN, PE_ALIGN
	.long	image_rodata_end - boot_headers - PE_ALIGN, PE_ALIGN
	.long	0, 0, 0, 0x60000020	/* code, read, execute */
	.ascii	".data\0\0\0"
	.long	image_data_memory_len - boot_headers, image_rodata_end - boot_headers
	.long	image_data_len - boot_headers, image_rodata_end - boot_headers
	.long	0, 0, 0, 0xc0000040	/* data, read, write */

image_entry:
	msr	daifset, #0xf
	mov	x19, x0

	/* 1. At EL1, on SP_EL0. */
	mrs	x0, CurrentEL
	cmp	x0, #CURRENT_EL_2
	b.ne	2f
	ldr	x0, =(HCR_RW | HCR_API_APK)
	msr	hcr_el2, x0
	isb
	mov	x0, #CPTR_EL2
	msr	cptr_el2, x0
	msr	hstr_el2, xzr
	msr	mdcr_el2, xzr
	msr	vttbr_el2, xzr
	msr	cntvoff_el2, xzr
	mov	x0, #CNTHCTL_EL1
	msr	cnthctl_el2, x0
	mrs	x0, midr_el1
	msr	vpidr_el2, x0
	mrs	x0, mpidr_el1
	msr	vmpidr_el2, x0
	mrs	x0, id_aa64pfr0_el1
	ubfx	x0, x0, #24, #4		/* GIC: system registers are there */
	cbz	x0, 1f
	mrs	x0, S3_4_C12_C9_5	/* ICC_SRE_EL2 */
	mov	x1, #ICC_SRE_ON
	orr	x0, x0, x1
	msr	S3_4_C12_C9_5, x0
	isb
	mrs	x0, S3_4_C12_C9_5
	tbz	x0, #0, 1f		/* firmware has kept it in GICv2 mode */
	msr	S3_4_C12_C11_0, xzr	/* ICH_HCR_EL2 */
1:	ldr	w0, =SCTLR_RES1
	msr	sctlr_el1, x0
	mov	x0, #SPSR_EL1T
	msr	spsr_el2, x0
	adr	x0, 2f
	msr	elr_el2, x0
	eret
2:	msr	spsel, #0
	mov	x0, #CPACR_FPEN
	msr	cpacr_el1, x0

	/* 2. Tables that map the GiB of the first and of the last byte of the image. What is written
	 * past the caches must not be hidden by an old line in them. */
	adrp	x20, boot_l0
	adrp	x21, boot_l1
	adrp	x22, image_end
	mov	x0, x20
	add	x1, x20, #BOOT_TABLES_BYTES
3:	stp	xzr, xzr, [x0]
	stp	xzr, xzr, [x0, #16]
	stp	xzr, xzr, [x0, #32]
	stp	xzr, xzr, [x0, #48]
	stp	xzr, xzr, [x0, #64]
	stp	xzr, xzr, [x0, #80]
	stp	xzr, xzr, [x0, #96]
	stp	xzr, xzr, [x0, #112]
	add	x0, x0, #128
	cmp	x0, x1
	b.lo	3b
	orr	x0, x21, #(PTE_VALID | PTE_TABLE)
	ubfx	x1, x20, #39, #9
	str	x0, [x20, x1, lsl #3]
	mov	x2, x20
4:	mov	x0, #PTE_BOOT_BLOCK
	lsr	x1, x2, #30
	orr	x0, x0, x1, lsl #30
	ubfx	x1, x2, #30, #9
	str	x0, [x21, x1, lsl #3]
	cmp	x2, x22
	mov	x2, x22
	b.ne	4b
	dmb	sy
	mrs	x0, ctr_el0
	ubfx	x0, x0, #16, #4		/* log2 of the words in the smallest cache line */
	mov	x1, #4
	lsl	x1, x1, x0
	add	x2, x20, #BOOT_TABLES_BYTES
	mov	x0, x20
5:	dc	ivac, x0
	add	x0, x0, x1
	cmp	x0, x2
	b.lo	5b
	dsb	sy

	/* 3. Translation and caches on. */
	ldr	x0, =MAIR_VALUE
	msr	mair_el1, x0
	mrs	x0, id_aa64mmfr0_el1
	and	x0, x0, #0xf		/* PARange */
	mov	x1, #TCR_IPS_MAX
	cmp	x0, x1
	csel	x0, x0, x1, lo
	ldr	x1, =TCR_BOOT
	orr	x1, x1, x0, lsl #TCR_IPS_SHIFT
	msr	tcr_el1, x1
	msr	ttbr0_el1, x20
	isb
	tlbi	vmalle1
	ic	iallu
	dsb	nsh
	isb
	ldr	w0, =SCTLR_MMU_ON
	msr	sctlr_el1, x0
	isb

	/* 4. Zeroed .bss, but for the tables in use and the stack; whole pages. The vector registers
	 * are nobody's yet. */
	.arch_extension simd
	adrp	x0, boot_zero
	adrp	x1, image_end
	movi	v0.2d, #0
6:	stp	q0, q0, [x0]
	stp	q0, q0, [x0, #32]
	stp	q0, q0, [x0, #64]
	stp	q0, q0, [x0, #96]
	stp	q0, q0, [x0, #128]
	stp	q0, q0, [x0, #160]
	stp	q0, q0, [x0, #192]
	stp	q0, q0, [x0, #224]
	add	x0, x0, #256
	cmp	x0, x1
	b.lo	6b
	.arch_extension nosimd
	adrp	x0, boot_stack_top
	mov	sp, x0
	mov	x29, xzr
	mov	x30, xzr
	mov	x0, x19
	bl	boot_main
	brk	#0

	/*
	 * efi_entry(image, system table) - from the firmware.
	 * efi_leave(fdt) - boot services have ended: caches clean, translation off, and in by the
	 * front door. What was written so far must be in memory, for it is read uncached and then
	 * by other maps.
	 */
	.section .efi_text, "ax", @progbits
	.globl	efi_leave
efi_entry:
	stp	x29, x30, [sp, #-16]!
	bl	efi_main
	ldp	x29, x30, [sp], #16
	ret
efi_leave:
	msr	daifset, #0xf
	mov	x19, x0
	adrp	x0, boot_headers
	adrp	x1, image_end
	mrs	x2, ctr_el0
	ubfx	x2, x2, #16, #4		/* log2 of the words in the smallest cache line */
	mov	x3, #4
	lsl	x3, x3, x2
7:	dc	civac, x0
	add	x0, x0, x3
	cmp	x0, x1
	b.lo	7b
	dsb	sy
	mrs	x0, CurrentEL
	cmp	x0, #CURRENT_EL_2
	mov	x1, #(SCTLR_M | SCTLR_C)
	b.eq	8f
	mrs	x0, sctlr_el1
	bic	x0, x0, x1
	msr	sctlr_el1, x0
	b	9f
8:	mrs	x0, sctlr_el2
	bic	x0, x0, x1
	msr	sctlr_el2, x0
9:	isb
	ic	iallu
	dsb	sy
	isb
	mov	x0, x19
	adrp	x1, image_entry
	add	x1, x1, :lo12:image_entry
	br	x1

/*
 * boot_jump(ttbr1, sp, target, random) - go on at the image's own address. The lower half maps the
 * code that runs here until pagetable_forget_low(). From here on nobody returns who came before, so
 * this is where the signing of return addresses begins, with a key of its own for each boot.
 */
	.section .boot, "ax", @progbits
	.globl	boot_jump
boot_jump:
	msr	ttbr1_el1, x0
	mrs	x4, tcr_el1
	bic	x4, x4, #(1 << TCR_EPD1_SHIFT)
	msr	tcr_el1, x4
	dsb	ish
	isb
	mrs	x4, id_aa64isar1_el1
	mrs	x5, S3_0_C0_C6_2	/* ID_AA64ISAR2_EL1, which has the third algorithm */
	and	x4, x4, #(0xff << ISAR1_APA_SHIFT)
	and	x5, x5, #(0xf << ISAR2_APA3_SHIFT)
	orr	x4, x4, x5
	cbz	x4, 7f
	msr	S3_0_C2_C1_0, x3	/* APIAKeyLo_EL1, APIAKeyHi_EL1 */
	ror	x4, x3, #23
	eor	x4, x4, x0, lsl #17
	msr	S3_0_C2_C1_1, x4
	mrs	x4, sctlr_el1
	orr	x4, x4, #SCTLR_ENIA
	msr	sctlr_el1, x4
	isb
7:	mov	sp, x1
	br	x2

	.section .bss.boot, "aw", @nobits
	.balign 4096
	.globl boot_l0, boot_l1, boot_l1_other, boot_stack_top, fault_stack, fault_stack_top
/* The tables before the two stacks become their guard pages: pagetable_forget_low(). */
boot_l0:	.skip 4096
boot_l1:	.skip 4096
boot_stack:	.skip BOOT_STACK_BYTES
boot_stack_top:
boot_zero:
boot_l1_other:	.skip 4096
fault_stack:	.skip FAULT_STACK_BYTES
fault_stack_top:

	/* The first word of a table that goes on in linker.ld. */
	.section .packed_relocations, "aw", @progbits
	.quad	0

	.globl	image_headers_offset
	.set	image_headers_offset, BOOT_HEADERS_OFFSET

	.section .note.GNU-stack, "", @progbits
