// SPDX-License-Identifier: BSD-2-Clause
/*
 * entry.S - from a loader's 32-bit entry to boot_main().
 *
 * The image is linked at 0 and loaded at IMAGE_PHYS. Everything here is reached by offsets from
 * the place where it runs, so the same code would work at any address below 4 GiB.
 *
 * Multiboot 1 (spec 0.6.96, 3.2), Multiboot 2 (spec 2.0, 3.3) and PVH (Xen, docs/misc/pvh) all
 * enter in 32-bit protected mode with flat segments, paging off and interrupts off, with the
 * address of their information in %ebx. Promised to boot_main(): 64-bit mode, the first GiB
 * mapped one to one, a stack, zeroed .bss, SSE usable.
 */
#include <asm/cpu_offsets.h>
#include <asm/boot.h>

/*
 * The file has one run of bytes whose file offsets and addresses advance together. That is what
 * the "kludge" addresses of Multiboot 1 need, with which QEMU takes a 64-bit ELF.
 * A 32-bit physical address is written as a distance from boot_headers, which the linker script
 * puts at BOOT_HEADERS_OFFSET.
 */
#define PHYS(sym) (sym) - boot_headers + (IMAGE_PHYS + BOOT_HEADERS_OFFSET)

	.section .boot.note, "a", @note
boot_note:
	.long	4, 4, 18		/* sizes of name and value; XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz	"Xen"
	.long	pvh_entry - boot_note + (IMAGE_PHYS + BOOT_NOTE_OFFSET)

	.section .boot, "ax", @progbits
	.globl boot_headers
boot_headers:
	.balign 8
multiboot2_header:
	.long	MULTIBOOT2_HEADER_MAGIC
	.long	0			/* i386, protected mode */
	.long	multiboot2_end - multiboot2_header
	.long	-(MULTIBOOT2_HEADER_MAGIC + 0 + (multiboot2_end - multiboot2_header))
	.short	2, 0			/* addresses, 3.1.5 */
	.long	24
	.long	PHYS(multiboot2_header)
	.long	IMAGE_PHYS
	.long	PHYS(image_data_end)
	.long	PHYS(image_end)
	.short	3, 0			/* entry address, 3.1.6 */
	.long	12
	.long	PHYS(multiboot_entry)
	.balign 8
	.short	6, 0			/* modules on page boundaries, 3.1.11 */
	.long	8
	.short	0, 0			/* end */
	.long	8
multiboot2_end:

	.balign 4
multiboot1_header:
	.long	MULTIBOOT1_HEADER_MAGIC
	.long	MULTIBOOT1_FLAGS
	.long	-(MULTIBOOT1_HEADER_MAGIC + MULTIBOOT1_FLAGS)
	.long	PHYS(multiboot1_header)
	.long	IMAGE_PHYS
	.long	PHYS(image_data_end)
	.long	PHYS(image_end)
	.long	PHYS(multiboot_entry)

	.code32
	.globl image_entry, pvh_entry, multiboot_entry
image_entry:
pvh_entry:
	movl	$PVH_START_MAGIC, %eax	/* PVH leaves %eax undefined; the others say who they are */
multiboot_entry:
	cli
	cld
	/* 1. A stack; the loader's magic and information become the arguments of boot_main(). */
	movl	$PHYS(boot_stack_top), %esp
	movl	%eax, %edi
	movl	%ebx, %esi

	/* 2. No 64-bit mode, no libunik. */
	movl	$0x80000000, %eax
	cpuid
	cmpl	$0x80000001, %eax
	jb	no_long_mode
	movl	$0x80000001, %eax
	cpuid
	testl	$(1 << 29), %edx	/* LM */
	jz	no_long_mode

	/* 3. The first GiB one to one: PML4 -> PDPT -> 512 pages of 2 MiB. */
	movl	$PHYS(boot_pd), %ebx
	movl	$(PTE_PRESENT | PTE_WRITE | PTE_LARGE), %eax
	xorl	%ecx, %ecx
2:	movl	%eax, (%ebx, %ecx, 8)
	addl	$0x200000, %eax
	incl	%ecx
	cmpl	$512, %ecx
	jne	2b
	leal	(PTE_PRESENT | PTE_WRITE)(%ebx), %eax
	movl	$PHYS(boot_pdpt), %ebx
	movl	%eax, (%ebx)
	leal	(PTE_PRESENT | PTE_WRITE)(%ebx), %eax
	movl	$PHYS(boot_pml4), %ebx
	movl	%eax, (%ebx)
	movl	%ebx, %cr3

	/* 4. Long mode with NX (SDM vol. 3, 10.8.5); SSE for the code that the compiler makes. */
	movl	$(CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT), %eax
	movl	%eax, %cr4
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$(EFER_LME | EFER_NXE), %eax
	wrmsr
	movl	$(CR0_PE | CR0_MP | CR0_NE | CR0_WP | CR0_PG), %eax
	movl	%eax, %cr0

	/* 5. A 64-bit code segment, by a descriptor table that says where it lies. */
	movl	$PHYS(boot_gdt_pointer), %eax
	lgdt	(%eax)
	movl	$PHYS(long_mode), %eax
	pushl	$SEG_CODE
	pushl	%eax
	lretl

	/* "unik: CPU has no 64-bit mode" on the first serial port, by polling blindly: there is
	 * nothing else to be done on such a machine. */
no_long_mode:
	movl	$PHYS(no_long_mode_text), %esi
	movw	$0x3f8, %dx
3:	lodsb
	testb	%al, %al
	jz	4f
	outb	%al, %dx
	jmp	3b
4:	cli
	hlt
	jmp	4b

	.code64
long_mode:
	movl	$SEG_DATA, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	movl	%esp, %esp		/* the upper halves are undefined after the mode switch */
	movl	%edi, %edi
	movl	%esi, %esi
	call	boot_main
	ud2

/*
 * boot_jump(cr3, sp, target) - go on at the image's own address. The new page tables map the
 * code that runs here one to one as well, until cpu_init_boot() takes that away.
 */
	.globl	boot_jump
boot_jump:
	movq	%rdi, %cr3
	movq	%rsi, %rsp
	xorl	%ebp, %ebp
	call	*%rdx
	ud2

no_long_mode_text:
	.asciz	"unik: this CPU has no 64-bit mode\r\n"

	.balign 8
boot_gdt:
	.quad	0
	.quad	0x00209b0000000000	/* SEG_CODE: 64-bit, present, ring 0 */
	.quad	0x0000930000000000	/* SEG_DATA */
boot_gdt_pointer:
	.short	boot_gdt_pointer - boot_gdt - 1
	.long	PHYS(boot_gdt)

	.section .bss.boot, "aw", @nobits
	.balign 4096
	.globl boot_pml4, boot_pdpt, boot_pd, boot_stack_top, fault_stack_top
/* The tables before the two stacks become their guard pages: pagetable_forget_low(). */
boot_pml4:	.skip 4096
fault_stack:	.skip FAULT_STACK_BYTES
fault_stack_top:
boot_pdpt:	.skip 4096
boot_pd:	.skip 4096
boot_stack:	.skip BOOT_STACK_BYTES
boot_stack_top:

	.section .note.GNU-stack, "", @progbits
