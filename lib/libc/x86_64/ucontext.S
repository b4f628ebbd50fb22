// SPDX-License-Identifier: BSD-2-Clause
/*
 * ucontext.S - the registers of getcontext() and its like.
 *
 * What the System V ABI lets a callee keep (3.2.3 of the x86-64 supplement), and the control words
 * of x87 and SSE in the place of the trap number; uc_flags says that these are there.
 */
#define FLAGS		0
#define REG(n)		(40 + 8 * (n))	/* gregs[n]; the order of <machine/mcontext.h> */
#define R8		REG(0)
#define R9		REG(1)
#define R12		REG(4)
#define R13		REG(5)
#define R14		REG(6)
#define R15		REG(7)
#define RDI		REG(8)
#define RSI		REG(9)
#define RBP		REG(10)
#define RBX		REG(11)
#define RDX		REG(12)
#define RAX		REG(13)
#define RCX		REG(14)
#define RSP		REG(15)
#define RIP		REG(16)
#define CONTROL		REG(20)
#define HAS_CONTROL	1

/* The caller goes on with 0, and without its return address on the stack. */
.macro save
	movq	%rbx, RBX(%rdi)
	movq	%rbp, RBP(%rdi)
	movq	%r12, R12(%rdi)
	movq	%r13, R13(%rdi)
	movq	%r14, R14(%rdi)
	movq	%r15, R15(%rdi)
	movq	$0, RAX(%rdi)
	movq	(%rsp), %rax
	movq	%rax, RIP(%rdi)
	leaq	8(%rsp), %rax
	movq	%rax, RSP(%rdi)
	stmxcsr	CONTROL(%rdi)
	fnstcw	CONTROL + 4(%rdi)
	movq	$HAS_CONTROL, FLAGS(%rdi)
.endm

	.section .text.getcontext, "ax", @progbits
	.globl	getcontext
getcontext:				/* (context) */
	save
	jmp	ucontext_keep_mask

	.section .text.setcontext, "ax", @progbits
	.globl	setcontext
setcontext:				/* (context) */
	pushq	%rdi
	call	ucontext_set_mask
	popq	%rdi
	testb	$HAS_CONTROL, FLAGS(%rdi)
	jz	1f
	ldmxcsr	CONTROL(%rdi)
	fldcw	CONTROL + 4(%rdi)
1:	movq	RBX(%rdi), %rbx
	movq	RBP(%rdi), %rbp
	movq	R12(%rdi), %r12
	movq	R13(%rdi), %r13
	movq	R14(%rdi), %r14
	movq	R15(%rdi), %r15
	movq	R8(%rdi), %r8
	movq	R9(%rdi), %r9
	movq	RDX(%rdi), %rdx
	movq	RCX(%rdi), %rcx
	movq	RSI(%rdi), %rsi
	movq	RAX(%rdi), %rax
	movq	RSP(%rdi), %rsp
	pushq	RIP(%rdi)
	movq	RDI(%rdi), %rdi
	ret

	.section .text.swapcontext, "ax", @progbits
	.globl	swapcontext
swapcontext:				/* (old, new) */
	save
	pushq	%rsi
	call	ucontext_keep_mask
	popq	%rdi
	jmp	setcontext

/* What a context's function returns to, with the context in rbx. */
	.section .text.ucontext_return, "ax", @progbits
	.globl	ucontext_return
ucontext_return:
	movq	%rbx, %rdi
	call	ucontext_ended
	ud2

	.section .note.GNU-stack, "", @progbits
