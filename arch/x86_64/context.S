// SPDX-License-Identifier: BSD-2-Clause
/*
 * context.S - a voluntary switch between threads.
 *
 * What the System V ABI lets a callee keep: rbx rbp r12-r15, the control words of x87 and SSE
 * (3.2.3 of the x86-64 supplement), and the thread pointer. Interrupts are off.
 */
#include <asm/cpu_offsets.h>
#include <asm/boot.h>

	.text
	.globl	context_switch
context_switch:				/* (from, to) */
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	subq	$8, %rsp
	stmxcsr	(%rsp)
	fnstcw	4(%rsp)
	movq	%rsp, CONTEXT_SP(%rdi)
	movq	CONTEXT_SP(%rsi), %rsp
	movl	CONTEXT_TLS(%rsi), %eax
	movl	CONTEXT_TLS + 4(%rsi), %edx
	movl	$MSR_FS_BASE, %ecx
	wrmsr
	ldmxcsr	(%rsp)
	fldcw	4(%rsp)
	addq	$8, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	ret

/* The first thing that a new thread runs: its entry is in rbx, the argument in r12. */
	.globl	context_start
context_start:
	movq	%rbx, %rdi
	movq	%r12, %rsi
	xorl	%ebp, %ebp
	call	thread_start
	ud2

	.section .note.GNU-stack, "", @progbits
