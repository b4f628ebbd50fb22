// SPDX-License-Identifier: BSD-2-Clause
/*
 * context.S - a voluntary switch between threads.
 *
 * What AAPCS64 (6.1) lets a callee keep: x19 to x30, d8 to d15, the control bits of FPCR; and the
 * thread pointer. Interrupts are off.
 */
#include <asm/cpu_offsets.h>

	.text
	.globl	context_switch
context_switch:				/* (from, to) */
	sub	sp, sp, #SWITCH_FRAME_BYTES
	stp	x19, x20, [sp, #SWITCH_X19]
	stp	x21, x22, [sp, #SWITCH_X19 + 16]
	stp	x23, x24, [sp, #SWITCH_X19 + 32]
	stp	x25, x26, [sp, #SWITCH_X19 + 48]
	stp	x27, x28, [sp, #SWITCH_X19 + 64]
	stp	x29, x30, [sp, #SWITCH_X29]
	stp	d8, d9, [sp, #SWITCH_D8]
	stp	d10, d11, [sp, #SWITCH_D8 + 16]
	stp	d12, d13, [sp, #SWITCH_D8 + 32]
	stp	d14, d15, [sp, #SWITCH_D8 + 48]
	mrs	x2, fpcr
	str	x2, [sp, #SWITCH_FPCR]
	mov	x3, sp
	str	x3, [x0, #CONTEXT_SP]
	ldp	x3, x4, [x1]		/* CONTEXT_SP, CONTEXT_TLS */
	mov	sp, x3
	msr	tpidr_el0, x4
	ldr	x3, [sp, #SWITCH_FPCR]
	cmp	x2, x3
	b.eq	1f
	msr	fpcr, x3
1:	ldp	d8, d9, [sp, #SWITCH_D8]
	ldp	d10, d11, [sp, #SWITCH_D8 + 16]
	ldp	d12, d13, [sp, #SWITCH_D8 + 32]
	ldp	d14, d15, [sp, #SWITCH_D8 + 48]
	ldp	x19, x20, [sp, #SWITCH_X19]
	ldp	x21, x22, [sp, #SWITCH_X19 + 16]
	ldp	x23, x24, [sp, #SWITCH_X19 + 32]
	ldp	x25, x26, [sp, #SWITCH_X19 + 48]
	ldp	x27, x28, [sp, #SWITCH_X19 + 64]
	ldp	x29, x30, [sp, #SWITCH_X29]
	add	sp, sp, #SWITCH_FRAME_BYTES
	ret

/* The first thing that a new thread runs: its entry is in x19, the argument in x20. */
	.globl	context_start
context_start:
	mov	x0, x19
	mov	x1, x20
	mov	x29, xzr
	mov	x30, xzr
	bl	thread_start
	brk	#0

	.section .note.GNU-stack, "", @progbits
