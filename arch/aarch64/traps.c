// SPDX-License-Identifier: BSD-2-Clause
/*
 * traps.c - exceptions are the first touch of a page or end in a panic that says what happened and
 * where; interrupts go to the interrupt controller's driver.
 */
#include "arch/aarch64/trap.h"
#include "arch/backtrace.h"
#include "arch/cpu.h"
#include "arch/fault.h"
#include "arch/irq.h"
#include "kernel/page.h"
#include "kernel/panic_report.h"
#include "kernel/thread.h"

/* ESR_ELx (Arm ARM, D17.2.40): the class, and the fields of aborts. */
#define ESR_CLASS(esr)     ((esr) >> 26 & 0x3f)
#define ESR_STATUS(esr)    ((esr)&0x3f) /* with the level of the walk in the low two bits */
#define ESR_WRITE          (1 << 6)
#define ESR_FAR_NOT_VALID  (1 << 10)
#define STATUS_TRANSLATION 0x04
#define STATUS_ACCESS_FLAG 0x08
#define STATUS_PERMISSION  0x0c
#define STATUS_ALIGNMENT   0x21
#define STATUS_LEVEL       0x03

enum esr_class {
	CLASS_UNKNOWN = 0x00,
	CLASS_FP = 0x07,
	CLASS_BTI = 0x0d,
	CLASS_ILLEGAL_STATE = 0x0e,
	CLASS_SYSREG = 0x18,
	CLASS_PAC = 0x1c,
	CLASS_FETCH = 0x21,
	CLASS_PC_ALIGNMENT = 0x22,
	CLASS_DATA = 0x25,
	CLASS_SP_ALIGNMENT = 0x26,
	CLASS_SERROR = 0x2f,
	CLASS_BRK = 0x3c,
};

extern uintptr_t image_base;
extern char image_start[], image_text_end[];

static bool is_abort(const struct trap_frame *f)
{
	unsigned class = ESR_CLASS(f->esr);

	return f->vector % TRAP_KINDS == TRAP_SYNC &&
	       (class == CLASS_DATA || class == CLASS_FETCH) && !(f->esr & ESR_FAR_NOT_VALID);
}

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
	case CLASS_BTI:
		return "branch to no branch target";
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

/* What a mapping has to say about the present abort; else NULL. */
static const char *fault_reason;

static const char *abort_name(uint64_t esr)
{
	bool write = ESR_CLASS(esr) == CLASS_DATA && esr & ESR_WRITE;

	if (fault_reason)
		return fault_reason;
	switch (ESR_STATUS(esr) & ~(uint64_t)STATUS_LEVEL) {
	case STATUS_PERMISSION:
		if (ESR_CLASS(esr) == CLASS_FETCH)
			return "execution of data";
		return write ? "write to read-only memory" : "read of protected memory";
	case STATUS_TRANSLATION:
	case STATUS_ACCESS_FLAG:
		if (ESR_CLASS(esr) == CLASS_FETCH)
			return "execution of unmapped memory";
		return write ? "write to unmapped memory" : "read of unmapped memory";
	}
	if (ESR_STATUS(esr) == STATUS_ALIGNMENT)
		return "misaligned access";
	return write ? "failed write" : "failed read";
}

