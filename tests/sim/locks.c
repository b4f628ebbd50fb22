// SPDX-License-Identifier: BSD-2-Clause
/*
 * locks.c - the order of locks, in an image of the simulation: who holds A and wants B makes an
 * edge from A to B, and edges that close a ring are a deadlock that only waits for its moment.
 *
 * A node is a lock where it is a variable of the image, or a spinlock. Mutexes that come and go
 * are one node for all that are taken by the same expression; several of these at a time, such as
 * two pipes, make no edge.
 *
 * Nothing here is interrupted: interrupts are off, and there is one CPU.
 */
#include <string.h>
#include "arch/cpu.h"
#include "arch/host/machine.h"
#include "arch/host/front/kernel/watch.h"
#include "kernel/thread.h"
#include "tests/sim/agent.h"
#include "tests/sim/locks.h"

#define NODES      192
#define HELD_MAX   12
#define HOLDERS    64
#define TEXT_BYTES 400

struct node {
	const void *lock; /* NULL: all of this name */
	const char *what; /* NULL: free */
};

struct held {
	const void *lock;
	unsigned node;
};

/* What a thread holds; or the CPU: spinlocks change hands at a switch of threads. */
struct holder {
	const struct thread *thread;
	unsigned n;
	struct held held[HELD_MAX];
};

static struct node nodes[NODES];
static uint8_t edge[NODES][NODES];
static struct holder cpu, holders[HOLDERS];
static unsigned nholders; /* of them have ever held something */
static bool failed;

static UNIK_COLD void report(const char *text)
{
	failed = true;
	host_machine->ops->fails(host_machine->host, (enum host_fault_point)SIM_VIOLATION,
				 (size_t)text);
}

static bool is_variable(const void *p)
{
	const char *at = p;

	return (at >= host_image.data.start && at < host_image.data.end) ||
	       (at >= host_image.zero.start && at < host_image.zero.end);
}

static unsigned node_of(const void *lock, const char *what, bool sleeps)
{
	const void *own = !sleeps || is_variable(lock) ? lock : NULL;
	unsigned free = NODES;

	for (unsigned n = 0; n < NODES; n++) {
		if (!nodes[n].what)
			free = n < free ? n : free;
		else if (nodes[n].lock == own &&
			 (own || nodes[n].what == what || strcmp(nodes[n].what, what) == 0))
			return n;
	}
	if (free == NODES) {
		report("lock order: more locks than there is room for");
		return 0;
	}
	nodes[free] = (struct node){ own, what };
	return free;
}

void locks_forget(const void *start, size_t len)
{
	unsigned long s = cpu_irq_save();

	for (unsigned n = 0; n < NODES; n++) {
		if (!nodes[n].what || (uintptr_t)nodes[n].lock - (uintptr_t)start >= len)
			continue;
		nodes[n].what = NULL;
		for (unsigned k = 0; k < NODES; k++)
			edge[n][k] = edge[k][n] = 0;
	}
	cpu_irq_restore(s);
}

static struct holder *holder_of(const struct thread *t, bool make)
{
	struct holder *found = NULL;

	for (struct holder *h = holders; h < holders + nholders; h++) {
		if (h->n && h->thread == t)
			return h;
		if (!h->n && !found && make)
			found = h;
	}
	if (make && !found && nholders < HOLDERS)
		found = &holders[nholders++];
	if (found)
		found->thread = t;
	return found;
}

/* The way from one node to another, in path[]; its length, 0: there is none. Depth first. */
static unsigned way(unsigned from, unsigned to, unsigned *path)
{
	uint8_t seen[NODES] = { 0 };
	unsigned n = 0;

	path[n++] = from;
	seen[from] = 1;
	while (n > 0) {
		unsigned k = 0;

		if (path[n - 1] == to)
			return n;
		while (k < NODES && !(edge[path[n - 1]][k] && !seen[k]))
			k++;
		if (k == NODES) {
			n--;
			continue;
		}
		seen[k] = 1;
		path[n++] = k;
	}
	return 0;
}

static void append(char *text, const char *more)
{
	size_t at = strlen(text), len = strlen(more);

	len = len < TEXT_BYTES - 1 - at ? len : TEXT_BYTES - 1 - at;
	memcpy(text + at, more, len);
	text[at + len] = 0;
}

static UNIK_COLD void report_ring(const unsigned *path, unsigned n)
{
	char text[TEXT_BYTES] = "lock order: each is taken inside of the one before it: ";

	for (unsigned k = 0; k <= n; k++) {
		append(text, k ? ", " : "");
		append(text, nodes[path[k % n]].what);
	}
	report(text);
}

static void add_edges(const struct holder *h, unsigned to)
{
	unsigned path[NODES], n;

	for (unsigned k = 0; h && k < h->n; k++) {
		unsigned from = h->held[k].node;

		if (from == to || edge[from][to])
			continue;
		edge[from][to] = 1;
		n = way(to, from, path);
		if (n) {
			report_ring(path, n);
			return;
		}
	}
}

void lock_wanted(const void *lock, const char *what, bool sleeps)
{
	unsigned long s = cpu_irq_save();
	struct holder *h = holder_of(thread_current(), false);

	for (unsigned k = 0; sleeps && h && k < h->n; k++)
		if (h->held[k].lock == lock)
			report("lock order: a mutex is taken twice by one thread");
	if (sleeps && cpu.n)
		report("lock order: a mutex is taken inside of a spinlock");
	if (!failed) {
		unsigned node = node_of(lock, what, sleeps);

		add_edges(h, node);
		add_edges(&cpu, node);
	}
	cpu_irq_restore(s);
}

void lock_taken(const void *lock, const char *what, bool sleeps)
{
	unsigned long s = cpu_irq_save();
	struct holder *h = sleeps ? holder_of(thread_current(), true) : &cpu;

	if (h && h->n < HELD_MAX)
		h->held[h->n++] = (struct held){ lock, node_of(lock, what, sleeps) };
	else
		report("lock order: more is held than there is room for");
	cpu_irq_restore(s);
}

void lock_given(const void *lock, bool sleeps)
{
	unsigned long s = cpu_irq_save();
	struct holder *h = sleeps ? holder_of(thread_current(), false) : &cpu;
	unsigned k = h ? h->n : 0;

	while (k > 0 && h->held[k - 1].lock != lock)
		k--;
	if (k == 0)
		report("lock order: a lock is released by who does not hold it");
	else
		memmove(&h->held[k - 1], &h->held[k], (h->n-- - k) * sizeof(h->held[0]));
	cpu_irq_restore(s);
}
