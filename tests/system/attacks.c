// SPDX-License-Identifier: BSD-2-Clause
/*
 * Does to itself what an attacker would do through a mistake of it: argv[1] says what. Ends with
 * "not caught" where nothing stands in the way. test_security.py has the list.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef __aarch64__
#include "arch/aarch64/include/asm/cpu_offsets.h"
#else
#include "arch/x86_64/include/asm/cpu_offsets.h"
#endif

#define HIDE(p) __asm__ volatile("" : "+r"(p)::"memory") /* the compiler shall not know p */

extern uintptr_t image_sealed_start[], image_sealed_end[];
extern uintptr_t __stack_chk_guard;

static void nothing(void)
{
}

static void (*const table[])(void) = { nothing, nothing };
static const char constant[] = "constant";
static unsigned char data[64];

static void write_at(const volatile void *p)
{
	*(volatile char *)(uintptr_t)p = 1;
}

static void write_code(void)
{
	write_at((void *)(uintptr_t)nothing);
}

static void write_constants(void)
{
	write_at(&constant[1]);
}

static void write_table(void)
{
	write_at(&table[1]);
}

static void write_hook(void)
{
	uintptr_t *hook = image_sealed_start;

	signal(SIGUSR1, SIG_IGN); /* sets several */
	while (hook < image_sealed_end && *hook == 0)
		hook++;
	if (hook == image_sealed_end)
		return;
	*(volatile uintptr_t *)hook = (uintptr_t)nothing;
}

/* Code that returns: 0xc3 on x86-64, "ret" on AArch64. */
static void execute(void *at)
{
	static const unsigned char ret_x86[] = { 0xf3, 0x0f, 0x1e, 0xfa, 0xc3 };
	static const unsigned char ret_arm[] = { 0x5f, 0x24, 0x03, 0xd5, 0xc0, 0x03, 0x5f, 0xd6 };
	void (*call)(void);

#ifdef __aarch64__
	memcpy(at, ret_arm, sizeof(ret_arm));
	(void)ret_x86;
#else
	memcpy(at, ret_x86, sizeof(ret_x86));
	(void)ret_arm;
#endif
	memcpy(&call, &at, sizeof(call));
	HIDE(call);
	call();
}

static void execute_data(void)
{
	execute(data);
}

static void execute_stack(void)
{
	unsigned char here[64];

	execute(here);
}

static void execute_heap(void)
{
	execute(malloc(64));
}

