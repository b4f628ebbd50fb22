// SPDX-License-Identifier: BSD-2-Clause
/*
 * poll_wait.h - wait until one of several descriptors is ready: what poll() and select() share.
 *
 * Threading: any thread, sleeps. Errors: -errno.
 */
#pragma once
#include <poll.h>
#include <signal.h>
#include "kernel/time.h"

/*
 * poll_wait() - fill in revents of all, and sleep until one is not 0 or `deadline` has passed.
 *
 * deadline   0 only looks
 *
 * Returns how many have revents; -ENOMEM; -EINTR.
 */
int poll_wait(struct pollfd *fds, size_t n, ns_t deadline) UNIK_MUST_CHECK;

/* posix_swap_mask() - put a signal mask into force, and keep the old one unless old is NULL. NULL
 * until signals are used: nothing interrupts a wait then, so a mask makes no difference. */
extern void (*posix_swap_mask)(const sigset_t *mask, sigset_t *old);

/* posix_restore_mask() - the end of a call with a mask of its own, before its result: signals that
 * ended the wait are delivered with that mask. Returns posix_result(result). */
long posix_restore_mask(const sigset_t *old, long result);
