// SPDX-License-Identifier: BSD-2-Clause
/*
 * signal.S - calling a signal handler.
 */
	.text
/*
 * 1. The FPU's control words are the caller's and are kept; its registers are not in use.
 * 2. They become as after a reset: System V ABI, 3.2.1.
 */
	.globl	signal_call
signal_call:				/* (stack_top, fn, arg) */
	pushq	%rbp
	movq	%rsp, %rbp
	subq	$16, %rsp
	stmxcsr	-4(%rbp)
	fnstcw	-8(%rbp)
	testq	%rdi, %rdi
	cmovnzq	%rdi, %rsp
	andq	$-16, %rsp
	fninit
	movl	$0x1f80, -12(%rbp)
	ldmxcsr	-12(%rbp)
	movq	%rdx, %rdi
	call	*%rsi
	fninit
	ldmxcsr	-4(%rbp)
	fldcw	-8(%rbp)
	leave
	ret

	.section .note.GNU-stack, "", @progbits
