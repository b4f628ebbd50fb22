// SPDX-License-Identifier: BSD-2-Clause
/*
 * cpu.c - the boot CPU: exception vectors, stacks, per-CPU area; and thread contexts.
 *
 * Ref: Arm ARM (DDI 0487), D1 (exceptions), D17 (registers); AAPCS64; AAELF64 (TLS).
 */
#include "arch/cpu.h"
#include "arch/context.h"
#include "arch/irq.h"
#include "kernel/heap.h"
#include "kernel/sched.h"
#include <asm/boot.h>
#include <asm/sysreg.h>

#define NESTED_STACK_BYTES 4096 /* of the fault stack, the lowest: for faults in their handling */

#define ISAR0_RNDR_SHIFT 60

extern char trap_vectors[], boot_stack_top[];
extern char fault_stack[], fault_stack_top[];
extern const char image_tdata_start[], image_tdata_end[];
extern const uint64_t image_tls_bytes;
void context_start(void);

const char arch_name[] = "aarch64";

static struct cpu boot_cpu;

static void set_exception_stack(void *top)
{
	__asm__ volatile("msr spsel, #1\n\tmov sp, %0\n\tmsr spsel, #0" ::"r"(top) : "memory");
}

void cpu_init_boot(void)
{
	struct cpu *c = &boot_cpu;

	c->preempt.unwanted = 1;
	c->irq_stack = (uintptr_t)boot_stack_top;
	c->nested_stack = (uintptr_t)fault_stack + NESTED_STACK_BYTES;
	sysreg_write(tpidr_el1, (uintptr_t)c);
	sysreg_write(tpidrro_el0, 0);
	set_exception_stack(fault_stack_top);
	if (sysreg_has_bti())
		sysreg_write(sctlr_el1, sysreg_read(sctlr_el1) | SCTLR_BT1);
	sysreg_write(vbar_el1, (uintptr_t)trap_vectors);
	sysreg_sync();
	__asm__ volatile("msr daifclr, #4"); /* system errors end in a panic, not in silence */
	sched_init_cpu(c);
	irqchip_init();
}

UNIK_NORETURN void cpu_stop(void)
{
	__asm__ volatile("msr daifset, #0xf");
	for (;;)
		__asm__ volatile("wfi");
}

/* RNDR answers with Z set when it has nothing (Arm ARM, K12.1). Ten tries, as for its like. */
bool cpu_random(uint64_t *out)
{
	bool ok = false;

	if (!sysreg_field(sysreg_read(id_aa64isar0_el1), ISAR0_RNDR_SHIFT))
		return false;
	for (int tries = 10; !ok && tries > 0; tries--)
		__asm__ volatile("mrs %0, S3_3_C2_C4_0\n\tcset %w1, ne"
				 : "=r"(*out), "=r"(ok)::"cc");
	return ok;
}

void context_init(struct context *c, void *stack_top, void (*entry)(void *), void *arg, void *tls)
{
	uint64_t *frame = (uint64_t *)((char *)stack_top - SWITCH_FRAME_BYTES);

	/* As context_switch() leaves it. */
	__builtin_memset(frame, 0, SWITCH_FRAME_BYTES);
	frame[SWITCH_X19 / 8] = (uintptr_t)entry;
	frame[SWITCH_X19 / 8 + 1] = (uintptr_t)arg;
	frame[SWITCH_X29 / 8 + 1] = (uintptr_t)context_start;
	c->sp = frame;
	c->tls = tls;
}

/*
 * Variant I: the thread pointer points to a thread control block of two words, above which the
 * image's TLS segment lies at the next multiple of its alignment. linker.ld aligns the segment to
 * TLS_ALIGN where it has initial values; where it has none, it may be aligned less and lie lower.
 */
#define TLS_ALIGN 64UL

void *tls_alloc(void)
{
	size_t bytes = TLS_ALIGN + ALIGN_UP(image_tls_bytes, TLS_ALIGN);
	char *tcb = heap_alloc_aligned(&kernel_heap, TLS_ALIGN, bytes);

	if (!tcb)
		return NULL;
	__builtin_memset(tcb, 0, bytes);
	__builtin_memcpy(tcb + TLS_ALIGN, image_tdata_start, image_tdata_end - image_tdata_start);
	return tcb;
}

void tls_free(void *tls)
{
	kfree(tls);
}
