// SPDX-License-Identifier: BSD-2-Clause
#include "net/path_mtu.h"
#include "lib/base/compiler.h"
#include <lwip/priv/tcp_priv.h>

#define MTU_MIN 576 /* what every path has; whoever says less may be up to no good */

/* lwIP splits the first segment that was not sent; so each is the first for a moment. */
static void split_unsent(struct tcp_pcb *pcb)
{
	struct tcp_seg *first = pcb->unsent;

	for (struct tcp_seg *seg = first; seg; seg = seg->next) {
		pcb->unsent = seg;
		if (tcp_split_unsent_seg(pcb, pcb->mss) != ERR_OK)
			break;
	}
	pcb->unsent = first;
	pcb->unsent_oversize = 0; /* was for larger ones */
}

void tcp_path_mtu(struct tcp_pcb *pcb, uint16_t mtu, uint16_t header)
{
	uint16_t mss = (mtu < MTU_MIN ? MTU_MIN : mtu) - header;

	if (mss >= pcb->mss)
		return;
	pcb->mss = mss;
	/* It fails if the device still has a segment: then the time-out sends again. */
	tcp_rexmit_rto_prepare(pcb);
	split_unsent(pcb);
	tcp_output(pcb);
}
