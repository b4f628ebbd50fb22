// SPDX-License-Identifier: BSD-2-Clause
#include "kernel/thread.h"
#include <errno.h>
#include "arch/signal.h"
#include "kernel/area.h"
#include "kernel/heap.h"
#include "kernel/sealed.h"
#include "kernel/thread_free.h"

const struct signal_hooks *SEALED signal_hooks;

void *(*SEALED thread_stack_alloc)(size_t npages) = area_alloc_pages;
void (*SEALED thread_stack_free)(void *va, size_t npages) = area_free_pages;

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

/* Sets stack and stack_bytes, which is 0 for the default. */
static int make_stack(struct thread *t, void *given, size_t bytes)
{
	t->stack_given = given != NULL;
	t->stack = given;
	t->stack_bytes = bytes;
	if (given)
		return 0;
	t->stack_bytes = ALIGN_UP(bytes ? bytes : THREAD_STACK_BYTES, PAGE_SIZE);
	if (t->stack_bytes >= bytes)
		t->stack = thread_stack_alloc(t->stack_bytes >> PAGE_SHIFT);
	return t->stack ? 0 : -ENOMEM;
}

static void free_stack(struct thread *t)
{
	if (!t->stack_given)
		thread_stack_free(t->stack, t->stack_bytes >> PAGE_SHIFT);
}

int thread_create_on(struct thread **out, const char *name, void *stack, size_t stack_bytes,
		     void (*entry)(void *), void *arg)
{
	struct thread *t = kzalloc(sizeof(*t));

	if (!t)
		return -ENOMEM;
	if (make_stack(t, stack, stack_bytes))
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
	free_stack(t);
free_thread:
	kfree(t);
	return -ENOMEM;
}

int thread_create(struct thread **out, const char *name, size_t stack_bytes, void (*entry)(void *),
		  void *arg)
{
	return thread_create_on(out, name, NULL, stack_bytes, entry, arg);
}

void thread_free(struct thread *t)
{
	irq_state_t s = spin_lock_irqsave(&all_lock);

	list_remove(&t->all_node);
	spin_unlock_irqrestore(&all_lock, s);
	tls_free(t->tls_block);
	free_stack(t);
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

		if (!t->stack_given && address - ((uintptr_t)t->stack - PAGE_SIZE) < PAGE_SIZE)
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
