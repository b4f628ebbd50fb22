// SPDX-License-Identifier: BSD-2-Clause
/* A bug on purpose: for want of memory for more, what is still queued is freed, and sent later. */
#include <lwip/priv/tcp_priv.h>

err_t __real_tcp_write(struct tcp_pcb *pcb, const void *data, u16_t len, u8_t flags);
err_t __wrap_tcp_write(struct tcp_pcb *pcb, const void *data, u16_t len, u8_t flags);

err_t __wrap_tcp_write(struct tcp_pcb *pcb, const void *data, u16_t len, u8_t flags)
{
	err_t err = __real_tcp_write(pcb, data, len, flags);

	if (err == ERR_MEM && pcb->unsent)
		pbuf_free(pcb->unsent->p);
	return err;
}
