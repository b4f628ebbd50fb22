// SPDX-License-Identifier: BSD-2-Clause
/*
 * Threads that give the CPU away only when they park, yield or end, so a test has one order of
 * events. When none is ready, time jumps to the next deadline; when there is none either, the
 * threads would sleep for ever, and the test ends.
 */
#include <errno.h>
#include <sanitizer/common_interface_defs.h>
#include <ucontext.h>
#include "kernel/thread.h"
#include "tests/host/fake/fake.h"

#define STACK_BYTES (256 * 1024)

struct fiber {
	struct thread thread;
	ucontext_t context;
	void *sanitizer_stack;
	ns_t deadline; /* while parked */
	struct list node;
	char *stack; /* NULL for main */
	size_t stack_bytes;
};

static struct fiber main_fiber;
static struct list fibers = LIST_INIT(fibers); /* all but main */
static struct list ready = LIST_INIT(ready);   /* by thread.run_node; not the running one */
static struct fiber *dead;                     /* ended, its stack to be freed by the next */

static struct fiber *fiber_of(struct thread *t)
{
	return (struct fiber *)t;
}

static struct fiber *running(void)
{
	if (!host_cpu.current) {
		host_cpu.current = &main_fiber.thread;
		main_fiber.thread.state = THREAD_RUNNING;
		list_init(&main_fiber.thread.run_node);
	}
	return fiber_of(host_cpu.current);
}

static void free_dead(void)
{
	if (!dead)
		return;
	list_remove(&dead->node);
	fake_live_blocks--;
	free(dead->stack);
	free(dead);
	dead = NULL;
}

static void switch_to(struct fiber *to)
{
	struct fiber *from = running();
	const void *old_stack;
	size_t old_bytes;

	if (to == from)
		return;
	host_cpu.current = &to->thread;
	to->thread.state = THREAD_RUNNING;
	__sanitizer_start_switch_fiber(from->thread.state == THREAD_DEAD ? NULL
									 : &from->sanitizer_stack,
				       to->stack, to->stack_bytes);
	swapcontext(&from->context, &to->context);
	__sanitizer_finish_switch_fiber(from->sanitizer_stack, &old_stack, &old_bytes);
	free_dead();
}

/* Ready the parked threads whose deadline has come. */
static void wake_due(struct fiber *f)
{
	if (f->thread.state == THREAD_PARKED && f->deadline <= fake_time) {
		f->thread.timed_out = true;
		f->thread.state = THREAD_READY;
		list_push_back(&ready, &f->thread.run_node);
	}
}

static ns_t earlier_deadline(struct fiber *f, ns_t t)
{
	return f->thread.state == THREAD_PARKED ? MIN(f->deadline, t) : t;
}

static void pass_time(void)
{
	ns_t next = earlier_deadline(&main_fiber, fake_timer_due);

	list_for_each (it, &fibers)
		next = earlier_deadline(list_entry(it, struct fiber, node), next);
	if (next == NS_NEVER) {
		printf("Bail out! all threads sleep for ever\n");
		fflush(stdout);
		abort();
	}
	fake_time_advance(MAX(next - fake_time, (ns_t)0));
	wake_due(&main_fiber);
	list_for_each (it, &fibers)
		wake_due(list_entry(it, struct fiber, node));
}

static void run_another(void)
{
	if (host_cpu.preempt) {
		printf("Bail out! a thread sleeps with preemption off\n");
		fflush(stdout);
		abort();
	}
	while (list_empty(&ready))
		pass_time();
	switch_to(fiber_of(list_entry(list_pop_front(&ready), struct thread, run_node)));
}

static void start(void)
{
	struct fiber *f = fiber_of(host_cpu.current);

	__sanitizer_finish_switch_fiber(NULL, (const void **)&main_fiber.stack,
					&main_fiber.stack_bytes);
	free_dead();
	f->thread.entry(f->thread.arg);
	thread_exit();
}

int thread_create(struct thread **out, const char *name, size_t stack_bytes, void (*entry)(void *),
		  void *arg)
{
	struct fiber *f;

	running();
	if (!fake_alloc_allowed())
		return -ENOMEM;
	f = calloc(1, sizeof(*f));
	fake_live_blocks++;
	f->stack_bytes = STACK_BYTES;
	f->stack = malloc(STACK_BYTES);
	f->thread.entry = entry;
	f->thread.arg = arg;
	f->thread.state = THREAD_READY;
	snprintf(f->thread.name, sizeof(f->thread.name), "%s", name);
	getcontext(&f->context);
	f->context.uc_stack.ss_sp = f->stack;
	f->context.uc_stack.ss_size = STACK_BYTES;
	makecontext(&f->context, start, 0);
	list_push_back(&fibers, &f->node);
	list_push_back(&ready, &f->thread.run_node);
	*out = &f->thread;
	return 0;
}

void thread_exit(void)
{
	struct fiber *f = running();

	if (f == &main_fiber)
		abort();
	f->thread.state = THREAD_DEAD;
	dead = f;
	run_another();
	abort();
}

int thread_park(ns_t deadline)
{
	struct fiber *f = running();

	if (!f->thread.token) {
		f->deadline = deadline;
		f->thread.timed_out = false;
		f->thread.state = THREAD_PARKED;
		run_another();
		f->thread.state = THREAD_RUNNING;
	}
	if (f->thread.token) {
		f->thread.token = false;
		return 0;
	}
	return -ETIMEDOUT;
}

void thread_unpark(struct thread *t)
{
	t->token = true;
	if (t->state == THREAD_PARKED) {
		t->state = THREAD_READY;
		list_push_back(&ready, &t->run_node);
	}
}

void thread_yield(void)
{
	struct fiber *f = running();

	f->thread.state = THREAD_READY;
	list_push_back(&ready, &f->thread.run_node);
	run_another();
}

int thread_park_interruptible(ns_t deadline)
{
	running();
	return thread_interrupted() ? -EINTR : thread_park(deadline);
}

void thread_interrupt(struct thread *t)
{
	t->interrupt = true;
	thread_unpark(t);
}

int thread_sleep_interruptible(ns_t deadline)
{
	int err = 0;

	while (err != -EINTR && fake_time < deadline)
		err = thread_park_interruptible(deadline);
	return err == -EINTR ? err : 0;
}

void thread_sleep(ns_t deadline)
{
	while (fake_time < deadline)
		thread_park(deadline);
}

void fake_threads_run(void)
{
	while (!list_empty(&ready))
		thread_yield();
}

unsigned fake_threads_alive(void)
{
	unsigned n = 0;

	list_for_each (it, &fibers)
		n++;
	return n;
}
