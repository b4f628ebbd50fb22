// SPDX-License-Identifier: BSD-2-Clause
/*
 * traps.c - exceptions are the first touch of a page, become signals, or end in a panic that says
 * what happened and where; interrupts go to the interrupt controller's driver.
 */
#include "arch/aarch64/trap.h"
#include "arch/cpu.h"
#include "arch/fault.h"
#include "arch/irq.h"
#include "arch/signal.h"
#include "kernel/page.h"
#include "kernel/panic_report.h"
#include "kernel/sched.h"
#include "kernel/sealed.h"
#include "kernel/thread.h"
#include <asm/sysreg.h>

static const char *trap_name(const struct trap_frame *f)
{
	if (f->vector % TRAP_KINDS != TRAP_SYNC)
		return f->vector % TRAP_KINDS == TRAP_SERROR ? "system error"
							     : "unexpected interrupt";
	switch (ESR_CLASS(f->esr)) {
	case CLASS_UNKNOWN:
		return "invalid instruction";
	case CLASS_FP:
		return "FP or SIMD instruction where there is none";
	case CLASS_ILLEGAL_STATE:
		return "illegal execution state";
	case CLASS_SYSREG:
		return "system register access";
	case CLASS_PAC:
		return "pointer authentication failure";
	case CLASS_PC_ALIGNMENT:
		return "misaligned program counter";
	case CLASS_SP_ALIGNMENT:
		return "misaligned stack pointer";
	case CLASS_SERROR:
		return "system error";
	case CLASS_BRK:
		return "break instruction";
	default:
		return "exception";
	}
}

/* What a mapping has to say about the present fault; else NULL. */
static const char *fault_reason;

static const char *abort_name(uint64_t esr)
{
	bool fetch = ESR_CLASS(esr) == CLASS_FETCH;
	bool write = !fetch && esr & ESR_WRITE;

	if (fault_reason)
		return fault_reason;
	switch (ESR_STATUS(esr) & ESR_STATUS_KIND) {
	case STATUS_PERMISSION:
		if (fetch)
			return "execution of data";
		return write ? "write to read-only memory" : "read of protected memory";
	case STATUS_TRANSLATION:
	case STATUS_ACCESS_FLAG:
		if (fetch)
			return "execution of unmapped memory";
		return write ? "write to unmapped memory" : "read of unmapped memory";
	}
	if (ESR_STATUS(esr) == STATUS_ALIGNMENT)
		return "misaligned access";
	return write ? "failed write" : "failed read";
}

static void print_reason(const struct trap_frame *f)
{
	struct thread *t = trap_is_abort(f) ? thread_of_guard_page(f->far) : NULL;

	if (t)
		panic_print("stack overflow in thread \"%s\" (%zu KiB of stack)", t->name,
			    t->stack_bytes / 1024);
	else if (trap_is_abort(f))
		panic_print("%s%s at 0x%lx", f->far < PAGE_SIZE ? "null pointer: " : "",
			    abort_name(f->esr), f->far);
	else if (f->vector % TRAP_KINDS == TRAP_SYNC && ESR_CLASS(f->esr) == CLASS_BTI)
		panic_print("branch to 0x%lx, no branch target", f->pc);
	else
		panic_print("%s", trap_name(f));
}

static void print_registers(const struct trap_frame *f)
{
	for (unsigned i = 0; i < 28; i += 4)
		panic_print("x%-2u %016lx %016lx %016lx %016lx\n", i, f->x[i], f->x[i + 1],
			    f->x[i + 2], f->x[i + 3]);
	panic_print("x28 %016lx fp %016lx lr %016lx sp %016lx\n", f->x[28], f->x[29], f->x[30],
		    f->sp);
	panic_print("pc %016lx spsr %lx esr %lx (class 0x%02lx)\n", f->pc, f->spsr, f->esr,
		    ESR_CLASS(f->esr));
}

UNIK_NORETURN static void trap_panic(const struct trap_frame *f)
{
	static unsigned nested;

	/* The report faults, and so does the way out. */
	if (f->vector / TRAP_KINDS == TRAP_FROM_FAULT && nested++ > 1)
		cpu_stop();
	panic_begin();
	print_reason(f);
	panic_where();
	print_registers(f);
	trap_print_backtrace(f);
	panic_end();
}

