// SPDX-License-Identifier: BSD-2-Clause
/*
 * backtrace.c - return addresses on a stack.
 */
#include "arch/backtrace.h"
#include "arch/aarch64/trap.h"
#include "kernel/page.h"
#include "kernel/panic_report.h"
#include "kernel/thread.h"

extern uintptr_t image_base;
extern char image_start[], image_text_end[];

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
void trap_print_backtrace(const struct trap_frame *f)
{
	uintptr_t lr = strip(f->x[30]);

	print_start(f->pc, f->sp);
	if (is_return_address(lr))
		panic_print("  [lr] image+0x%lx\n", lr - image_base);
	print_stack(f->sp);
}

static uintptr_t stack_pointer(void)
{
	uintptr_t sp;

	__asm__("mov %0, sp" : "=r"(sp));
	return sp;
}

void backtrace_print_here(void)
{
	backtrace_print(strip((uintptr_t)__builtin_return_address(0)), stack_pointer());
}

size_t backtrace_collect(uintptr_t *out, size_t max)
{
	uintptr_t sp = stack_pointer(), stack_end = thread_stack_end(sp);
	size_t n = 0;

	for (uintptr_t at = sp; n < max && at + 8 <= stack_end; at += 8) {
		uintptr_t word = strip(*(const uintptr_t *)at);

		if (is_return_address(word))
			out[n++] = word;
	}
	return n;
}

uintptr_t backtrace_image_offset(uintptr_t pc)
{
	return pc - image_base;
}
