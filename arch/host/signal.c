// SPDX-License-Identifier: BSD-2-Clause
/*
 * signal.c - the host's signals as interrupts and exceptions of the image's CPU.
 *
 * The handler of the Linux side runs on a stack of its own. It does what a CPU does: puts a frame
 * on the stack of the thread that it has stopped, and lets the signal return to the entry of
 * traps. So no signal handler is ever left half-done, and threads may be switched in a trap.
 *
 * Not instrumented: frames are written where the stack is not in use.
 */
#include "arch/cpu.h"
#include "arch/fault.h"
#include "arch/host/machine.h"
#include "arch/host/valgrind.h"
#include "arch/x86_64/trap.h"
#include "kernel/thread.h"
#include <asm/irq.h>
#include <asm/mmu.h>
#include <machine/mcontext.h>

#define UNINSTRUMENTED __attribute__((no_sanitize("address", "undefined")))
#define RED_ZONE_BYTES 128 /* System V ABI, x86-64, 3.2.2: of code that is not ours */
#define SEGMENT_MASK   0xffff
#define CALL_BYTES     8 /* that the first call puts below the frame */
#define FRAME_PAD      8 /* so that the frame is aligned */

_Static_assert((sizeof(struct trap_frame) + FRAME_PAD) % 16 == 0, "the stack's alignment");
_Static_assert(offsetof(struct trap_frame, rflags) == FRAME_RFLAGS, "cpu_offsets.h");

extern char image_start[], image_text_end[];
void trap_entry(void);

/* The image's own text, or what the program has mapped: where anything may be interrupted that has
 * interrupts on. */
static UNINSTRUMENTED bool in_image(uintptr_t pc)
{
	return (pc >= (uintptr_t)image_start && pc < (uintptr_t)image_text_end) ||
	       pc < MMU_USER_END;
}

static UNINSTRUMENTED struct trap_frame frame_of(const long long *r, uint32_t vector,
						 uint32_t error)
{
	uint64_t flags = (uint64_t)r[REG_EFL] & ~(uint64_t)RFLAGS_IF;
	uint64_t segments = (uint64_t)r[REG_CSGSFS];

	return (struct trap_frame){
		.r15 = r[REG_R15],
		.r14 = r[REG_R14],
		.r13 = r[REG_R13],
		.r12 = r[REG_R12],
		.rbp = r[REG_RBP],
		.rbx = r[REG_RBX],
		.r11 = r[REG_R11],
		.r10 = r[REG_R10],
		.r9 = r[REG_R9],
		.r8 = r[REG_R8],
		.rdi = r[REG_RDI],
		.rsi = r[REG_RSI],
		.rdx = r[REG_RDX],
		.rcx = r[REG_RCX],
		.rax = r[REG_RAX],
		.vector = vector,
		.error = error,
		.rip = r[REG_RIP],
		.cs = segments & SEGMENT_MASK,
		.rflags = flags | host_cpu.irq_state,
		.rsp = r[REG_RSP],
		.ss = segments >> 48,
	};
}

/* Interrupts off, as a gate turns them off. `sp`: where the frame goes below. */
static UNINSTRUMENTED void enter(long long *r, uint32_t vector, uint32_t error, uintptr_t sp)
{
	struct trap_frame *f = (void *)(ALIGN_DOWN(sp, 16UL) - sizeof(*f) - FRAME_PAD);

	valgrind_tell(VALGRIND_MAKE_UNDEFINED, (uintptr_t)f - CALL_BYTES,
		      CALL_BYTES + sizeof(*f) + FRAME_PAD);
	*f = frame_of(r, vector, error);
	host_cpu.irq_state = CPU_IRQ_OFF;
	r[REG_RIP] = (long long)(uintptr_t)trap_entry;
	r[REG_RSP] = (long long)(uintptr_t)f;
	r[REG_EFL] &= ~(1LL << 10); /* the direction flag */
}

UNINSTRUMENTED enum host_answer host_interrupt(long long *r)
{
	if (host_cpu.irq_state == CPU_IRQ_OFF)
		return HOST_LATER;
	if (!in_image((uintptr_t)r[REG_RIP]))
		return HOST_SOON;
	enter(r, IRQ_VECTOR_EVENTS, 0, (uintptr_t)r[REG_RSP] - RED_ZONE_BYTES);
	return HOST_GO;
}

/* A stack that has run over has no room for a frame: that fault is handled on the stack of
 * interrupts, as a double fault is on the bare CPU. */
static UNINSTRUMENTED uintptr_t stack_for(const long long *r, uint32_t *vector)
{
	uintptr_t sp = (uintptr_t)r[REG_RSP] - RED_ZONE_BYTES;

	if (*vector == TRAP_PAGE_FAULT && thread_of_guard_page(host_cpu.fault_address)) {
		*vector = TRAP_DOUBLE_FAULT;
		return host_cpu.irq_stack;
	}
	return sp;
}

UNINSTRUMENTED enum host_answer host_fault(long long *r)
{
	uint32_t vector = (uint32_t)r[REG_TRAPNO], error = (uint32_t)r[REG_ERR];
	uintptr_t sp, va = (uintptr_t)r[REG_CR2];
	bool known;

	if (vector == TRAP_PAGE_FAULT) {
		unsigned access = (error & PAGE_FAULT_WRITE ? FAULT_WRITE : 0) |
				  (error & PAGE_FAULT_EXEC ? FAULT_EXEC : 0);

		if (pagetable_fill(va, access, &known))
			return HOST_GO;
		error |= known ? PAGE_FAULT_PRESENT : 0;
		host_cpu.fault_address = va;
	}
	/* With interrupts off that is the host's own code, called by the image. */
	if (host_cpu.irq_state == CPU_IRQ_OFF && !in_image((uintptr_t)r[REG_RIP]))
		return HOST_NOT_US;
	sp = stack_for(r, &vector);
	enter(r, vector, error, sp);
	return HOST_GO;
}
