// SPDX-License-Identifier: BSD-2-Clause
/* spinlock.h - the kernel's, watched: watch.h. */
#pragma once
#include "arch/host/front/kernel/watch.h"
#include_next "kernel/spinlock.h"

/* Not only now that it is taken: nobody waits for it on one CPU. */
static inline irq_state_t watched_lock_irqsave(struct spinlock *l, const char *what)
{
	irq_state_t state = spin_lock_irqsave(l);

	if (lock_wanted) {
		lock_wanted(l, what, false);
		lock_taken(l, what, false);
	}
	return state;
}

static inline void watched_unlock_irqrestore(struct spinlock *l, irq_state_t state)
{
	if (lock_given)
		lock_given(l, false);
	spin_unlock_irqrestore(l, state);
}

static inline bool watched_spin_trylock(struct spinlock *l, const char *what)
{
	bool taken = spin_trylock(l);

	if (taken && lock_taken)
		lock_taken(l, what, false);
	return taken;
}

static inline void watched_spin_unlock(struct spinlock *l)
{
	if (lock_given)
		lock_given(l, false);
	spin_unlock(l);
}

#define spin_lock_irqsave(l)         watched_lock_irqsave(l, __FILE__ " " #l)
#define spin_unlock_irqrestore(l, s) watched_unlock_irqrestore(l, s)
#define spin_trylock(l)              watched_spin_trylock(l, __FILE__ " " #l)
#define spin_unlock(l)               watched_spin_unlock(l)
