// SPDX-License-Identifier: BSD-2-Clause
/*
 * ucontext.S - the registers of getcontext() and its like.
 *
 * What the procedure call standard lets a callee keep (AAPCS64, 6.1): x19 to x29, the stack
 * pointer, and the lower halves of v8 to v15, which lie in the places of x8 to x15; uc_flags says
 * that these are there.
 */
#define FLAGS		0
#define X(n)		(48 + 8 * (n))	/* regs[n]; <machine/mcontext.h> */
#define SP		X(31)
#define PC		X(32)
#define HAS_VECTORS	1

/* The caller goes on with 0 behind its call. */
.macro save
	stp	x19, x20, [x0, #X(19)]
	stp	x21, x22, [x0, #X(21)]
	stp	x23, x24, [x0, #X(23)]
	stp	x25, x26, [x0, #X(25)]
	stp	x27, x28, [x0, #X(27)]
	stp	x29, x30, [x0, #X(29)]
	stp	d8, d9, [x0, #X(8)]
	stp	d10, d11, [x0, #X(10)]
	stp	d12, d13, [x0, #X(12)]
	stp	d14, d15, [x0, #X(14)]
	mov	x2, sp
	str	x2, [x0, #SP]
	str	x30, [x0, #PC]
	str	xzr, [x0, #X(0)]
	mov	x2, #HAS_VECTORS
	str	x2, [x0, #FLAGS]
.endm

	.section .text.getcontext, "ax", @progbits
	.globl	getcontext
getcontext:				/* (context) */
	bti	c
	save
	b	ucontext_keep_mask

	.section .text.setcontext, "ax", @progbits
	.globl	setcontext
setcontext:				/* (context) */
	bti	c
	mov	x19, x0
	bl	ucontext_set_mask
	mov	x16, x19
	ldr	x17, [x16, #FLAGS]
	tbz	x17, #0, 1f
	ldp	d8, d9, [x16, #X(8)]
	ldp	d10, d11, [x16, #X(10)]
	ldp	d12, d13, [x16, #X(12)]
	ldp	d14, d15, [x16, #X(14)]
1:	ldp	x0, x1, [x16, #X(0)]
	ldp	x2, x3, [x16, #X(2)]
	ldp	x4, x5, [x16, #X(4)]
	ldp	x6, x7, [x16, #X(6)]
	ldp	x19, x20, [x16, #X(19)]
	ldp	x21, x22, [x16, #X(21)]
	ldp	x23, x24, [x16, #X(23)]
	ldp	x25, x26, [x16, #X(25)]
	ldp	x27, x28, [x16, #X(27)]
	ldp	x29, x30, [x16, #X(29)]
	ldr	x17, [x16, #SP]
	mov	sp, x17
	ldr	x17, [x16, #PC]
	ret	x17			/* and no branch: there need be no landing pad */

	.section .text.swapcontext, "ax", @progbits
	.globl	swapcontext
swapcontext:				/* (old, new) */
	bti	c
	save
	mov	x19, x1
	bl	ucontext_keep_mask
	mov	x0, x19
	b	setcontext

/* What a context's function returns to, with the context in x19. */
	.section .text.ucontext_return, "ax", @progbits
	.globl	ucontext_return
ucontext_return:
	mov	x0, x19
	bl	ucontext_ended
	brk	#1

	.section .note.GNU-stack, "", @progbits
