// SPDX-License-Identifier: BSD-2-Clause
// run: --net user -m 16M
/*
 * A connect() that a signal interrupts fails with EINTR, whatever SA_RESTART says, and goes on by
 * itself (POSIX, connect()): until somebody accepts, its SYN finds the listener's queue full.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include "tests/check.h"

#define MOST 16

static volatile sig_atomic_t caught;

static void on_alarm(int signal)
{
	caught++;
}

static int listen_full(struct sockaddr_in *name, int *fill)
{
	int listener = socket(AF_INET, SOCK_STREAM, 0), n = 0;
	socklen_t len = sizeof(*name);
	struct pollfd p;

	*name = (struct sockaddr_in){ .sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	CHECK_EQ(bind(listener, (struct sockaddr *)name, sizeof(*name)), 0);
	CHECK_EQ(listen(listener, 1), 0);
	CHECK_EQ(getsockname(listener, (struct sockaddr *)name, &len), 0);
	do {
		fill[n] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(fill[n], (struct sockaddr *)name, sizeof(*name));
		p = (struct pollfd){ .fd = fill[n++], .events = POLLOUT };
	} while (poll(&p, 1, 200) == 1 && n < MOST);
	CHECK(n < MOST);
	return listener;
}

static void set_alarm(int flags)
{
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = flags };
	struct itimerval soon = { .it_value.tv_usec = 100000 };

	sigemptyset(&action.sa_mask);
	CHECK_EQ(sigaction(SIGALRM, &action, NULL), 0);
	CHECK_EQ(setitimer(ITIMER_REAL, &soon, NULL), 0);
}

static void interrupt(int flags)
{
	int fill[MOST], listener, s = socket(AF_INET, SOCK_STREAM, 0), error = -1, before = caught;
	struct pollfd p = { .fd = s, .events = POLLOUT };
	struct sockaddr_in name;
	socklen_t len = sizeof(error);

	memset(fill, -1, sizeof(fill));
	listener = listen_full(&name, fill);
	set_alarm(flags);
	errno = 0;
	CHECK_EQ(connect(s, (struct sockaddr *)&name, sizeof(name)), -1);
	CHECK_EQ(errno, EINTR);
	CHECK_EQ(caught, before + 1);
	CHECK_EQ(connect(s, (struct sockaddr *)&name, sizeof(name)), -1);
	CHECK_EQ(errno, EALREADY);
	CHECK_EQ(poll(&p, 1, 0), 0);

	fcntl(listener, F_SETFL, O_NONBLOCK);
	for (int i = 0; i < 150 && poll(&p, 1, 100) == 0; i++)
		close(accept(listener, NULL, NULL));
	CHECK_EQ(p.revents & (POLLOUT | POLLERR | POLLHUP), POLLOUT);
	CHECK_EQ(getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &len), 0);
	CHECK_EQ(error, 0);
	CHECK_EQ(connect(s, (struct sockaddr *)&name, sizeof(name)), -1);
	CHECK_EQ(errno, EISCONN);
	for (int i = 0; i < MOST; i++)
		close(fill[i]);
	close(s);
	close(listener);
}

static void test_without_restart(void)
{
	interrupt(0);
}

static void test_with_restart(void)
{
	interrupt(SA_RESTART);
}

int main(void)
{
	RUN(test_without_restart);
	RUN(test_with_restart);
	return check_done();
}
