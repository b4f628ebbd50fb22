// SPDX-License-Identifier: BSD-2-Clause
/*
 * program - the program of packet scripts: does one call for each line of its console, and says
 * what came of it. Nothing blocks but the console. Sockets have names of one letter.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#define PEER   0x0a000002
#define SLOTS  26
#define NWORDS 6
#define PERIOD 251 /* of the pattern in the streams */

struct slot {
	int fd;
	size_t sent, received;
};

static struct slot slots[SLOTS];
static char *words[NWORDS];
static unsigned char data[1 << 18];

static const char *error_name(int number)
{
	static const struct {
		int number;
		const char *name;
	} names[] = {
		{ EAGAIN, "EAGAIN" },
		{ ECONNRESET, "ECONNRESET" },
		{ ECONNREFUSED, "ECONNREFUSED" },
		{ ETIMEDOUT, "ETIMEDOUT" },
		{ EPIPE, "EPIPE" },
		{ EINPROGRESS, "EINPROGRESS" },
		{ ENOTCONN, "ENOTCONN" },
		{ EADDRINUSE, "EADDRINUSE" },
		{ EINVAL, "EINVAL" },
		{ EHOSTUNREACH, "EHOSTUNREACH" },
		{ ENETUNREACH, "ENETUNREACH" },
		{ ECONNABORTED, "ECONNABORTED" },
	};
	static char other[32];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].number == number)
			return names[i].name;
	snprintf(other, sizeof(other), "error %d", number);
	return other;
}

static void say(long result)
{
	if (result < 0)
		printf("@%s\n", error_name(errno));
	else
		printf("@%ld\n", result);
}

static struct sockaddr_in name_of(uint32_t address, const char *port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons((uint16_t)atoi(port)),
				     .sin_addr.s_addr = htonl(address) };
}

static void keep(struct slot *s, int fd)
{
	*s = (struct slot){ .fd = fd };
	say(fd < 0 ? fd : 0);
}

static void do_socket(struct slot *s)
{
	keep(s, socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
}

static void do_bind(struct slot *s)
{
	struct sockaddr_in a = name_of(INADDR_ANY, words[2]);

	say(bind(s->fd, (struct sockaddr *)&a, sizeof(a)));
}

static void do_listen(struct slot *s)
{
	say(listen(s->fd, atoi(words[2])));
}

static void do_connect(struct slot *s)
{
	struct sockaddr_in a = name_of(PEER, words[2]);

	say(connect(s->fd, (struct sockaddr *)&a, sizeof(a)));
}

static void do_accept(struct slot *s)
{
	struct slot *child = &slots[words[2][0] - 'a'];

	keep(child, accept4(s->fd, NULL, NULL, SOCK_NONBLOCK));
}

static void do_write(struct slot *s)
{
	size_t len = (size_t)atol(words[2]);
	ssize_t n;

	for (size_t i = 0; i < len && i < sizeof(data); i++)
		data[i] = (unsigned char)((s->sent + i) % PERIOD);
	n = send(s->fd, data, len, MSG_NOSIGNAL);
	if (n > 0)
		s->sent += (size_t)n;
	say(n);
}

static void do_read(struct slot *s)
{
	ssize_t n = read(s->fd, data, (size_t)atol(words[2]));

	for (ssize_t i = 0; i < n; i++) {
		if (data[i] != (unsigned char)(s->received++ % PERIOD)) {
			puts("@garbled");
			return;
		}
	}
	say(n);
}

static void do_close(struct slot *s)
{
	say(close(s->fd));
}

static void do_shutdown(struct slot *s)
{
	say(shutdown(s->fd, strcmp(words[2], "wr") == 0 ? SHUT_WR : SHUT_RD));
}

static void do_error(struct slot *s)
{
	int error = 0;
	socklen_t len = sizeof(error);

	getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	printf("@%s\n", error ? error_name(error) : "0");
}

static void do_poll(struct slot *s)
{
	struct pollfd p = { .fd = s->fd, .events = POLLIN | POLLOUT | POLLPRI };

	poll(&p, 1, 0);
	printf("@%s%s%s%s%s\n", p.revents & POLLIN ? "i" : "", p.revents & POLLOUT ? "o" : "",
	       p.revents & POLLPRI ? "p" : "", p.revents & POLLHUP ? "h" : "",
	       p.revents & POLLERR ? "e" : "");
}

static void do_option(struct slot *s)
{
	static const struct {
		const char *name;
		int level, option;
	} options[] = {
		{ "nodelay", IPPROTO_TCP, TCP_NODELAY },
		{ "cork", IPPROTO_TCP, TCP_CORK },
		{ "keepidle", IPPROTO_TCP, TCP_KEEPIDLE },
		{ "keepcnt", IPPROTO_TCP, TCP_KEEPCNT },
		{ "keepintvl", IPPROTO_TCP, TCP_KEEPINTVL },
		{ "keepalive", SOL_SOCKET, SO_KEEPALIVE },
		{ "rcvbuf", SOL_SOCKET, SO_RCVBUF },
		{ "reuseaddr", SOL_SOCKET, SO_REUSEADDR },
	};
	struct linger linger = { 1, atoi(words[3]) };
	int value = atoi(words[3]);

	if (strcmp(words[2], "linger") == 0) {
		say(setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)));
		return;
	}
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (strcmp(options[i].name, words[2]) == 0) {
			say(setsockopt(s->fd, options[i].level, options[i].option, &value,
				       sizeof(value)));
			return;
		}
	}
	puts("@no such option");
}

