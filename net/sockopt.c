// SPDX-License-Identifier: BSD-2-Clause
/*
 * The options that most programs set. The others are in net/sockopt_rare.c and net/sockopt_tcp.c,
 * which only a program has that asks for one of them (<sys/socket.h>, setsockopt()).
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include "net/net.h"
#include "net/option_value.h"
#include "net/socket.h"
#include "net/sockopt.h"
#include <lwip/priv/tcp_priv.h>

#define BUFFER_MIN_BYTES 2048

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
	int err = sockopt_need_pcb(s);

	if (err)
		return err;
	if (on)
		ip_set_option(sockopt_pcb(s), flag);
	else
		ip_reset_option(sockopt_pcb(s), flag);
	if (flag == SOF_KEEPALIVE && sockopt_tcp(s))
		tcp_pcb_touch(sockopt_tcp(s)); /* for the timers to see it */
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
	const struct ip_pcb *pcb = sockopt_pcb(s);

	switch (option) {
	case SO_REUSEADDR:
	case SO_KEEPALIVE:
	case SO_BROADCAST:
		return option_put_int(pcb && ip_get_option(pcb, pcb_flag(option)), value, len);
	case SO_ERROR:
		return option_put_int(-socket_take_error(s), value, len);
	case SO_TYPE:
		return option_put_int(s->ops->type, value, len);
	case SO_PROTOCOL:
		return option_put_int(s->ops->type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP,
				      value, len);
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

/* The other levels */

static int set_v6only(struct socket *s, int on)
{
	if (s->domain != AF_INET6 || sockopt_pcb(s))
		return -EINVAL; /* only before anything else */
	s->v6only = on != 0;
	return 0;
}

static int set_no_delay(struct socket *s, int on)
{
	struct tcp_pcb *pcb = sockopt_tcp(s);

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

static int set_option(struct socket *s, int level, int option, const void *value, socklen_t len)
{
	int n, err;

	if (level == SOL_SOCKET)
		return set_socket(s, option, value, len);
	err = option_get_int(value, len, &n);
	if (err)
		return err;
	if (level == IPPROTO_TCP && option == TCP_NODELAY && s->ops->type == SOCK_STREAM)
		return set_no_delay(s, n);
	if (level == IPPROTO_IPV6 && option == IPV6_V6ONLY)
		return set_v6only(s, n);
	return -ENOPROTOOPT;
}

int socket_set_option(struct file *f, int level, int option, const void *value, socklen_t len)
{
	int err;

	net_enter();
	err = set_option(socket_of_file(f), level, option, value, len);
	net_leave();
	return err;
}

int socket_get_option(struct file *f, int level, int option, void *value, socklen_t *len)
{
	int err = -ENOPROTOOPT;

	net_enter();
	if (level == SOL_SOCKET)
		err = get_socket(socket_of_file(f), option, value, len);
	net_leave();
	return err;
}