static void print_reason(const struct trap_frame *f)
{
	struct thread *t = is_abort(f) ? thread_of_guard_page(f->far) : NULL;

	if (t)
		panic_print("stack overflow in thread \"%s\" (%zu KiB of stack)", t->name,
			    t->stack_bytes / 1024);
	else if (is_abort(f))
		panic_print("%s%s at 0x%lx", f->far < PAGE_SIZE ? "null pointer: " : "",
			    abort_name(f->esr), f->far);
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

static fault_hook *fault_hook_set;
/* ask_hook() once there is one. A pointer, so that an image without mappings has none of it. */
static bool (*page_fault)(const struct trap_frame *f);

/* True: try again. This runs on the fault stack, where nothing sleeps: what would have to is
 * an error. */
static bool ask_hook(const struct trap_frame *f)
{
	unsigned status = ESR_STATUS(f->esr) & ~(unsigned)STATUS_LEVEL, access = FAULT_READ;
	enum fault_result result;

	fault_reason = NULL;
	if (!is_abort(f) || f->vector / TRAP_KINDS != TRAP_FROM_THREAD ||
	    (status != STATUS_TRANSLATION && status != STATUS_PERMISSION))
		return false;
	if (ESR_CLASS(f->esr) == CLASS_FETCH)
		access = FAULT_EXEC;
	else if (f->esr & ESR_WRITE)
		access = FAULT_WRITE;
	result = fault_hook_set(f->far, access);
	if (result == FAULT_NO_MEMORY)
		fault_reason = "out of memory: first touch of a mapped page";
	else if (result == FAULT_BUS || result == FAULT_WANTS_SLEEP)
		fault_reason = "mapped, but the file has nothing there: access";
	return result == FAULT_DONE;
}

void fault_set_hook(fault_hook *hook)
{
	fault_hook_set = hook;
	page_fault = ask_hook;
}

/* An address that was signed, as it was before. (Arm ARM, D8.10.) */
static uintptr_t strip(uintptr_t word)
{
	return word & 1UL << 55 ? word | 0xffffUL << 48 : word;
}

/* Is it an address of ours after a call: BL, or BLR of any register? */
static bool is_return_address(uintptr_t word)
{
	uintptr_t text_end = image_base + (image_text_end - image_start);
	uint32_t insn;

	if (word % 4 || word < image_base + PAGE_SIZE + 4 || word >= text_end)
		return false;
	insn = ((const uint32_t *)word)[-1];
	return insn >> 26 == 0x25 || (insn & 0xfffffc1f) == 0xd63f0000;
}

static void print_start(uintptr_t pc, uintptr_t sp)
{
	panic_print("  pc image+0x%lx  sp 0x%lx  image 0x%lx\n", pc - image_base, sp, image_base);
}

static void print_stack(uintptr_t sp)
{
	uintptr_t stack_end = thread_stack_end(sp);

	sp = ALIGN_UP(sp, 8UL);
	for (uintptr_t at = sp; at + 8 <= stack_end && at < sp + BACKTRACE_BYTES; at += 8) {
		uintptr_t word = strip(*(const uintptr_t *)at);

		if (is_return_address(word))
			panic_print("  [sp+0x%lx] image+0x%lx\n", at - sp, word - image_base);
	}
}

void backtrace_print(uintptr_t pc, uintptr_t sp)
{
	print_start(pc, sp);
	print_stack(sp);
}

/* A function that has called nobody yet has its way back in a register only. */
static void print_backtrace(const struct trap_frame *f)
{
	uintptr_t lr = strip(f->x[30]);

	print_start(f->pc, f->sp);
	if (is_return_address(lr))
		panic_print("  [lr] image+0x%lx\n", lr - image_base);
	print_stack(f->sp);
}

void trap_handle(const struct trap_frame *f)
{
	static unsigned nested;

	if (page_fault && page_fault(f))
		return;
	/* The report faults, and so does the way out. */
	if (f->vector / TRAP_KINDS == TRAP_FROM_FAULT && nested++ > 1)
		cpu_stop();
	panic_begin();
	print_reason(f);
	panic_where();
	print_registers(f);
	print_backtrace(f);
	panic_end();
}

void irq_handle(void)
{
	cpu_self()->irq_seen = true;
	irqchip_handle();
}

void backtrace_print_here(void)
{
	uintptr_t sp;

	__asm__("mov %0, sp" : "=r"(sp));
	backtrace_print(strip((uintptr_t)__builtin_return_address(0)), sp);
}

size_t backtrace_collect(uintptr_t *out, size_t max)
{
	uintptr_t text_end = image_base + (image_text_end - image_start), sp, stack_end;
	size_t n = 0;

	__asm__("mov %0, sp" : "=r"(sp));
	stack_end = thread_stack_end(sp);
	for (uintptr_t at = sp; n < max && at + 8 <= stack_end; at += 8) {
		uintptr_t word = strip(*(const uintptr_t *)at);

		if (word % 4 == 0 && word >= image_base + PAGE_SIZE + 4 && word < text_end &&
		    follows_call(word))
			out[n++] = word;
	}
	return n;
}

uintptr_t backtrace_image_offset(uintptr_t pc)
{
	return pc - image_base;
}
