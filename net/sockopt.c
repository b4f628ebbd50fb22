// SPDX-License-Identifier: BSD-2-Clause
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include "net/net.h"
#include "net/option_value.h"
#include "net/socket.h"
#include <lwip/priv/tcp_priv.h>
#include <lwip/tcp.h>
#include <lwip/udp.h>

#define BUFFER_MIN_BYTES 2048

/* The part that listener, TCP and UDP pcbs have in common, NULL when there is none. */
static struct ip_pcb *common_pcb(const struct socket *s)
{
	return (struct ip_pcb *)(void *)s->tcp;
}

static struct tcp_pcb *live_tcp(const struct socket *s)
{
	return s->ops->type == SOCK_STREAM && s->state != SOCKET_LISTENING ? s->tcp : NULL;
}

/* Options live in the pcb, which is made for them if need be. */
static int need_pcb(struct socket *s)
{
	if (common_pcb(s))
		return 0;
	return s->state == SOCKET_FRESH ? s->ops->prepare(s) : -EINVAL;
}

static u8_t pcb_flag(int option)
{
	switch (option) {
	case SO_REUSEADDR:
		return SOF_REUSEADDR;
	case SO_KEEPALIVE:
		return SOF_KEEPALIVE;
	case SO_BROADCAST:
		return SOF_BROADCAST;
	default:
		return 0;
	}
}

/* SOL_SOCKET */

static int set_flag(struct socket *s, u8_t flag, int on)
{
	int err = need_pcb(s);

	if (err)
		return err;
	if (on)
		ip_set_option(common_pcb(s), flag);
	else
		ip_reset_option(common_pcb(s), flag);
	if (flag == SOF_KEEPALIVE && live_tcp(s))
		tcp_pcb_touch(live_tcp(s)); /* for the timers to see it */
	return 0;
}

static int set_linger(struct socket *s, const void *value, socklen_t len)
{
	struct linger l;

	if (!value || len < sizeof(l))
		return -EINVAL;
	memcpy(&l, value, sizeof(l));
	s->linger = l.l_onoff != 0;
	s->linger_s = MIN(MAX(l.l_linger, 0), (int)UINT16_MAX);
	return 0;
}

static uint32_t buffer_bytes(int n, uint32_t most)
{
	return MIN((uint32_t)MAX(n, BUFFER_MIN_BYTES), most);
}

