// SPDX-License-Identifier: BSD-2-Clause
/*
 * cpu.c - the boot CPU: segments, traps, FPU, per-CPU area; and thread contexts.
 *
 * Ref: Intel SDM vol. 3, chapters 3 (segments), 6 (interrupts), 8 (TSS), 13 (FPU state).
 */
#include "arch/cpu.h"
#include "arch/context.h"
#include "arch/irq.h"
#include <asm/cpuid.h>
#include <asm/mmio.h>
#include "arch/x86_64/pagetable.h"
#include "arch/x86_64/fault_stack.h"
#include "arch/x86_64/trap.h"
#include "kernel/heap.h"
#include "kernel/sched.h"
#include <asm/boot.h>

struct descriptor_pointer {
	uint16_t limit;
	const void *base;
} UNIK_PACKED;

struct tss {
	uint32_t reserved0;
	uint64_t rsp[3], reserved1, ist[7], reserved2;
	uint16_t reserved3, io_map;
} UNIK_PACKED;

/* Ref: Intel SDM vol. 3, 6.14.1. */
struct gate {
	uint64_t low, high;
};

extern char trap_stubs[], irq_stubs[], boot_stack_top[];
/* Of faults that may come with an unusable stack: double fault, NMI, machine check. */
extern char fault_stack_top[];
extern const char image_tdata_start[], image_tdata_end[];
extern const uint64_t image_tls_bytes;
void context_start(void);

const char arch_name[] = "x86_64";
bool cpu_is_translated;
uint32_t cpu_hypervisor;

static struct cpu boot_cpu;
static struct tss tss;
static struct gate idt[IRQ_VECTORS];
static uint64_t gdt[5];

static void write_msr(uint32_t msr, uint64_t value)
{
	__asm__ volatile("wrmsr" ::"c"(msr), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)));
}

static void load_gdt(void)
{
	uintptr_t base = (uintptr_t)&tss;
	struct descriptor_pointer p = { sizeof(gdt) - 1, gdt };

	gdt[SEG_CODE / 8] = 0x00209b0000000000; /* 64-bit, present, ring 0 */
	gdt[SEG_DATA / 8] = 0x0000930000000000;
	gdt[SEG_TSS / 8] = (sizeof(tss) - 1) | (base & 0xffffff) << 16 | 0x89ULL << 40 |
			   (base >> 24 & 0xff) << 56;
	gdt[SEG_TSS / 8 + 1] = base >> 32;
	tss.ist[0] = (uintptr_t)fault_stack_top;
	tss.io_map = sizeof(tss);
	__asm__ volatile(
		"lgdt %0\n\t"
		"pushq %1; leaq 1f(%%rip), %%rax; pushq %%rax; lretq\n"
		"1:\tmovl %2, %%eax; movl %%eax, %%ds; movl %%eax, %%es; movl %%eax, %%ss\n\t"
		"ltr %w3" ::"m"(p),
		"i"(SEG_CODE), "i"(SEG_DATA), "r"(SEG_TSS)
		: "rax", "memory");
}

#define GATE_IST(n)    ((uint64_t)(n) << 32)
#define GATE_INTERRUPT (0x8eULL << 40 | SEG_CODE << 16) /* present */

static void set_gate(unsigned vector, const char *stub)
{
	uintptr_t at = (uintptr_t)stub;

	idt[vector].low = (at & 0xffff) | (at & 0xffff0000) << 32 | GATE_INTERRUPT;
	idt[vector].high = at >> 32;
}

/* Faults that may come with an unusable stack have one of their own. */
static void use_fault_stack(unsigned vector)
{
	idt[vector].low |= GATE_IST(1);
}

/* Two groups of entries, the second from `middle` on. */
static void set_gates(unsigned vector, unsigned middle, unsigned end, const char *stub,
		      size_t stub_bytes)
{
	for (; vector < end; vector++, stub += stub_bytes) {
		if (vector == middle)
			stub += STUB_GAP_BYTES;
		set_gate(vector, stub);
	}
}

#define IST_PAGE_FAULT 2

void fault_stack_start(void *top)
{
	tss.ist[IST_PAGE_FAULT - 1] = (uintptr_t)top;
	idt[TRAP_PAGE_FAULT].low |= GATE_IST(IST_PAGE_FAULT);
}

void fault_stack_move(long bytes)
{
	tss.ist[IST_PAGE_FAULT - 1] += bytes;
}

