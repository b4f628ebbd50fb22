// SPDX-License-Identifier: BSD-2-Clause
/*
 * tcp_end.c - what peers get when the program ends: FIN behind what was sent, RST where something
 * was not read. Else they would wait for a machine that is no more.
 */
#include "kernel/thread.h"
#include "kernel/time.h"
#include "net/net.h"
#include "net/socket.h"
#include "net/sockets.h"
#include <lwip/priv/tcp_priv.h>

#define LOOK_NS   (2 * NS_PER_MS)
#define END_LOOKS 500 /* for what is under way, and its acknowledgement */

/* Close what is open; true: something is still under way. (A pcb of a connection that nobody has
 * accepted yet carries its listener's socket.) */
static bool close_all(void)
{
	struct tcp_pcb *next;
	bool busy = false;

	for (struct tcp_pcb *pcb = tcp_active_pcbs; pcb; pcb = next) {
		struct socket *s = pcb->callback_arg;

		next = pcb->next;
		busy |= pcb->snd_queuelen;
		if (!s || s->tcp != pcb)
			continue;
		s->linger &= !s->linger_s; /* nobody waits for a single one */
		s->ops->close(s);
		busy = true;
	}
	return busy;
}

/* The lock may be this thread's own: it faulted inside, and its handler ends the program. */
void net_end(void)
{
	int looks = cpu_preempt_depth() == 0 ? END_LOOKS : 0;

	while (looks-- > 0) {
		if (mutex_trylock(&net_lock)) {
			if (!close_all())
				looks = 0;
			net_leave();
		}
		thread_sleep(time_deadline(LOOK_NS));
	}
}
