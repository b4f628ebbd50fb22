// SPDX-License-Identifier: BSD-2-Clause
/*
 * signal.S - calling a signal handler.
 */
	.text
/* The FPU's control word is the caller's and is kept; its registers are not in use. */
	.globl	signal_call
signal_call:				/* (stack_top, fn, arg) */
	stp	x29, x30, [sp, #-32]!
	mov	x29, sp
	mrs	x3, fpcr
	str	x3, [sp, #16]
	cbz	x0, 1f
	and	x0, x0, #~15
	mov	sp, x0
1:	msr	fpcr, xzr
	mov	x0, x2
	blr	x1
	mov	sp, x29
	ldr	x3, [sp, #16]
	msr	fpcr, x3
	ldp	x29, x30, [sp], #32
	ret

	.section .note.GNU-stack, "", @progbits
