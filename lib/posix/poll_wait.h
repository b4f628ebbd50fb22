// SPDX-License-Identifier: BSD-2-Clause
/*
 * poll_wait.h - wait until one of several descriptors is ready: what poll() and select() share.
 *
 * Threading: any thread, sleeps. Errors: -errno.
 */
#pragma once
#include <poll.h>
#include "kernel/time.h"

/*
 * poll_wait() - fill in revents of all, and sleep until one is not 0 or `deadline` has passed.
 *
 * deadline   0 only looks
 *
 * Returns how many have revents; -ENOMEM; -EINTR.
 */
int poll_wait(struct pollfd *fds, size_t n, ns_t deadline) UNIK_MUST_CHECK;
