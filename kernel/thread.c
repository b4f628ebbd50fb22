// SPDX-License-Identifier: BSD-2-Clause
#include "kernel/thread.h"
#include <errno.h>
#include "arch/signal.h"
#include "kernel/area.h"
#include "kernel/heap.h"
#include "kernel/thread_free.h"

const struct signal_hooks *signal_hooks;

static struct list all_threads = LIST_INIT(all_threads);
static struct spinlock all_lock;

static void set_name(struct thread *t, const char *name)
{
	size_t i;

	for (i = 0; i < THREAD_NAME_BYTES - 1 && name[i]; i++)
		t->name[i] = name[i];
	t->name[i] = '\0';
}

static void list_thread(struct thread *t)
{
	irq_state_t s = spin_lock_irqsave(&all_lock);

	list_push_back(&all_threads, &t->all_node);
	spin_unlock_irqrestore(&all_lock, s);
}

int thread_create(struct thread **out, const char *name, size_t stack_bytes, void (*entry)(void *),
		  void *arg)
{
	struct thread *t = kzalloc(sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->stack_bytes = ALIGN_UP(stack_bytes ? stack_bytes : THREAD_STACK_BYTES, PAGE_SIZE);
	if (t->stack_bytes < stack_bytes)
		goto free_thread;
	t->stack = area_alloc_pages(t->stack_bytes >> PAGE_SHIFT);
	if (!t->stack)
		goto free_thread;
	t->tls_block = tls_alloc();
	if (!t->tls_block)
		goto free_stack;
	set_name(t, name);
	list_init(&t->run_node);
	context_init(&t->context, (char *)t->stack + t->stack_bytes, entry, arg, t->tls_block);
	list_thread(t);
	*out = t;
	sched_make_ready(t);
	return 0;

free_stack:
	area_free_pages(t->stack, t->stack_bytes >> PAGE_SHIFT);
free_thread:
	kfree(t);
	return -ENOMEM;
}

void thread_free(struct thread *t)
{
	irq_state_t s = spin_lock_irqsave(&all_lock);

	list_remove(&t->all_node);
	spin_unlock_irqrestore(&all_lock, s);
	tls_free(t->tls_block);
	area_free_pages(t->stack, t->stack_bytes >> PAGE_SHIFT);
	kfree(t);
}

struct thread *thread_find(bool (*match)(struct thread *t, void *arg), void *arg)
{
	struct thread *found = NULL;
	irq_state_t s = spin_lock_irqsave(&all_lock);

	list_for_each (it, &all_threads) {
		struct thread *t = list_entry(it, struct thread, all_node);

		if (match(t, arg)) {
			found = t;
			break;
		}
	}
	spin_unlock_irqrestore(&all_lock, s);
	return found;
}

struct thread *thread_of_guard_page(uintptr_t address)
{
	list_for_each (it, &all_threads) {
		struct thread *t = list_entry(it, struct thread, all_node);

		if (address - ((uintptr_t)t->stack - PAGE_SIZE) < PAGE_SIZE)
			return t;
	}
	return NULL;
}

uintptr_t thread_stack_end(uintptr_t address)
{
	list_for_each (it, &all_threads) {
		struct thread *t = list_entry(it, struct thread, all_node);
		uintptr_t stack = (uintptr_t)t->stack;

		/* A stack pointer that has just run over belongs to the stack as well. */
		if (address - (stack - PAGE_SIZE) < t->stack_bytes + PAGE_SIZE)
			return stack + t->stack_bytes;
	}
	return ALIGN_UP(address + 1, PAGE_SIZE);
}
