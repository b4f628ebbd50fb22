// SPDX-License-Identifier: BSD-2-Clause
/*
 * spinlock.h - for what an interrupt handler touches; held for a few dozen instructions.
 *
 * Taking it turns interrupts off on this CPU; releasing puts them back as they were. Never
 * sleep, allocate or log through another lock while holding one. Not recursive.
 */
#pragma once
#include "arch/cpu.h"
#include "lib/base/compiler.h"

struct spinlock {
	uint8_t held;
};

#define SPINLOCK_INIT \
	{             \
		0     \
	}

typedef unsigned long irq_state_t;

static inline irq_state_t spin_lock_irqsave(struct spinlock *l)
{
	irq_state_t state = cpu_irq_save();

	while (unlikely(__atomic_exchange_n(&l->held, 1, __ATOMIC_ACQUIRE)))
		while (__atomic_load_n(&l->held, __ATOMIC_RELAXED))
			cpu_relax();
	return state;
}

static inline void spin_unlock_irqrestore(struct spinlock *l, irq_state_t state)
{
	__atomic_store_n(&l->held, 0, __ATOMIC_RELEASE);
	cpu_irq_restore(state);
}

/* spin_trylock(), spin_unlock() - for who has interrupts off already. */
static inline bool spin_trylock(struct spinlock *l)
{
	return !__atomic_exchange_n(&l->held, 1, __ATOMIC_ACQUIRE);
}

static inline void spin_unlock(struct spinlock *l)
{
	__atomic_store_n(&l->held, 0, __ATOMIC_RELEASE);
}
