// SPDX-License-Identifier: BSD-2-Clause
/*
 * traps.c - exceptions end in a panic that says what happened and where, unless it was the first
 * touch of a page; interrupts go to kernel/irq.c.
 */
#include "arch/x86_64/trap.h"
#include "arch/backtrace.h"
#include "arch/cpu.h"
#include "arch/fault.h"
#include "arch/x86_64/lapic.h"
#include "drivers/console.h"
#include "kernel/irq.h"
#include "kernel/page.h"
#include "kernel/panic_report.h"
#include "kernel/thread.h"
#include "kernel/timer.h"
#include "lib/base/fmt.h"
#include <asm/irq.h>

extern uintptr_t image_base;
extern char image_start[], image_text_end[];

static const char *trap_name(uint64_t vector)
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

/* Error code of a page fault: SDM vol. 3, 4.7. */
static const char *page_fault_name(uint64_t error)
{
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
	panic_print("rip %016lx rflags %lx error %lx\n", f->rip, f->rflags, f->error);
}

static fault_hook *fault_hook_set;

/* The hook once more, where it may sleep; the interrupted code's FPU registers are kept. */
static UNIK_NOINLINE enum fault_result fault_asleep(uintptr_t address, unsigned access)
{
	struct cpu *c = cpu_self();
	char *fpu = __builtin_alloca_with_align(c->fpu_bytes + 64, 64 * 8);
	enum fault_result result;

	if (c->use_xsave) {
		__builtin_memset(fpu + 512, 0,
				 64); /* XSAVE wants a clear header, SDM vol. 1, 13.7 */
		__asm__ volatile("xsave64 (%0)" ::"r"(fpu), "a"(-1), "d"(-1) : "memory");
	} else {
		__asm__ volatile("fxsave64 (%0)" ::"r"(fpu) : "memory");
	}
	cpu_irq_enable();
	result = fault_hook_set(address, access | FAULT_MAY_SLEEP);
	cpu_irq_disable();
	if (cpu_self()->use_xsave)
		__asm__ volatile("xrstor64 (%0)" ::"r"(fpu), "a"(-1), "d"(-1) : "memory");
	else
		__asm__ volatile("fxrstor64 (%0)" ::"r"(fpu) : "memory");
	return result;
}

/* ask_hook() once there is one. A pointer, so that an image without mappings has none of it. */
static bool (*page_fault)(const struct trap_frame *f, uintptr_t address, const char **why);

/* True: try again. Else *why may say more than the error code of the page fault does. */
static bool ask_hook(const struct trap_frame *f, uintptr_t address, const char **why)
{
	unsigned access = (f->error & 2 ? FAULT_WRITE : 0) | (f->error & 0x10 ? FAULT_EXEC : 0);
	enum fault_result result = fault_hook_set(address, access);

	if (result == FAULT_WANTS_SLEEP && f->rflags & CPU_IRQ_ON && cpu_preempt_depth() == 0)
		result = fault_asleep(address, access);
	if (result == FAULT_NO_MEMORY)
		*why = "out of memory: first touch of a mapped page";
	else if (result == FAULT_BUS || result == FAULT_WANTS_SLEEP)
		*why = "mapped, but the file has nothing there: access";
	return result == FAULT_DONE;
}

void fault_set_hook(fault_hook *hook)
{
	fault_hook_set = hook;
	page_fault = ask_hook;
}

void trap_handle(const struct trap_frame *f)
{
	const char *why = page_fault_name(f->error);
	uintptr_t address;
	struct thread *t;

	__asm__ volatile("movq %%cr2, %0" : "=r"(address));
	if (f->vector == TRAP_PAGE_FAULT && page_fault && page_fault(f, address, &why))
		return;
	panic_begin();
	t = f->vector == TRAP_DOUBLE_FAULT || f->vector == TRAP_PAGE_FAULT
		    ? thread_of_guard_page(address)
		    : NULL;
	if (t)
		panic_print("stack overflow in thread \"%s\" (%zu KiB of stack)", t->name,
			    t->stack_bytes / 1024);
	else if (f->vector == TRAP_PAGE_FAULT && address < PAGE_SIZE)
		panic_print("null pointer: %s at 0x%lx", why, address);
	else if (f->vector == TRAP_PAGE_FAULT)
		panic_print("%s at 0x%lx", why, address);
	else
		panic_print("%s (vector %lu)", trap_name(f->vector), f->vector);
	panic_where();
	print_registers(f);
	backtrace_print(f->rip, f->rsp);
	panic_end();
}

void irq_handle(unsigned vector)
{
	cpu_self()->irq_seen = true;
	if (vector == IRQ_VECTOR_TIMER)
		timer_interrupt();
	else if (vector >= IRQ_VECTOR_FIRST && vector != IRQ_VECTOR_SPURIOUS)
		irq_dispatch(vector);
	lapic_eoi_if_needed(vector);
}

/* Is `at` the address after a call? E8 rel32, or FF /2 with 2 to 7 bytes. */
static bool follows_call(const uint8_t *at)
{
	if (at[-5] == 0xe8)
		return true;
	for (int len = 2; len <= 7; len++)
		if (at[-len] == 0xff && (at[-len + 1] & 0x38) == 0x10)
			return true;
	return false;
}

void backtrace_print(uintptr_t pc, uintptr_t sp)
{
	uintptr_t text_end = image_base + (image_text_end - image_start);
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
