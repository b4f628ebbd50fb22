// SPDX-License-Identifier: BSD-2-Clause
/*
 * futex.h - sleep until a word in memory changes.
 *
 * What POSIX lets a program initialise with zeros (mutexes, condition variables, once controls,
 * newlib's own locks) has no room for a wait queue; its waiters are kept in a few queues shared
 * by all words, found by the word's address. Nothing is allocated and nothing has to be
 * destroyed.
 *
 * Threading: wait from threads; wake from any context. Errors: -errno as each says.
 */
#pragma once
#include "kernel/time.h"

/*
 * futex_wait() - sleep while *word == expected, until woken or `deadline` has passed.
 *
 * Returns 0 woken (perhaps without a cause); -EAGAIN *word was different; -ETIMEDOUT.
 * futex_wait_interruptible() also returns -EINTR, while thread_interrupted().
 */
int futex_wait(uint32_t *word, uint32_t expected, ns_t deadline);
int futex_wait_interruptible(uint32_t *word, uint32_t expected, ns_t deadline);

/* futex_wake() - wake up to n threads that wait on this word: those that had the highest priority
 * when they began to wait, among these the longest waiting first. */
void futex_wake(uint32_t *word, unsigned n);

#define FUTEX_ALL (~0u)
