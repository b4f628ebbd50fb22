// SPDX-License-Identifier: BSD-2-Clause
/* A bug on purpose: nothing is sent again when its acknowledgement does not come in time. */
#include <lwip/priv/tcp_priv.h>

err_t __wrap_tcp_rexmit_rto_prepare(struct tcp_pcb *pcb);

err_t __wrap_tcp_rexmit_rto_prepare(struct tcp_pcb *pcb)
{
	return pcb->unacked ? ERR_VAL : ERR_OK;
}
