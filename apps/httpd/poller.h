// SPDX-License-Identifier: BSD-2-Clause
/*
 * Which descriptors are ready.
 *
 * Model: a watch says what one descriptor waits for and who is called. This header is what the
 * server knows; poller.c keeps a poll() array up to date as watches come, change and go, and
 * another mechanism could stand behind the same five calls.
 * Units: events are POLLIN and POLLOUT.
 * Threads: the event loop's only. A ready() call may remove its own watch and add others.
 * Errors: 0 or -1 with errno.
 */
#pragma once

struct watch {
	int fd;
	unsigned int slot; /* the poller's */
	void (*ready)(struct watch *w, int events);
};

/* poller_open() - make room for max watches. Returns 0, or -1 when there is no memory. */
int poller_open(unsigned int max);

/* poller_add() - begin to watch w->fd for events. There must be room. */
void poller_add(struct watch *w, int events);

/* poller_change() - wait for something else. Costs a store. */
void poller_change(const struct watch *w, int events);

/* poller_remove() - stop watching; before the descriptor is closed. */
void poller_remove(const struct watch *w);

/* poller_wait() - sleep until something is ready or timeout_ms (-1: for ever) have passed. */
int poller_wait(int timeout_ms);

/* poller_dispatch() - call ready() of the `count` watches that poller_wait() found. */
void poller_dispatch(int count);
