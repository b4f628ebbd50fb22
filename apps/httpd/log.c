// SPDX-License-Identifier: BSD-2-Clause
#include "log.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "text.h"

enum {
	LINE_BYTES = 512,
	REQUEST_SHOWN = 400, /* of a request line, so that the rest of the line has room */
};

static void write_line(int fd, struct text *t)
{
	if (text_full(t))
		t->at--;
	text_char(t, '\n');
	if (write(fd, t->start, text_len(t)) < 0)
		return; /* nowhere to complain to */
}

void log_say(const char *a, const char *b, const char *c)
{
	char line[LINE_BYTES];
	struct text t;

	text_init(&t, line, sizeof(line));
	text_str(&t, "httpd: ");
	text_str(&t, a);
	text_str(&t, b ? b : "");
	text_str(&t, c ? c : "");
	write_line(STDERR_FILENO, &t);
}

static void text_ipv4(struct text *t, const uint8_t *addr)
{
	for (int i = 0; i < 4; i++) {
		if (i)
			text_char(t, '.');
		text_u64(t, addr[i]);
	}
}

/* Without the "::" abbreviation of RFC 5952, except in front of an IPv4 address. */
static void text_ipv6(struct text *t, const struct in6_addr *addr)
{
	if (IN6_IS_ADDR_V4MAPPED(addr)) {
		text_ipv4(t, &addr->s6_addr[12]);
		return;
	}
	for (int i = 0; i < 16; i += 2) {
		if (i)
			text_char(t, ':');
		text_hex(t, (uint64_t)(addr->s6_addr[i] << 8 | addr->s6_addr[i + 1]));
	}
}

static void text_peer(struct text *t, int fd)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} peer;
	socklen_t len = sizeof(peer);

	if (getpeername(fd, &peer.any, &len))
		text_char(t, '-');
	else if (peer.any.sa_family == AF_INET)
		text_ipv4(t, (const uint8_t *)&peer.v4.sin_addr);
	else
		text_ipv6(t, &peer.v6.sin6_addr);
}

/*
 * Method and target, with nothing but one blank between them. Neither has control characters,
 * so only the quotes round them need care.
 */
static void text_request(struct text *t, const struct http_request *q, const char *buf)
{
	const char *at = buf + q->target.at;
	size_t len = q->target.len;

	if (!len)
		return;
	for (at--; at > buf && at[-1] != '\n'; at--)
		len++;
	len++;
	if (len > REQUEST_SHOWN)
		len = REQUEST_SHOWN;
	for (; len; len--, at++) {
		if (*at == '"')
			text_str(t, "%22");
		else
			text_char(t, *at);
	}
}

void log_request(int fd, const struct http_request *q, const char *buf, const struct reply *r)
{
	char line[LINE_BYTES];
	struct text t;

	text_init(&t, line, sizeof(line));
	text_peer(&t, fd);
	text_str(&t, " \"");
	if (q)
		text_request(&t, q, buf);
	text_str(&t, "\" ");
	text_u64(&t, r->status);
	text_char(&t, ' ');
	text_u64(&t, (uint64_t)reply_content(r));
	write_line(STDOUT_FILENO, &t);
}
