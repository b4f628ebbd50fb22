// SPDX-License-Identifier: BSD-2-Clause
/*
 * traps.S - exceptions and interrupts.
 *
 * The CPU pushes ss, rsp, rflags, cs, rip and, for some exceptions, an error code, and aligns
 * the stack to 16 bytes before that (SDM vol. 3, 6.14.2).
 */
#include <asm/cpu_offsets.h>
#include <asm/irq.h>

	.text

/*
 * Stubs are TRAP_STUB_BYTES and IRQ_STUB_BYTES each, which leaves room for a short jump. The first
 * half of them jumps to a long jump in the middle, the second half to what follows. (.org does not go
 * back: where a jump turned out long, it says so.)
 */

/* Exceptions; a missing error code becomes 0. */
	.macro	trap_stub to
	.balign TRAP_STUB_BYTES
	.if	!((vector == 8) || (vector >= 10 && vector <= 14) || (vector == 17) || (vector == 21))
	pushq	$0
	.endif
	pushq	$vector
	jmp	\to
	.set	vector, vector + 1
	.endm

	.balign TRAP_STUB_BYTES
	.globl	trap_stubs
trap_stubs:
	.set	vector, 0
	.rept	16
	trap_stub trap_middle
	.endr
	.org	trap_stubs + 16 * TRAP_STUB_BYTES
trap_middle:
	jmp	trap_common
	.org	trap_middle + STUB_GAP_BYTES
	.rept	16
	trap_stub trap_common
	.endr
	.org	trap_middle + STUB_GAP_BYTES + 16 * TRAP_STUB_BYTES

/*
 * Exceptions: speed is no matter.
 *
 * 1. Vector and error code become one word, as struct trap_frame has them; the rest is pushed.
 * 2. trap_handle() panics, or says with which frame to go on: on another stack after a stack
 *    overflow, for this one may be the fault stack; or NULL: back at once, a page has come.
 */
trap_common:
	xchgq	%rax, (%rsp)
	shlq	$32, 8(%rsp)
	orq	%rax, 8(%rsp)
	pushq	%rcx
	pushq	%rdx
	pushq	%rsi
	pushq	%rdi
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	cld
	movq	%rsp, %rdi
	subq	$8, %rsp
	call	trap_handle
	addq	$8, %rsp
	testq	%rax, %rax
	jz	trap_return
	movq	%rax, %rsp
	jmp	trap_go_on

	.macro	irq_stub to
	pushq	$vector
	jmp	\to
	.set	vector, vector + 1
	.endm

	.globl	irq_stubs
irq_stubs:
	.set	vector, 32
	.rept	IRQ_STUBS_LOW
	irq_stub irq_middle
	.endr
	.org	irq_stubs + IRQ_STUBS_LOW * IRQ_STUB_BYTES
irq_middle:
	jmp	irq_common
	.org	irq_middle + STUB_GAP_BYTES
	.rept	IRQ_VECTORS - 32 - IRQ_STUBS_LOW
	irq_stub irq_common
	.endr
	.org	irq_middle + STUB_GAP_BYTES + (IRQ_VECTORS - 32 - IRQ_STUBS_LOW) * IRQ_STUB_BYTES

/*
 * 1. What a callee may change goes on the interrupted thread's stack.
 * 2. The handler runs on this CPU's interrupt stack. Interrupts stay off, so it does not nest.
 * 3. With a switch wanted and preemption allowed, the thread gives the CPU away from its own
 *    stack, with all its registers saved there; it comes back here when it runs again.
 */
irq_common:
	pushq	%rax
	pushq	%rcx
	pushq	%rdx
	pushq	%rsi
	pushq	%rdi
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	pushq	%rbx
	cld
	movl	80(%rsp), %edi
	movq	%rsp, %rbx
	movq	%gs:CPU_IRQ_STACK, %rsp
	incl	%gs:CPU_PREEMPT
	call	irq_handle
	movq	%rbx, %rsp
	decl	%gs:CPU_PREEMPT
	jnz	2f

	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15

/* With a whole struct trap_frame on the thread's stack: what may take its time, or not come back. */
trap_go_on:
	movq	%rsp, %rbp
	movl	%gs:CPU_FPU_BYTES, %eax
	subq	%rax, %rsp
	andq	$-64, %rsp
	cmpl	$0, %gs:CPU_USE_XSAVE
	jne	1f
	fxsave64 (%rsp)
	movq	%rbp, %rdi
	call	trap_exit
	fxrstor64 (%rsp)
	jmp	3f
1:	xorl	%eax, %eax		/* XSAVE wants a clear header, SDM vol. 1, 13.7 */
	movl	$8, %ecx
	leaq	512(%rsp), %rdi
	rep stosq
	movl	$-1, %eax
	movl	$-1, %edx
	xsave64	(%rsp)
	movq	%rbp, %rdi
	call	trap_exit
	movl	$-1, %eax
	movl	$-1, %edx
	xrstor64 (%rsp)
3:	movq	%rbp, %rsp
trap_return:
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp

2:	popq	%rbx
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

	.section .note.GNU-stack, "", @progbits