static void execute_mapping(void)
{
	execute(mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static void jump_null(void)
{
	void (*call)(void) = NULL;

	HIDE(call);
	call();
}

static void read_null(void)
{
	volatile char *p = NULL;

	HIDE(p);
	(void)p[8];
}

__attribute__((noinline)) static int deeper(volatile int *above)
{
	volatile int here[64];

	here[0] = *above + 1;
	if (here[0] < 0)
		return 0;
	return deeper(here) + here[1];
}

static void overflow(void)
{
	volatile int depth = 0;

	deeper(&depth);
}

static void *overflowing_thread(void *arg)
{
	overflow();
	return arg;
}

static void thread_stack(void)
{
	pthread_t t;

	if (pthread_create(&t, NULL, overflowing_thread, NULL) == 0)
		pthread_join(t, NULL);
}

static void on_signal(int number)
{
	(void)number;
	overflow();
}

/* The program's own memory: what stands below is what it put there. */
static void signal_stack(void)
{
	char *p = mmap(NULL, 5 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	stack_t s = { .ss_sp = p + 4096, .ss_size = 4 * 4096 };
	struct sigaction a = { .sa_handler = on_signal, .sa_flags = SA_ONSTACK };

	if (mprotect(s.ss_sp, s.ss_size, PROT_READ | PROT_WRITE) == 0 &&
	    sigaltstack(&s, NULL) == 0 && sigaction(SIGUSR1, &a, NULL) == 0)
		raise(SIGUSR1);
}

/* Down from the top of a stack of the library's, 32 pages at most. */
static void run_down(char *top)
{
	HIDE(top);
	for (int i = 1; i <= 32 * 64; i++)
		top[-64 * i] = 0;
}

#ifdef __aarch64__
static char *interrupt_stack_top(void)
{
	char **cpu;

	__asm__ volatile("mrs %0, tpidr_el1" : "=r"(cpu));
	return cpu[CPU_IRQ_STACK / 8];
}

static char *fault_stack_top(void)
{
	char *top;

	__asm__ volatile("msr spsel, #1\n\tmov %0, sp\n\tmsr spsel, #0" : "=r"(top));
	return top;
}
#else
static char *interrupt_stack_top(void)
{
	char *top;

	__asm__ volatile("movq %%gs:%c1, %0" : "=r"(top) : "i"(CPU_IRQ_STACK));
	return top;
}

/* The first of the interrupt stack table. Ref: Intel SDM vol. 3, 8.2.3 and 8.7. */
static char *fault_stack_top(void)
{
	struct __attribute__((packed)) {
		uint16_t limit;
		uint8_t *base;
	} gdt;
	uint64_t low, high, top;
	uint16_t selector;

	__asm__ volatile("sgdt %0\n\tstr %1" : "=m"(gdt), "=r"(selector));
	memcpy(&low, gdt.base + selector, 8);
	memcpy(&high, gdt.base + selector + 8, 8);
	memcpy(&top, (char *)((low >> 16 & 0xffffff) | (low >> 56) << 24 | high << 32) + 36, 8);
	return (char *)top;
}
#endif

static void interrupt_stack(void)
{
	run_down(interrupt_stack_top());
}

static void fault_stack(void)
{
	run_down(fault_stack_top());
}

__attribute__((noinline)) static void copy(const char *text, size_t len)
{
	char name[16];
	char *to = name;

	HIDE(to);
	for (size_t i = 0; i < len; i++)
		to[i] = text[i];
	HIDE(to);
}

static void smash(void)
{
	static char text[64];

	memset(text, 'A', sizeof(text));
	copy(text, sizeof(text));
}

static void double_free(size_t size)
{
	void *p = malloc(size), *again = p;

	HIDE(again);
	free(p);
	free(again);
}

static void double_free_small(void)
{
	double_free(100);
}

static void double_free_large(void)
{
	double_free(50000);
}

static void heap_overflow(void)
{
	char *p = malloc(100);

	HIDE(p);
	p[100] = 0;
	HIDE(p);
	free(p);
}

static void use_after_free(void)
{
	char *p = malloc(100), *again = p;

	HIDE(again);
	free(p);
	memset(again, 'A', 100);
	p = malloc(100);
	HIDE(p);
}

__attribute__((noinline)) static void eight_nops(void)
{
	__asm__ volatile("nop; nop; nop; nop; nop; nop; nop; nop" ::: "memory");
}

static void jump_middle(void)
{
	char *target = (char *)(uintptr_t)eight_nops + 8;
	void (*call)(void);

	HIDE(target);
	memcpy(&call, &target, sizeof(call));
	call();
}

__attribute__((noinline)) static void change_return(void (*target)(void))
{
	uintptr_t *frame = __builtin_frame_address(0);

	frame[1] = (uintptr_t)target;
	HIDE(frame);
}

static void went_elsewhere(void)
{
	puts("not caught");
	exit(0);
}

static void return_elsewhere(void)
{
	change_return(went_elsewhere);
}

static void show_canary(void)
{
	printf("canary %lx\n", (unsigned long)__stack_chk_guard);
	exit(0);
}

static const struct {
	const char *name;
	void (*run)(void);
} attacks[] = {
	{ "write-code", write_code },
	{ "write-constants", write_constants },
	{ "write-table", write_table },
	{ "write-hook", write_hook },
	{ "execute-data", execute_data },
	{ "execute-stack", execute_stack },
	{ "execute-heap", execute_heap },
	{ "execute-mapping", execute_mapping },
	{ "jump-null", jump_null },
	{ "read-null", read_null },
	{ "main-stack", overflow },
	{ "thread-stack", thread_stack },
	{ "signal-stack", signal_stack },
	{ "interrupt-stack", interrupt_stack },
	{ "fault-stack", fault_stack },
	{ "smash", smash },
	{ "double-free", double_free_small },
	{ "double-free-large", double_free_large },
	{ "heap-overflow", heap_overflow },
	{ "use-after-free", use_after_free },
	{ "jump-middle", jump_middle },
	{ "return-elsewhere", return_elsewhere },
	{ "canary", show_canary },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof(attacks) / sizeof(*attacks); i++)
		if (strcmp(argv[1], attacks[i].name) == 0) {
			attacks[i].run();
			puts("not caught");
			return 0;
		}
	return 1;
}