static void load_idt(void)
{
	struct descriptor_pointer p = { sizeof(idt) - 1, idt };

	set_gates(0, 16, 32, trap_stubs, TRAP_STUB_BYTES);
	set_gates(32, 32 + IRQ_STUBS_LOW, IRQ_VECTORS, irq_stubs, IRQ_STUB_BYTES);
	use_fault_stack(TRAP_DOUBLE_FAULT);
	use_fault_stack(TRAP_NMI);
	use_fault_stack(TRAP_MACHINE_CHECK);
	__asm__ volatile("lidt %0" ::"m"(p));
}

/* The save area of preempted threads: XSAVE with all that the CPU has, else FXSAVE's 512 bytes. */
static void init_fpu(struct cpu *c)
{
	struct cpuid_regs features = cpuid(1, 0), area;
	uint64_t cr4;

	c->fpu_bytes = 512;
	if (!(features.ecx & CPUID_1_ECX_XSAVE))
		return;
	__asm__ volatile("movq %%cr4, %0" : "=r"(cr4));
	__asm__ volatile("movq %0, %%cr4" ::"r"(cr4 | CR4_OSXSAVE));
	area = cpuid(0xd, 0);
	__asm__ volatile("xsetbv" ::"c"(0), "a"(area.eax & XCR0_VECTOR_STATE), "d"(0));
	area = cpuid(0xd, 0);
	c->fpu_bytes = ALIGN_UP(area.ebx, 64u);
	c->use_xsave = true;
}

/* By the first word of its name in the hypervisor leaf. */
static void find_hypervisor(void)
{
	if (cpuid(1, 0).ecx & CPUID_1_ECX_HYPERVISOR)
		cpu_hypervisor = cpuid(CPUID_HYPERVISOR, 0).ebx;
	cpu_is_translated = cpu_hypervisor == CPUID_HYPERVISOR_EBX_TCG;
}

void cpu_init_boot(void)
{
	struct cpu *c = &boot_cpu;

	load_gdt();
	load_idt();
	find_hypervisor();
	c->self = c;
	c->preempt = CPU_NO_RESCHED;
	c->irq_stack = (uintptr_t)boot_stack_top;
	write_msr(MSR_GS_BASE, (uintptr_t)c);
	init_fpu(c);
	sched_init_cpu(c);
	irqchip_init();
}

UNIK_NORETURN void cpu_stop(void)
{
	for (;;)
		__asm__ volatile("cli; hlt");
}

bool cpu_random(uint64_t *out)
{
	bool ok = false;

	if (!(cpuid(1, 0).ecx & CPUID_1_ECX_RDRAND))
		return false;
	/* Ten tries: SDM vol. 1, 7.3.17.1. */
	for (int tries = 10; !ok && tries > 0; tries--)
		__asm__ volatile("rdrand %0; setc %1" : "=r"(*out), "=q"(ok)::"cc");
	return ok;
}

void context_init(struct context *c, void *stack_top, void (*entry)(void *), void *arg, void *tls)
{
	uint64_t *sp = stack_top;

	/* As context_switch() leaves it; at context_start the stack is aligned for a call. */
	*--sp = (uintptr_t)context_start;
	*--sp = 0;                        /* rbp */
	*--sp = (uintptr_t)entry;         /* rbx */
	*--sp = (uintptr_t)arg;           /* r12 */
	*--sp = 0;                        /* r13 */
	*--sp = 0;                        /* r14 */
	*--sp = 0;                        /* r15 */
	*--sp = 0x037fULL << 32 | 0x1f80; /* FPU control words after reset, exceptions masked */
	c->sp = sp;
	c->tls = tls;
}

/*
 * Variant II: the image's TLS segment lies below the thread control block, whose first word
 * points to itself and whose word at 0x28 is the stack protector's.
 */
#define TCB_BYTES 64
#define TLS_ALIGN 64UL

/* From a thread's TLS block to its TCB. linker.ld aligns the TLS segment to TLS_ALIGN. */
static size_t tls_offset(void)
{
	return ALIGN_UP(image_tls_bytes, TLS_ALIGN);
}

void *tls_alloc(void)
{
	size_t offset = tls_offset();
	char *block = heap_alloc_aligned(&kernel_heap, TLS_ALIGN, offset + TCB_BYTES);
	size_t init = image_tdata_end - image_tdata_start;
	void **tcb;

	if (!block)
		return NULL;
	__builtin_memset(block, 0, offset + TCB_BYTES);
	__builtin_memcpy(block, image_tdata_start, init);
	tcb = (void **)(block + offset);
	tcb[0] = tcb;
	return tcb;
}

void tls_free(void *tls)
{
	if (tls)
		kfree((char *)tls - tls_offset());
}
