// SPDX-License-Identifier: BSD-2-Clause
/* A bug on purpose: two locks are taken in one order here and now and then in the other there,
 * which alone does nobody harm. */
#include <lwip/priv/tcp_priv.h>
#include "drivers/blk.h"
#include "net/net.h"
#include "tests/sim/bug.h"

static struct mutex extra = MUTEX_INIT(extra);

int __real_blk_flush(struct blk *b);
int __wrap_blk_flush(struct blk *b);
err_t __real_tcp_write(struct tcp_pcb *pcb, const void *data, u16_t len, u8_t flags);
err_t __wrap_tcp_write(struct tcp_pcb *pcb, const void *data, u16_t len, u8_t flags);

int __wrap_blk_flush(struct blk *b)
{
	mutex_lock(&extra);
	net_enter();
	net_leave();
	mutex_unlock(&extra);
	return __real_blk_flush(b);
}

/* In the network's lock. */
err_t __wrap_tcp_write(struct tcp_pcb *pcb, const void *data, u16_t len, u8_t flags)
{
	if (bug_happens()) {
		mutex_lock(&extra);
		mutex_unlock(&extra);
	}
	return __real_tcp_write(pcb, data, len, flags);
}
