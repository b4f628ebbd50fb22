// SPDX-License-Identifier: BSD-2-Clause
#include "kernel/idle.h"
#include "arch/cpu.h"

static struct list pollers = LIST_INIT(pollers);

void idle_add_poller(struct poller *p)
{
	list_push_back(&pollers, &p->node);
}

void idle_remove_poller(struct poller *p)
{
	list_remove(&p->node);
}

bool idle_poll(void)
{
	bool more = false;

	list_for_each (it, &pollers)
		more |= list_entry(it, struct poller, node)
				->poll(list_entry(it, struct poller, node));
	return more;
}

bool idle_is_waiting(void)
{
	return cpu_self()->idling;
}
