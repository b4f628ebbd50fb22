// SPDX-License-Identifier: BSD-2-Clause
/*
 * traps.c - exceptions are the first touch of a page, become signals, or end in a panic that says
 * what happened and where.
 */
#include "arch/x86_64/trap.h"
#include "arch/backtrace.h"
#include "arch/cpu.h"
#include "arch/fault.h"
#include "arch/signal.h"
#include "arch/x86_64/fault_stack.h"
#include "drivers/console.h"
#include "kernel/page.h"
#include "kernel/panic_report.h"
#include "kernel/sched.h"
#include "kernel/sealed.h"
#include "kernel/thread.h"
#include "lib/base/fmt.h"
#include <asm/irq.h>

extern uintptr_t image_base;
extern char image_text_end[];

static const char *trap_name(unsigned vector)
{
	switch (vector) {
	case TRAP_DIVIDE:
		return "division by zero";
	case TRAP_NMI:
		return "non-maskable interrupt";
	case TRAP_INVALID:
		return "invalid instruction";
	case TRAP_DOUBLE_FAULT:
		return "double fault";
	case TRAP_PROTECTION:
		return "general protection fault";
	case TRAP_MACHINE_CHECK:
		return "machine check";
	default:
		return "exception";
	}
}

/* What a mapping has to say about the present page fault; else NULL. */
static const char *fault_reason;

/* Error code of a page fault: SDM vol. 3, 4.7. */
static const char *page_fault_name(unsigned error)
{
	if (fault_reason)
		return fault_reason;
	if (error & 0x10)
		return "execution of data";
	if (error & 1)
		return error & 2 ? "write to read-only memory" : "read of protected memory";
	return error & 2 ? "write to unmapped memory" : "read of unmapped memory";
}

static void print_registers(const struct trap_frame *f)
{
	panic_print("rax %016lx rbx %016lx rcx %016lx rdx %016lx\n", f->rax, f->rbx, f->rcx,
		    f->rdx);
	panic_print("rsi %016lx rdi %016lx rbp %016lx rsp %016lx\n", f->rsi, f->rdi, f->rbp,
		    f->rsp);
	panic_print("r8  %016lx r9  %016lx r10 %016lx r11 %016lx\n", f->r8, f->r9, f->r10, f->r11);
	panic_print("r12 %016lx r13 %016lx r14 %016lx r15 %016lx\n", f->r12, f->r13, f->r14,
		    f->r15);
	panic_print("rip %016lx rflags %lx error %x\n", f->rip, f->rflags, f->error);
}

UNIK_NORETURN static void trap_panic(const struct trap_frame *f, uintptr_t address)
{
	struct thread *t;

	panic_begin();
	t = f->vector == TRAP_DOUBLE_FAULT || f->vector == TRAP_PAGE_FAULT
		    ? thread_of_guard_page(address)
		    : NULL;
	if (t)
		panic_print("stack overflow in thread \"%s\" (%zu KiB of stack)", t->name,
			    t->stack_bytes / 1024);
	else if (f->vector == TRAP_PAGE_FAULT && address < PAGE_SIZE)
		panic_print("null pointer: %s at 0x%lx", page_fault_name(f->error), address);
	else if (f->vector == TRAP_PAGE_FAULT)
		panic_print("%s at 0x%lx", page_fault_name(f->error), address);
	else
		panic_print("%s (vector %u)", trap_name(f->vector), f->vector);
	panic_where();
	print_registers(f);
	backtrace_print(f->rip, f->rsp);
	panic_end();
}

static fault_hook *SEALED fault_hook_set;

static unsigned fault_access(const struct trap_frame *f)
{
	return (f->error & PAGE_FAULT_WRITE ? FAULT_WRITE : 0) |
	       (f->error & PAGE_FAULT_EXEC ? FAULT_EXEC : 0);
}

/* Note what the hook said; true: try the access again. */
static bool note_result(struct trap_frame *f, enum fault_result result)
{
	fault_reason = NULL;
	f->error &= ~PAGE_FAULT_SLEEPS;
	if (result == FAULT_NO_MEMORY)
		fault_reason = "out of memory: first touch of a mapped page";
	else if (result == FAULT_BUS || result == FAULT_WANTS_SLEEP)
		fault_reason = "mapped, but the file has nothing there: access";
	if (fault_reason)
		f->error |= PAGE_FAULT_NO_OBJECT;
	return result == FAULT_DONE;
}

