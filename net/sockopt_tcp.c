// SPDX-License-Identifier: BSD-2-Clause
/*
 * Options of level IPPROTO_TCP, and what a connection tells about itself.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include "net/option_value.h"
#include "net/sockopt.h"
#include <lwip/priv/tcp_priv.h>

#define NS_PER_TICK (TCP_SLOW_INTERVAL * NS_PER_MS) /* lwIP measures in these */

static int set_cork(struct socket *s, int on)
{
	struct tcp_pcb *pcb = sockopt_tcp(s);

	s->cork = on != 0;
	if (!on && pcb && s->state == SOCKET_CONNECTED)
		tcp_output(pcb);
	return 0;
}

static int set_keep(struct socket *s, int option, int n)
{
	struct tcp_pcb *pcb;
	int err;

	if (n < 1 || n > 32767)
		return -EINVAL;
	err = sockopt_need_pcb(s);
	pcb = sockopt_tcp(s);
	if (err || !pcb)
		return -EINVAL;
	if (option == TCP_KEEPIDLE)
		pcb->keep_idle = n * 1000u;
	else if (option == TCP_KEEPINTVL)
		pcb->keep_intvl = n * 1000u;
	else
		pcb->keep_cnt = n;
	tcp_pcb_touch(pcb); /* for the timers to see it */
	return 0;
}

/* Acknowledge now what would be acknowledged a little later. */
static int quick_ack(struct socket *s, int on)
{
	struct tcp_pcb *pcb = sockopt_tcp(s);

	if (on && pcb && pcb->flags & TF_ACK_DELAY) {
		tcp_ack_now(pcb);
		tcp_output(pcb);
	}
	return 0;
}

int sockopt_set_tcp(struct socket *s, int option, const void *value, socklen_t len)
{
	int n, err = option_get_int(value, len, &n);

	if (err)
		return err;
	switch (option) {
	case TCP_CORK:
		return set_cork(s, n);
	case TCP_KEEPIDLE:
	case TCP_KEEPINTVL:
	case TCP_KEEPCNT:
		return set_keep(s, option, n);
	case TCP_QUICKACK:
		return quick_ack(s, n);
	default:
		return -ENOPROTOOPT;
	}
}

/* The same states by the numbers that programs know. */
static uint8_t state_of(const struct socket *s, const struct tcp_pcb *pcb)
{
	static const uint8_t numbers[] = {
		[CLOSED] = TCP_CLOSE,
		[LISTEN] = TCP_LISTEN,
		[SYN_SENT] = TCP_SYN_SENT,
		[SYN_RCVD] = TCP_SYN_RECV,
		[ESTABLISHED] = TCP_ESTABLISHED,
		[FIN_WAIT_1] = TCP_FIN_WAIT1,
		[FIN_WAIT_2] = TCP_FIN_WAIT2,
		[CLOSE_WAIT] = TCP_CLOSE_WAIT,
		[CLOSING] = TCP_CLOSING,
		[LAST_ACK] = TCP_LAST_ACK,
		[TIME_WAIT] = TCP_TIME_WAIT,
	};

	if (s->state == SOCKET_LISTENING)
		return TCP_LISTEN;
	return pcb ? numbers[pcb->state] : TCP_CLOSE;
}

static uint32_t segments(const struct tcp_seg *seg)
{
	uint32_t n = 0;

	for (; seg; seg = seg->next)
		n++;
	return n;
}

/* Times are as fine as lwIP measures them: TCP_SLOW_INTERVAL. */
static void fill_info(struct tcp_info *i, const struct tcp_pcb *pcb)
{
	uint32_t us_per_tick = NS_PER_TICK / NS_PER_US;

	i->tcpi_retransmits = pcb->nrtx;
	i->tcpi_probes = pcb->keep_cnt_sent;
	i->tcpi_backoff = pcb->persist_backoff;
	i->tcpi_options = (pcb->flags & TF_WND_SCALE ? TCPI_OPT_WSCALE : 0) |
			  (pcb->flags & TF_SACK ? TCPI_OPT_SACK : 0);
	i->tcpi_snd_wscale = pcb->snd_scale;
	i->tcpi_rcv_wscale = pcb->rcv_scale;
	i->tcpi_rto = pcb->rto * us_per_tick;
	i->tcpi_snd_mss = i->tcpi_pmtu = pcb->mss;
	i->tcpi_pmtu += 40;
	i->tcpi_rcv_mss = i->tcpi_advmss = TCP_MSS;
	i->tcpi_unacked = segments(pcb->unacked);
	i->tcpi_rtt = (pcb->sa >> 3) * us_per_tick;
	i->tcpi_rttvar = (pcb->sv >> 2) * us_per_tick;
	i->tcpi_snd_ssthresh = pcb->ssthresh / pcb->mss;
	i->tcpi_snd_cwnd = pcb->cwnd / pcb->mss;
	i->tcpi_rcv_space = pcb->rcv_wnd;
}

static int get_info(struct socket *s, void *value, socklen_t *len)
{
	const struct tcp_pcb *pcb = sockopt_tcp(s);
	struct tcp_info info = { .tcpi_state = state_of(s, pcb) };

	if (pcb)
		fill_info(&info, pcb);
	else if (s->state == SOCKET_LISTENING)
		info.tcpi_unacked = s->listener->accepts_pending; /* as Linux uses the fields */
	return option_put(&info, sizeof(info), value, len);
}

int sockopt_get_tcp(struct socket *s, int option, void *value, socklen_t *len)
{
	const struct tcp_pcb *pcb = sockopt_tcp(s);

	switch (option) {
	case TCP_NODELAY:
		return option_put_int(s->no_delay, value, len);
	case TCP_CORK:
		return option_put_int(s->cork, value, len);
	case TCP_MAXSEG:
		return option_put_int(pcb ? pcb->mss : TCP_MSS, value, len);
	case TCP_KEEPIDLE:
		return option_put_int((pcb ? pcb->keep_idle : TCP_KEEPIDLE_DEFAULT) / 1000, value,
				      len);
	case TCP_KEEPINTVL:
		return option_put_int((pcb ? pcb->keep_intvl : TCP_KEEPINTVL_DEFAULT) / 1000, value,
				      len);
	case TCP_KEEPCNT:
		return option_put_int(pcb ? pcb->keep_cnt : TCP_KEEPCNT_DEFAULT, value, len);
	case TCP_INFO:
		return get_info(s, value, len);
	default:
		return -ENOPROTOOPT;
	}
}
