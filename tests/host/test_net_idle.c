// SPDX-License-Identifier: BSD-2-Clause
/* Many connections that wait for nothing: the timers leave them alone. */
// link: net/addr.c net/checksum.c net/err.c net/hooks.c net/icmp_error.c net/mem.c net/netif.c
// link: net/path_mtu.c net/tcp_recovery.c
// link: net/offload.c net/resolve.c net/socket.c net/sockopt.c net/start.c net/tcp_io.c
// link: net/lwip_sums.c
// link: net/connect.c net/tcp_connect.c net/igmp_hooks.c net/groups.c
// link: net/sockopt_rare.c net/sockopt_tcp.c
// link: net/tcp_later.c net/tcp_socket.c net/timers.c net/udp_socket.c
// link: kernel/wait.c kernel/mutex.c kernel/timer.c lib/base/pheap.c
// link: $(lwip-y:%=$(LWIP_SRC)/src/%)
// flags: -Inet -I$(LWIP_SRC)/src/include -DNET_HOST_TEST -D_GNU_SOURCE -Wno-address
// -Wno-unused-function
#include "tests/host/net.h"
#include "net/resolve.h"
#include "net/socket.h"

enum { PAIRS = 40 };

static struct socket *ends[PAIRS][2]; /* [0] connected, [1] accepted */

static void open_pairs(void)
{
	struct socket *listener = open_listener(80, PAIRS);

	for (int i = 0; i < PAIRS; i++) {
		ends[i][0] = open_socket(SOCK_STREAM);
		CHECK_EQ(do_connect(ends[i][0], INADDR_LOOPBACK, 80), 0);
		CHECK_EQ(do_accept(listener, &ends[i][1]), 0);
	}
	close_socket(listener);
}

static void close_pairs(void)
{
	for (int i = 0; i < PAIRS; i++) {
		close_socket(ends[i][0]);
		close_socket(ends[i][1]);
		ends[i][0] = ends[i][1] = NULL;
	}
}

/* How many are awake. Those come first, and every link leads back. */
static int awake(int *all)
{
	int n = 0, count = 0;
	bool sleeping = false;
	struct tcp_pcb **link = &tcp_active_pcbs;

	for (struct tcp_pcb *p = tcp_active_pcbs; p; link = &p->next, p = p->next) {
		CHECK(p->link == link);
		CHECK(p->asleep || !sleeping);
		sleeping = p->asleep;
		n += !p->asleep;
		count++;
	}
	if (all)
		*all = count;
	return n;
}

static void check_all_asleep(void)
{
	int all;

	net_test_sleep(2 * NS_PER_S);
	CHECK_EQ(awake(&all), 0);
	CHECK_EQ(all, 2 * PAIRS);
	CHECK(fake_timer_due == NS_NEVER);
}

static void test_transfer_wakes(void)
{
	char b[8];

	open_pairs();
	check_all_asleep();
	CHECK_EQ(do_send(ends[7][0], "abc", 3, 0), 3);
	CHECK_EQ(awake(NULL), 2);
	CHECK_EQ(do_recv(ends[7][1], b, sizeof(b), 0), 3);
	CHECK_EQ(do_send(ends[7][1], "defg", 4, 0), 4);
	CHECK_EQ(do_send(ends[20][1], "h", 1, MSG_MORE), 1);
	CHECK_EQ(awake(NULL), 3); /* it is held back, but not for ever */
	CHECK_EQ(do_recv(ends[7][0], b, sizeof(b), 0), 4);
	check_all_asleep();
	CHECK_EQ(do_recv(ends[20][0], b, sizeof(b), 0), 1);
	check_all_asleep();
	close_pairs();
}

/* Turned on for a connection that is asleep, it works. */
static void test_keepalive_wakes(void)
{
	open_pairs();
	check_all_asleep();
	CHECK_EQ(set_int(ends[3][0], IPPROTO_TCP, TCP_KEEPIDLE, 60), 0);
	CHECK_EQ(set_int(ends[3][0], SOL_SOCKET, SO_KEEPALIVE, 1), 0);
	net_test_sleep(2 * NS_PER_S);
	CHECK_EQ(awake(NULL), 1);
	CHECK(fake_timer_due - fake_time > 50 * NS_PER_S);
	CHECK(fake_timer_due - fake_time < 70 * NS_PER_S);
	net_test_sleep(200 * NS_PER_S);
	CHECK_EQ(do_poll(ends[3][0]), POLLOUT | POLLWRNORM);
	CHECK_EQ(set_int(ends[3][0], SOL_SOCKET, SO_KEEPALIVE, 0), 0);
	check_all_asleep();
	close_pairs();
}

/* The own end is closed, and the peer has lost the connection without a word: probes find out. */
static void test_keepalive_half_closed(void)
{
	open_pairs();
	CHECK_EQ(set_int(ends[4][0], IPPROTO_TCP, TCP_KEEPIDLE, 60), 0);
	CHECK_EQ(set_int(ends[4][0], SOL_SOCKET, SO_KEEPALIVE, 1), 0);
	CHECK_EQ(CALL(ends[4][0], socket_shutdown(ends[4][0], SHUT_WR)), 0);
	net_test_sleep(NS_PER_S);
	net_enter();
	tcp_abandon(ends[4][1]->tcp, 0);
	net_leave();
	net_test_sleep(200 * NS_PER_S);
	CHECK(do_poll(ends[4][0]) & POLLERR);
	close_pairs();
}

/* One end is closed, the other one's program never does so. */
static void test_close_wakes(void)
{
	int all;

	open_pairs();
	check_all_asleep();
	CHECK_EQ(CALL(ends[5][0], socket_shutdown(ends[5][0], SHUT_WR)), 0);
	net_test_sleep(60 * NS_PER_S);
	CHECK_EQ(awake(&all), 0); /* half closed for as long as the program likes */
	CHECK_EQ(all, 2 * PAIRS);
	close_socket(ends[5][0]);
	close_socket(ends[6][0]);
	ends[5][0] = ends[6][0] = NULL;
	net_test_sleep(60 * NS_PER_S); /* FIN-WAIT-2 has an end */
	CHECK_EQ(awake(&all), 0);
	CHECK_EQ(all, 2 * PAIRS - 2);
	close_pairs();
}

static void test_reset(void)
{
	struct linger hard = { .l_onoff = 1, .l_linger = 0 };

	open_pairs();
	check_all_asleep();
	for (int i = 0; i < PAIRS; i += 3) {
		CHECK_EQ(socket_set_option(&ends[i][1]->file, SOL_SOCKET, SO_LINGER, &hard,
					   sizeof(hard)),
			 0);
		close_socket(ends[i][1]);
		ends[i][1] = NULL;
		net_test_settle();
		CHECK(do_poll(ends[i][0]) & POLLERR);
		awake(NULL);
	}
	close_pairs();
}

/* /etc/resolv.conf asks for name servers in programs that have not used the network: that must not
 * set its clocks going. */
static void test_nothing_before_start(void)
{
	struct net_server server;

	fake_reset();
	host_cpu.irq_on = true;
	CHECK(!net_is_started());
	CHECK(!net_name_server(0, &server));
	CHECK(fake_timer_due == NS_NEVER);
	CHECK(!net_state.ticking);
}

int main(void)
{
	check_run("test_nothing_before_start", test_nothing_before_start);
	net_test_start();
	NET_RUN(test_transfer_wakes);
	NET_RUN(test_keepalive_wakes);
	NET_RUN(test_keepalive_half_closed);
	NET_RUN(test_close_wakes);
	NET_RUN(test_reset);
	return check_done();
}
