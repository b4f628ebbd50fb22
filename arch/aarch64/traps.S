// SPDX-License-Identifier: BSD-2-Clause
/*
 * traps.S - exceptions and interrupts.
 *
 * The CPU switches to SP_EL1 and keeps the place and state in ELR_EL1 and SPSR_EL1 (Arm ARM,
 * D1.3). Threads and interrupt handlers run on SP_EL0, so SP_EL1 is good whatever has happened;
 * only a fault in the handling of a fault, or in the first steps of an interrupt on a stack that
 * is full, comes from SP_EL1 itself and gets another part of that stack.
 */
#include <asm/cpu_offsets.h>

#define VECTOR_IRQ      1
#define FPU_FRAME_BYTES 528		/* FPSR, FPCR, q0 to q31 */

	.section .text.vectors, "ax", @progbits
	.balign	2048
	.globl	trap_vectors
trap_vectors:
	/* The other half is for what runs at EL0, where nothing does. */
	.set	vector, 0
	.rept	8
	.balign	0x80
	.if	vector == VECTOR_IRQ
	b	irq_entry
	.else
	.if	vector >= 4
	mrs	x18, tpidr_el1
	ldr	x18, [x18, #CPU_NESTED_STACK]
	mov	sp, x18
	.endif
	sub	sp, sp, #TRAP_FRAME_BYTES
	stp	x0, x1, [sp]
	mov	x0, #vector
	b	trap_common
	.endif
	.set	vector, vector + 1
	.endr

	/* In front of the table, which begins at a multiple of 2 KiB. */
	.section .boot.text, "ax", @progbits
/*
 * Exceptions: speed is no matter.
 *
 * 1. struct trap_frame goes on the fault stack.
 * 2. trap_handle() panics, or says with which frame to go on, on the thread's stack or another; or
 *    NULL: back at once, a page has come.
 */
trap_common:
	stp	x0, xzr, [sp, #TRAP_VECTOR]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x20, x21, [sp, #160]
	stp	x22, x23, [sp, #176]
	stp	x24, x25, [sp, #192]
	stp	x26, x27, [sp, #208]
	stp	x28, x29, [sp, #224]
	mrs	x1, sp_el0
	stp	x30, x1, [sp, #240]
	mrs	x0, elr_el1
	mrs	x1, spsr_el1
	stp	x0, x1, [sp, #TRAP_PC]
	mrs	x0, esr_el1
	mrs	x1, far_el1
	stp	x0, x1, [sp, #TRAP_ESR]
	mov	x29, xzr
	mov	x0, sp
	bl	trap_handle
	mov	x30, sp
	add	sp, sp, #TRAP_FRAME_BYTES
	cbz	x0, trap_return
	mov	x19, x0
	msr	sp_el0, x0
	msr	spsel, #0
	b	trap_go_on

/*
 * Interrupts.
 *
 * 1. What a callee may change, and x19, goes into a struct trap_frame on the thread's stack.
 * 2. The handler runs on this CPU's interrupt stack. Interrupts stay off, so it does not nest.
 * 3. With a switch wanted and preemption allowed, the thread gives the CPU away from its own
 *    stack, with all its registers saved there; it comes back here when it runs again.
 */
irq_entry:
	stp	x0, x1, [sp, #-16]!
	mrs	x0, sp_el0
	sub	x0, x0, #TRAP_FRAME_BYTES
	stp	x2, x3, [x0, #16]
	ldp	x2, x3, [sp], #16
	stp	x2, x3, [x0]
	stp	x4, x5, [x0, #32]
	stp	x6, x7, [x0, #48]
	stp	x8, x9, [x0, #64]
	stp	x10, x11, [x0, #80]
	stp	x12, x13, [x0, #96]
	stp	x14, x15, [x0, #112]
	stp	x16, x17, [x0, #128]
	stp	x18, x19, [x0, #144]
	str	x29, [x0, #TRAP_X28 + 8]
	add	x1, x0, #TRAP_FRAME_BYTES
	stp	x30, x1, [x0, #TRAP_X30]
	mrs	x1, elr_el1
	mrs	x2, spsr_el1
	stp	x1, x2, [x0, #TRAP_PC]
	mov	x19, x0
	mrs	x1, tpidr_el1
	ldr	x2, [x1, #CPU_IRQ_STACK]
	msr	sp_el0, x2
	msr	spsel, #0
	ldr	w2, [x1, #CPU_PREEMPT]
	add	w2, w2, #1
	str	w2, [x1, #CPU_PREEMPT]
	bl	irq_handle
	mov	sp, x19
	mrs	x1, tpidr_el1
	ldr	w2, [x1, #CPU_PREEMPT]
	sub	w2, w2, #1
	str	w2, [x1, #CPU_PREEMPT]
	ldr	x2, [x1, #CPU_PREEMPT]
	cbz	x2, 1f

	ldp	x0, x1, [sp, #TRAP_PC]
	msr	elr_el1, x0
	msr	spsr_el1, x1
	ldp	x0, x1, [sp]
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x19, [sp, #144]
	ldr	x29, [sp, #TRAP_X28 + 8]
	ldr	x30, [sp, #TRAP_X30]
	add	sp, sp, #TRAP_FRAME_BYTES
	eret

1:
	stp	x20, x21, [x19, #160]
	stp	x22, x23, [x19, #176]
	stp	x24, x25, [x19, #192]
	stp	x26, x27, [x19, #208]
	str	x28, [x19, #TRAP_X28]
	mov	x0, #VECTOR_IRQ
	stp	x0, xzr, [x19, #TRAP_VECTOR]

/* With a whole struct trap_frame at x19 and sp: what may take its time, or not come back. */
trap_go_on:
	sub	sp, sp, #FPU_FRAME_BYTES
	mrs	x0, fpsr
	mrs	x1, fpcr
	stp	x0, x1, [sp]
	stp	q0, q1, [sp, #16]
	stp	q2, q3, [sp, #48]
	stp	q4, q5, [sp, #80]
	stp	q6, q7, [sp, #112]
	stp	q8, q9, [sp, #144]
	stp	q10, q11, [sp, #176]
	stp	q12, q13, [sp, #208]
	stp	q14, q15, [sp, #240]
	stp	q16, q17, [sp, #272]
	stp	q18, q19, [sp, #304]
	stp	q20, q21, [sp, #336]
	stp	q22, q23, [sp, #368]
	stp	q24, q25, [sp, #400]
	stp	q26, q27, [sp, #432]
	stp	q28, q29, [sp, #464]
	stp	q30, q31, [sp, #496]
	mov	x0, x19
	bl	trap_exit
	ldp	x0, x1, [sp]
	msr	fpsr, x0
	msr	fpcr, x1
	ldp	q0, q1, [sp, #16]
	ldp	q2, q3, [sp, #48]
	ldp	q4, q5, [sp, #80]
	ldp	q6, q7, [sp, #112]
	ldp	q8, q9, [sp, #144]
	ldp	q10, q11, [sp, #176]
	ldp	q12, q13, [sp, #208]
	ldp	q14, q15, [sp, #240]
	ldp	q16, q17, [sp, #272]
	ldp	q18, q19, [sp, #304]
	ldp	q20, q21, [sp, #336]
	ldp	q22, q23, [sp, #368]
	ldp	q24, q25, [sp, #400]
	ldp	q26, q27, [sp, #432]
	ldp	q28, q29, [sp, #464]
	ldp	q30, q31, [sp, #496]
	mov	x30, x19
	msr	spsel, #1

/* All registers from the frame at x30. Below the stack pointer that it has is nobody's memory, but
 * interrupts are off. */
trap_return:
	ldp	x0, x1, [x30, #TRAP_PC]
	msr	elr_el1, x0
	msr	spsr_el1, x1
	ldr	x0, [x30, #TRAP_SP]
	msr	sp_el0, x0
	ldp	x0, x1, [x30, #0]
	ldp	x2, x3, [x30, #16]
	ldp	x4, x5, [x30, #32]
	ldp	x6, x7, [x30, #48]
	ldp	x8, x9, [x30, #64]
	ldp	x10, x11, [x30, #80]
	ldp	x12, x13, [x30, #96]
	ldp	x14, x15, [x30, #112]
	ldp	x16, x17, [x30, #128]
	ldp	x18, x19, [x30, #144]
	ldp	x20, x21, [x30, #160]
	ldp	x22, x23, [x30, #176]
	ldp	x24, x25, [x30, #192]
	ldp	x26, x27, [x30, #208]
	ldp	x28, x29, [x30, #224]
	ldr	x30, [x30, #TRAP_X30]
	eret

	.section .note.GNU-stack, "", @progbits
