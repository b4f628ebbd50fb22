// SPDX-License-Identifier: BSD-2-Clause
/*
 * entry.S - switches between threads, and the way into and out of traps.
 */
#include <asm/cpu_offsets.h>
#include <asm/irq.h>

	.text
/*
 * What the System V ABI lets a callee keep: rbx rbp r12-r15, the control words of x87 and SSE
 * (3.2.3 of the x86-64 supplement). Interrupts are off.
 */
	.globl	context_swap
context_swap:				/* (&from_sp, to_sp) */
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	subq	$8, %rsp
	stmxcsr	(%rsp)
	fnstcw	4(%rsp)
	movq	%rsp, (%rdi)
	movq	%rsi, %rsp
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
	call	context_entered
	movq	%rbx, %rdi
	movq	%r12, %rsi
	xorl	%ebp, %ebp
	call	thread_start
	ud2

/*
 * A signal returns here (signal.c), with a struct trap_frame at the stack pointer, aligned to 16,
 * and interrupts off.
 *
 * 1. The FPU's registers are saved first: what follows is compiled code of any kind.
 * 2. Events are handled on the stack of interrupts. Exceptions say with which frame to go on: on
 *    another stack after a stack overflow; or NULL: back at once, a page has come.
 * 3. trap_exit() on the thread's own stack: preemption, signals.
 */
	.globl	trap_entry
trap_entry:
	movq	%rsp, %rbp
	call	save_fpu
	cmpl	$IRQ_VECTOR_EVENTS, 120(%rbp)
	jne	1f
	movq	%rsp, %rbx
	movq	host_cpu + CPU_IRQ_STACK(%rip), %rsp
	call	irq_enter
	movq	%rbx, %rsp
	testb	%al, %al
	jz	3f
	jmp	2f
1:	movq	%rbp, %rdi
	call	trap_handle
	testq	%rax, %rax
	jz	3f
	cmpq	%rax, %rbp
	je	2f
	movq	%rax, %rbp		/* the FPU is as it was, all in between has kept it */
	movq	%rax, %rsp
	call	save_fpu
2:	movq	%rbp, %rdi
	call	trap_exit
/* Interrupts as they were. What came meanwhile is taken here and may switch threads, so the FPU's
 * registers come back after it; what comes from here on is a signal and saves them again. */
3:	movq	FRAME_RFLAGS(%rbp), %rdi
	call	irq_leave
	movl	host_cpu + CPU_FPU_MASK(%rip), %eax
	xorl	%edx, %edx
	cmpl	$0, host_cpu + CPU_USE_XSAVE(%rip)
	je	4f
	xrstor64 (%rsp)
	jmp	5f
4:	fxrstor64 (%rsp)
5:	movq	%rbp, %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rdi
	popq	%rsi
	popq	%rdx
	popq	%rcx
	popq	%rax
	addq	$8, %rsp
	iretq

/* Below the stack pointer, which stays there, aligned to 64. */
save_fpu:
	popq	%rdx
	movl	host_cpu + CPU_FPU_BYTES(%rip), %eax
	subq	%rax, %rsp
	andq	$-64, %rsp
	pushq	%rdx
	cmpl	$0, host_cpu + CPU_USE_XSAVE(%rip)
	je	1f
	xorl	%eax, %eax		/* XSAVE wants a clear header, SDM vol. 1, 13.7 */
	movl	$8, %ecx
	leaq	520(%rsp), %rdi
	rep stosq
	movl	host_cpu + CPU_FPU_MASK(%rip), %eax
	xorl	%edx, %edx
	xsave64	8(%rsp)
	ret
1:	fxsave64 8(%rsp)
	ret

	.section .note.GNU-stack, "", @progbits