static int set_socket_int(struct socket *s, int option, int n)
{
	switch (option) {
	case SO_REUSEADDR:
	case SO_KEEPALIVE:
	case SO_BROADCAST:
		return set_flag(s, pcb_flag(option), n);
	case SO_RCVBUF:
		s->rx_limit_bytes = buffer_bytes(n, net_tuning.tcp_window_bytes);
		return 0;
	case SO_SNDBUF:
		socket_set_send_limit(s, buffer_bytes(n, net_tuning.tcp_send_buffer_bytes));
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static int set_socket(struct socket *s, int option, const void *value, socklen_t len)
{
	int n, err;

	if (option == SO_LINGER)
		return set_linger(s, value, len);
	if (option == SO_RCVTIMEO)
		return option_get_timeout(value, len, &s->receive_timeout);
	if (option == SO_SNDTIMEO)
		return option_get_timeout(value, len, &s->send_timeout);
	err = option_get_int(value, len, &n);
	return err ? err : set_socket_int(s, option, n);
}

static int get_socket(struct socket *s, int option, void *value, socklen_t *len)
{
	struct linger l = { s->linger, s->linger_s };
	const struct ip_pcb *pcb = common_pcb(s);

	switch (option) {
	case SO_REUSEADDR:
	case SO_KEEPALIVE:
	case SO_BROADCAST:
		return option_put_int(pcb && ip_get_option(pcb, pcb_flag(option)), value, len);
	case SO_ERROR:
		return option_put_int(-socket_take_error(s), value, len);
	case SO_TYPE:
		return option_put_int(s->ops->type, value, len);
	case SO_DOMAIN:
		return option_put_int(s->domain, value, len);
	case SO_ACCEPTCONN:
		return option_put_int(s->state == SOCKET_LISTENING, value, len);
	case SO_RCVBUF:
		return option_put_int(s->rx_limit_bytes, value, len);
	case SO_SNDBUF:
		return option_put_int(s->tx_limit_bytes, value, len);
	case SO_LINGER:
		return option_put(&l, sizeof(l), value, len);
	case SO_RCVTIMEO:
		return option_put_timeout(s->receive_timeout, value, len);
	case SO_SNDTIMEO:
		return option_put_timeout(s->send_timeout, value, len);
	default:
		return -ENOPROTOOPT;
	}
}

/* IPPROTO_IP, IPPROTO_IPV6 */

static int set_ip(struct socket *s, int level, int option, int n)
{
	bool ttl = option == (level == IPPROTO_IP ? IP_TTL : IPV6_UNICAST_HOPS);
	bool tos = option == (level == IPPROTO_IP ? IP_TOS : IPV6_TCLASS);
	int err;

	if (level == IPPROTO_IPV6 && option == IPV6_V6ONLY) {
		if (s->domain != AF_INET6 || common_pcb(s))
			return -EINVAL; /* only before anything else */
		s->v6only = n != 0;
		return 0;
	}
	if (!ttl && !tos)
		return -ENOPROTOOPT;
	if (n < 0 || n > 255 || (ttl && !n))
		return -EINVAL;
	err = need_pcb(s);
	if (err)
		return err;
	if (ttl)
		common_pcb(s)->ttl = n;
	else
		common_pcb(s)->tos = n;
	return 0;
}

static int get_ip(struct socket *s, int level, int option, void *value, socklen_t *len)
{
	const struct ip_pcb *pcb = common_pcb(s);

	if (level == IPPROTO_IPV6 && option == IPV6_V6ONLY)
		return option_put_int(s->v6only, value, len);
	if (option == (level == IPPROTO_IP ? IP_TTL : IPV6_UNICAST_HOPS))
		return option_put_int(pcb ? pcb->ttl : TCP_TTL, value, len);
	if (option == (level == IPPROTO_IP ? IP_TOS : IPV6_TCLASS))
		return option_put_int(pcb ? pcb->tos : 0, value, len);
	return -ENOPROTOOPT;
}

/* IPPROTO_TCP */

static int set_no_delay(struct socket *s, int on)
{
	struct tcp_pcb *pcb = live_tcp(s);

	s->no_delay = on != 0;
	if (!pcb)
		return 0;
	if (!on) {
		tcp_nagle_enable(pcb);
		return 0;
	}
	tcp_nagle_disable(pcb);
	tcp_output(pcb); /* what Nagle held back */
	return 0;
}

static int set_tcp(struct socket *s, int option, int n)
{
	struct tcp_pcb *pcb;
	int err;

	if (s->ops->type != SOCK_STREAM)
		return -ENOPROTOOPT;
	if (option == TCP_NODELAY)
		return set_no_delay(s, n);
	if (option != TCP_KEEPIDLE && option != TCP_KEEPINTVL && option != TCP_KEEPCNT)
		return -ENOPROTOOPT;
	if (n < 1 || n > 32767)
		return -EINVAL;
	err = need_pcb(s);
	pcb = live_tcp(s);
	if (err || !pcb)
		return -EINVAL;
	if (option == TCP_KEEPIDLE)
		pcb->keep_idle = n * 1000u;
	else if (option == TCP_KEEPINTVL)
		pcb->keep_intvl = n * 1000u;
	else
		pcb->keep_cnt = n;
	return 0;
}

static int get_tcp(struct socket *s, int option, void *value, socklen_t *len)
{
	const struct tcp_pcb *pcb = live_tcp(s);

	if (s->ops->type != SOCK_STREAM)
		return -ENOPROTOOPT;
	switch (option) {
	case TCP_NODELAY:
		return option_put_int(s->no_delay, value, len);
	case TCP_MAXSEG:
		return option_put_int(pcb ? pcb->mss : TCP_MSS, value, len);
	case TCP_KEEPIDLE:
		return pcb ? option_put_int(pcb->keep_idle / 1000, value, len) : -EINVAL;
	case TCP_KEEPINTVL:
		return pcb ? option_put_int(pcb->keep_intvl / 1000, value, len) : -EINVAL;
	case TCP_KEEPCNT:
		return pcb ? option_put_int(pcb->keep_cnt, value, len) : -EINVAL;
	default:
		return -ENOPROTOOPT;
	}
}

int socket_set_option(struct file *f, int level, int option, const void *value, socklen_t len)
{
	struct socket *s = socket_of_file(f);
	int n = 0, err = 0;

	if (level != SOL_SOCKET)
		err = option_get_int(value, len, &n);
	if (err)
		return err;
	net_enter();
	if (level == SOL_SOCKET)
		err = set_socket(s, option, value, len);
	else if (level == IPPROTO_TCP)
		err = set_tcp(s, option, n);
	else if (level == IPPROTO_IP || level == IPPROTO_IPV6)
		err = set_ip(s, level, option, n);
	else
		err = -ENOPROTOOPT;
	net_leave();
	return err;
}

int socket_get_option(struct file *f, int level, int option, void *value, socklen_t *len)
{
	struct socket *s = socket_of_file(f);
	int err;

	net_enter();
	if (level == SOL_SOCKET)
		err = get_socket(s, option, value, len);
	else if (level == IPPROTO_TCP)
		err = get_tcp(s, option, value, len);
	else if (level == IPPROTO_IP || level == IPPROTO_IPV6)
		err = get_ip(s, level, option, value, len);
	else
		err = -ENOPROTOOPT;
	net_leave();
	return err;
}