static void say_state(unsigned state)
{
	static const char *const names[] = {
		[TCP_ESTABLISHED] = "established",
		[TCP_SYN_SENT] = "syn-sent",
		[TCP_SYN_RECV] = "syn-received",
		[TCP_FIN_WAIT1] = "fin-wait-1",
		[TCP_FIN_WAIT2] = "fin-wait-2",
		[TCP_TIME_WAIT] = "time-wait",
		[TCP_CLOSE] = "closed",
		[TCP_CLOSE_WAIT] = "close-wait",
		[TCP_LAST_ACK] = "last-ack",
		[TCP_LISTEN] = "listen",
		[TCP_CLOSING] = "closing",
	};

	printf("@%s\n", names[state]);
}

static long field(const struct tcp_info *i, const char *name)
{
	const struct {
		const char *name;
		uint32_t value;
	} fields[] = {
		{ "cwnd", i->tcpi_snd_cwnd },   { "ssthresh", i->tcpi_snd_ssthresh },
		{ "mss", i->tcpi_snd_mss },     { "pmtu", i->tcpi_pmtu },
		{ "rto", i->tcpi_rto / 1000 },  { "rtt", i->tcpi_rtt / 1000 },
		{ "unacked", i->tcpi_unacked }, { "retransmits", i->tcpi_retransmits },
	};

	for (size_t n = 0; n < sizeof(fields) / sizeof(fields[0]); n++)
		if (strcmp(fields[n].name, name) == 0)
			return fields[n].value;
	errno = EINVAL;
	return -1;
}

static void do_info(struct slot *s)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (getsockopt(s->fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		say(-1);
	else if (strcmp(words[2], "state") == 0)
		say_state(info.tcpi_state);
	else
		say(field(&info, words[2]));
}

static const struct {
	const char *name;
	unsigned nword;
	void (*call)(struct slot *s);
} calls[] = {
	{ "socket", 2, do_socket },   { "bind", 3, do_bind },     { "listen", 3, do_listen },
	{ "connect", 3, do_connect }, { "accept", 3, do_accept }, { "write", 3, do_write },
	{ "read", 3, do_read },       { "close", 2, do_close },   { "shutdown", 3, do_shutdown },
	{ "error", 2, do_error },     { "poll", 2, do_poll },     { "option", 4, do_option },
	{ "info", 3, do_info },
};

static void obey(char *line)
{
	unsigned n = 0;
	char *at;

	for (char *w = strtok_r(line, " ", &at); w && n < NWORDS; w = strtok_r(NULL, " ", &at))
		words[n++] = w;
	for (size_t i = 0; n > 1 && i < sizeof(calls) / sizeof(calls[0]); i++) {
		if (strcmp(calls[i].name, words[0]) == 0 && calls[i].nword == n &&
		    words[1][0] >= 'a' && words[1][0] <= 'z') {
			calls[i].call(&slots[words[1][0] - 'a']);
			return;
		}
	}
	puts("@no such call");
}

int main(void)
{
	struct termios mode;
	char line[256];

	tcgetattr(0, &mode);
	mode.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(0, TCSANOW, &mode);
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = 0;
		obey(line);
	}
	return 1;
}
