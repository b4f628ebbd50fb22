// SPDX-License-Identifier: BSD-2-Clause
#include "timers.h"

#include <stdbool.h>
#include <stddef.h>

#include "now.h"

enum { SLOTS = 64 };

/* slots[i] is the head of a ring; a head that was never used is all zero, and reads as empty. */
static struct timer slots[SLOTS];
static uint64_t in_use;      /* bit i: slots[i] has timers */
static uint32_t done_before; /* every tick below this one has been run */

static void slot_insert(struct timer *t)
{
	struct timer *head = &slots[t->due % SLOTS];

	if (!head->next)
		head->next = head->prev = head;
	t->prev = head->prev;
	t->next = head;
	head->prev->next = t;
	head->prev = t;
	in_use |= UINT64_C(1) << t->due % SLOTS;
}

void timer_clear(struct timer *t)
{
	if (!t->next)
		return;
	if (t->next == t->prev) /* only the head is left */
		in_use &= ~(UINT64_C(1) << t->due % SLOTS);
	t->prev->next = t->next;
	t->next->prev = t->prev;
	t->next = NULL;
}

void timer_set(struct timer *t, uint32_t seconds)
{
	/* One more, because the present second has partly gone. */
	uint32_t due = now.tick + seconds + 1;

	if (t->next && t->due == due)
		return;
	timer_clear(t);
	t->due = due;
	slot_insert(t);
}

int timers_wait_ms(void)
{
	if (!in_use)
		return -1;

	unsigned int shift = (now.tick + 1) % SLOTS;
	uint64_t ahead = in_use >> shift | in_use << (SLOTS - shift) % SLOTS;

	return (__builtin_ctzll(ahead) + 1) * 1000;
}

static void run_slot(struct timer *head)
{
	struct timer *t = head->next;

	while (t && t != head) {
		struct timer *next = t->next;

		if ((int32_t)(now.tick - t->due) >= 0) {
			timer_clear(t);
			t->expired(t); /* clears no other timer, so `next` holds */
		}
		t = next;
	}
}

void timers_run(void)
{
	uint32_t from = done_before;

	if (from == now.tick + 1)
		return;
	if (now.tick - from >= SLOTS)
		from = now.tick - SLOTS + 1;
	done_before = now.tick + 1;
	for (; from != done_before; from++)
		run_slot(&slots[from % SLOTS]);
}
