// SPDX-License-Identifier: BSD-2-Clause
#include "poller.h"

#include <poll.h>
#include <stdlib.h>

static struct pollfd *fds;
static struct watch **watches; /* watches[i] goes with fds[i] */
static unsigned int used;

int poller_open(unsigned int max)
{
	fds = calloc(max, sizeof(*fds));
	watches = calloc(max, sizeof(*watches));
	return fds && watches ? 0 : -1;
}

void poller_add(struct watch *w, int events)
{
	w->slot = used;
	fds[used] = (struct pollfd){ .fd = w->fd, .events = (short)events };
	watches[used++] = w;
}

void poller_change(const struct watch *w, int events)
{
	fds[w->slot].events = (short)events;
}

void poller_remove(const struct watch *w)
{
	unsigned int slot = w->slot;

	/* The last one moves into the gap. */
	used--;
	fds[slot] = fds[used];
	watches[slot] = watches[used];
	watches[slot]->slot = slot;
}

int poller_wait(int timeout_ms)
{
	return poll(fds, used, timeout_ms);
}

/*
 * From the end to the front: a watch that goes away is replaced by the last one, which has then
 * been looked at already, and new ones are added behind.
 */
void poller_dispatch(int count)
{
	for (unsigned int i = used; count > 0 && i-- > 0;) {
		int events = fds[i].revents;

		if (!events)
			continue;
		count--;
		watches[i]->ready(watches[i], events);
	}
}
