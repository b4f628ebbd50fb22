// SPDX-License-Identifier: BSD-2-Clause
/*
 * fake.h - what stands in for the machine in host tests. README.md beside the tests explains how
 * to write one.
 *
 * Every fake is an object of its own in a library: a test that links the real source of a module
 * gets that and not the fake. Include this after nothing and before nothing in particular; it
 * brings check.h along and replaces RUN() by one that also checks for leaks.
 *
 * Threading: one host thread. Errors: a misuse of a fake aborts.
 */
#pragma once
#include <setjmp.h>
#include "arch/cpu.h"
#include "kernel/page.h"
#include "kernel/time.h"
#include "tests/check.h"

/* --- start of each test: RUN() does this ------------------------------------------------- */

/* fake_reset() - forget time, log lines, failures to come and the CPU's state. */
void fake_reset(void);

static void (*fake_test)(void);
static inline void fake_run_test(void);
#undef RUN
#define RUN(test) (fake_test = (test), check_run(#test, fake_run_test))

/* --- allocation (fake heap_alloc(), page_alloc() on the host's malloc, so ASan sees all) ---- */

extern long fake_live_blocks; /* kernel blocks and page runs that are allocated */
extern long fake_allocs;      /* how many allocations were asked for since fake_reset() */

/* fake_fail_at() - the n-th allocation from now on gives NULL, 1 is the next; 0: none fails.
 * fake_fail_all() - from now on all do.  fake_failed() - did one fail since? */
void fake_fail_at(long n);
void fake_fail_all(void);
bool fake_failed(void);

/* FAKE_FAIL_EACH - run the block again and again, with the first, second, … allocation failing,
 * until none did. The block must put everything back in either case. */
#define FAKE_FAIL_EACH                                                                     \
	for (long fake_n_ = 1, fake_go_ = (fake_fail_at(1), fake_allocs = 0, 1); fake_go_; \
	     fake_go_ = fake_failed(), fake_fail_at(fake_go_ ? ++fake_n_ : 0))

/* fake_alloc_allowed() - for the fakes: count this allocation; false: it must fail. */
bool fake_alloc_allowed(void);

/* --- RAM for the real kernel/page.c and kernel/heap.c --------------------------------------- */

/*
 * fake_ram_init() - RAM of so many bytes behind the direct map, given to page_init(), nothing
 * added yet; fake_ram_init_all() also adds all of it. The arena is reserved, not used, so sizes
 * may be much larger than the host's memory. Each call starts from nothing.
 */
void fake_ram_init(size_t bytes);
void fake_ram_init_all(size_t bytes);
/* The direct map's address modulo 1 GiB from the next fake_ram_init() on; page-aligned. */
extern size_t fake_ram_skew;

/* --- panics ------------------------------------------------------------------------------- */

extern jmp_buf *fake_panic_jump; /* where panic() goes; NULL: it ends the test program */
extern char fake_panic_text[256];

/* CHECK_PANICS(expr, text) - expr panics with a message that contains text. The locks that were
 * held then stay held: start from a fresh state afterwards. */
#define CHECK_PANICS(expr, text)                                                            \
	do {                                                                                \
		jmp_buf jump_;                                                              \
		fake_panic_text[0] = 0;                                                     \
		fake_panic_jump = &jump_;                                                   \
		if (setjmp(jump_) == 0) {                                                   \
			(void)(expr);                                                       \
			CHECK_FAIL("no panic: %s", #expr);                                  \
		} else if (!strstr(fake_panic_text, text)) {                                \
			CHECK_FAIL("panic says \"%s\", not \"%s\"", fake_panic_text, text); \
		}                                                                           \
		fake_panic_jump = NULL;                                                     \
	} while (0)

/* --- log ------------------------------------------------------------------------------------ */

/* fake_log_has() - was a line logged that contains text? fake_log_lines() - how many were. With
 * FAKE_LOG=1 in the environment lines are also shown. */
bool fake_log_has(const char *text);
unsigned fake_log_lines(void);

/* --- time ----------------------------------------------------------------------------------- */

/* time_now() is this; it moves when the test says so, and when all fake threads sleep. */
extern ns_t fake_time;
extern ns_t fake_wall_offset;
/* When the one-shot timer set by arch_timer_set() is due; NS_NEVER: off. */
extern ns_t fake_timer_due;
/* fake_time_advance() - let time pass; with the real kernel/timer.c timers fire in order. */
void fake_time_advance(ns_t span);

/* --- threads -------------------------------------------------------------------------------- */

/*
 * thread_create(), thread_park() and so on work, on coroutines: a thread runs until it parks,
 * yields or ends. When no thread is ready time jumps to the next deadline or timer.
 *
 * fake_threads_run()   - let the other threads run until none is ready; no time passes
 * fake_threads_alive() - how many there are besides the test's own
 */
void fake_threads_run(void);
unsigned fake_threads_alive(void);

/* --- devices and translation ---------------------------------------------------------------- */

/* mmu_dma_addr() is the address itself (mmu_direct_base is 0 unless fake_ram_init() was called).
 * mmu_map_device() and mmu_map_firmware() ask these; NULL: the address itself. */
extern void *(*fake_map_device)(paddr_t pa, size_t len);

/* --- implementation of RUN() ---------------------------------------------------------------- */

static inline void fake_run_test(void)
{
	long live = fake_live_blocks;

	fake_reset();
	fake_test();
	if (fake_live_blocks != live)
		CHECK_FAIL("%ld blocks leaked", fake_live_blocks - live);
}