static struct trap_frame *fault_or_panic(struct trap_frame *f, uintptr_t address)
{
	struct trap_frame *next = NULL;

	if (signal_hooks)
		next = signal_hooks->fault(f, address);
	if (!next)
		trap_panic(f, address);
	return next;
}

/* What becomes of a page fault while there are mappings; reached by pointers, so that an image
 * without has none of it. NULL: a page has come. */
static struct trap_frame *fault_first(struct trap_frame *f, uintptr_t address)
{
	enum fault_result result = fault_hook_set(address, fault_access(f));

	if (result == FAULT_WANTS_SLEEP && f->rflags & CPU_IRQ_ON && cpu_preempt_depth() == 0) {
		f->error |= PAGE_FAULT_SLEEPS;
		return f;
	}
	return note_result(f, result) ? NULL : fault_or_panic(f, address);
}

/* With the FPU registers saved, the hook once more, where it may sleep. */
static void fault_again(struct trap_frame *f)
{
	uintptr_t address = cpu_fault_address();
	enum fault_result result;

	cpu_irq_enable();
	result = fault_hook_set(address, fault_access(f) | FAULT_MAY_SLEEP);
	cpu_irq_disable();
	if (!note_result(f, result))
		(void)fault_or_panic(f, address);
}

page_fault_handler *SEALED trap_page_fault = fault_or_panic;
page_fault_handler **SEALED trap_mapping_fault = &trap_page_fault;
static void (*SEALED page_fault_again)(struct trap_frame *f);

void fault_set_hook(fault_hook *hook)
{
	sealed_set(&fault_hook_set, hook);
	sealed_set(&page_fault_again, fault_again);
	sealed_set(trap_mapping_fault, fault_first);
}

struct trap_frame *trap_handle(struct trap_frame *f)
{
	uintptr_t address = cpu_fault_address();

	return f->vector == TRAP_PAGE_FAULT ? trap_page_fault(f, address)
					    : fault_or_panic(f, address);
}

void trap_exit(struct trap_frame *f)
{
	if (f->vector >= TRAP_VECTORS)
		sched_preempt();
	else if (f->error & PAGE_FAULT_SLEEPS && f->vector == TRAP_PAGE_FAULT)
		page_fault_again(f);
	if (unlikely(thread_interrupted()) && signal_hooks)
		signal_hooks->deliver(f);
}

/* Is `at` the address after a call? E8 rel32, or FF /2 with 2 to 7 bytes. */
static UNIK_UNSANITIZED bool follows_call(const uint8_t *at)
{
	if (at[-5] == 0xe8)
		return true;
	for (int len = 2; len <= 7; len++)
		if (at[-len] == 0xff && (at[-len + 1] & 0x38) == 0x10)
			return true;
	return false;
}

UNIK_UNSANITIZED void backtrace_print(uintptr_t pc, uintptr_t sp)
{
	uintptr_t text_end = (uintptr_t)image_text_end;
	uintptr_t stack_end = thread_stack_end(sp);

	panic_print("  rip image+0x%lx  sp 0x%lx  image 0x%lx\n", pc - image_base, sp, image_base);
	sp = ALIGN_UP(sp, 8UL);
	for (uintptr_t at = sp; at + 8 <= stack_end && at < sp + BACKTRACE_BYTES; at += 8) {
		uintptr_t word = *(const uintptr_t *)at;

		if (word >= image_base + 16 && word < text_end && follows_call((void *)word))
			panic_print("  [sp+0x%lx] image+0x%lx\n", at - sp, word - image_base);
	}
}

void backtrace_print_here(void)
{
	uintptr_t sp;

	__asm__("movq %%rsp, %0" : "=r"(sp));
	backtrace_print((uintptr_t)__builtin_return_address(0), sp);
}

UNIK_UNSANITIZED size_t backtrace_collect(uintptr_t *out, size_t max)
{
	uintptr_t text_end = (uintptr_t)image_text_end, sp, stack_end;
	size_t n = 0;

	__asm__("movq %%rsp, %0" : "=r"(sp));
	stack_end = thread_stack_end(sp);
	for (uintptr_t at = sp; n < max && at + 8 <= stack_end; at += 8) {
		uintptr_t word = *(const uintptr_t *)at;

		if (word >= image_base + 16 && word < text_end && follows_call((void *)word))
			out[n++] = word;
	}
	return n;
}

uintptr_t backtrace_image_offset(uintptr_t pc)
{
	return pc - image_base;
}