static bool is_writable(uintptr_t va)
{
	__asm__ volatile("at s1e1w, %0\n\tisb" ::"r"(va) : "memory");
	return !(sysreg_read(par_el1) & 1);
}

/* A copy of f on the stack of the thread, where it may stay for long; f itself if there is no good
 * stack. */
static struct trap_frame *move_to_thread(struct trap_frame *f)
{
	if (f->sp % 16 || !is_writable(f->sp - 1) || !is_writable(f->sp - sizeof(*f)))
		return f;
	return signal_frame_move(f, f->sp);
}

/* The program's own treatment, or the end. */
static struct trap_frame *fault_or_panic(struct trap_frame *f)
{
	struct trap_frame *next = NULL;

	if (signal_hooks)
		next = signal_hooks->fault(move_to_thread(f), trap_is_abort(f) ? f->far : 0);
	if (!next || next == f)
		trap_panic(f);
	return next;
}

static fault_hook *SEALED fault_hook_set;

static unsigned fault_access(const struct trap_frame *f)
{
	if (ESR_CLASS(f->esr) == CLASS_FETCH)
		return FAULT_EXEC;
	return (f->esr & (ESR_WRITE | ESR_CACHE)) == ESR_WRITE ? FAULT_WRITE : FAULT_READ;
}

/* Note what the hook said; true: try the access again. */
static bool note_result(struct trap_frame *f, enum fault_result result)
{
	fault_reason = NULL;
	f->note = 0;
	if (result == FAULT_NO_MEMORY)
		fault_reason = "out of memory: first touch of a mapped page";
	else if (result == FAULT_BUS || result == FAULT_WANTS_SLEEP)
		fault_reason = "mapped, but the file has nothing there: access";
	if (fault_reason)
		f->note = TRAP_NOTE_NO_OBJECT;
	return result == FAULT_DONE;
}

/* What becomes of a refused access while there are mappings; reached by pointers, so that an image
 * without has none of it. NULL: a page has come. */
static struct trap_frame *fault_first(struct trap_frame *f)
{
	enum fault_result result = fault_hook_set(f->far, fault_access(f));

	if (result == FAULT_WANTS_SLEEP && !(f->spsr & CPU_IRQ_OFF) && cpu_preempt_depth() == 0) {
		struct trap_frame *moved = move_to_thread(f);

		if (moved == f)
			trap_panic(f);
		moved->note = TRAP_NOTE_SLEEPS;
		return moved;
	}
	return note_result(f, result) ? NULL : fault_or_panic(f);
}

/* With the FPU registers saved, the hook once more, where it may sleep. A signal is delivered
 * afterwards; f is on the thread's stack already. */
static void fault_again(struct trap_frame *f)
{
	enum fault_result result;

	cpu_irq_enable();
	result = fault_hook_set(f->far, fault_access(f) | FAULT_MAY_SLEEP);
	cpu_irq_disable();
	if (note_result(f, result))
		return;
	if (!signal_hooks || !signal_hooks->fault(f, f->far))
		trap_panic(f);
}

static struct trap_frame *(*SEALED memory_fault)(struct trap_frame *f) = fault_or_panic;
static void (*SEALED memory_fault_again)(struct trap_frame *f);

void fault_set_hook(fault_hook *hook)
{
	sealed_set(&fault_hook_set, hook);
	sealed_set(&memory_fault_again, fault_again);
	sealed_set(&memory_fault, fault_first);
}

/* Translation refused the access: a page may come. */
static bool is_refused(const struct trap_frame *f)
{
	unsigned kind = ESR_STATUS(f->esr) & ESR_STATUS_KIND;

	return trap_is_abort(f) && (kind == STATUS_TRANSLATION || kind == STATUS_PERMISSION);
}

struct trap_frame *trap_handle(struct trap_frame *f)
{
	if (f->vector != TRAP_SYNC)
		trap_panic(f);
	return is_refused(f) ? memory_fault(f) : fault_or_panic(f);
}

void trap_exit(struct trap_frame *f)
{
	if (f->vector == TRAP_IRQ)
		sched_preempt();
	else if (f->note & TRAP_NOTE_SLEEPS)
		memory_fault_again(f);
	if (unlikely(thread_interrupted()) && signal_hooks)
		signal_hooks->deliver(f);
}

void irq_handle(void)
{
	cpu_self()->irq_seen = true;
	irqchip_handle();
}
