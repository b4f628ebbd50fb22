// SPDX-License-Identifier: BSD-2-Clause
#include "conn.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "config.h"
#include "http.h"
#include "log.h"
#include "poller.h"
#include "reply.h"
#include "server.h"
#include "stats.h"
#include "timers.h"

enum {
	RX_BYTES = 16384, /* one recv(); more than HTTP_HEAD_MAX, so that a head fits */
	TX_BYTES = REPLY_BYTES,
	ROUNDS = 4,           /* recv() or send() calls before others have their turn */
	KEPT_MIN = 512,       /* the smallest memory for what is left over */
	KEPT_TOTAL = 1 << 19, /* of all connections: a limit for clients that never finish */
	LINGER_S = 2,         /* for a client to take notice of a refusal */
};

enum state {
	CONN_HEAD,   /* wants a request head */
	CONN_BODY,   /* discards content; the reply is planned */
	CONN_SEND,   /* the socket did not take all of the reply */
	CONN_LINGER, /* reply sent, our side shut down; discards until the client ends too */
	CONN_DEAD,   /* to be freed by conn_settle() */
};

/* What the timer is running for. */
enum phase {
	PHASE_IDLE,    /* nothing asked: restarts with each request */
	PHASE_REQUEST, /* something asked, but not all of it: does not restart */
	PHASE_SEND,    /* restarts whenever the client takes something */
	PHASE_LINGER,  /* does not restart */
};

struct conn {
	struct watch watch;
	struct timer timer;
	struct http_request request;
	struct http_body body; /* done, except in CONN_BODY */
	struct reply reply;
	int64_t at, end; /* of the reply's file: sent so far, to be sent */
	char *in;        /* received and not yet used: malloc()ed, in_cap bytes */
	char *out;       /* rest of a head that is to be sent: malloc()ed */
	uint32_t in_len, in_cap, out_len;
	uint8_t state; /* enum state */
	uint8_t phase; /* enum phase */
	bool linger;   /* more may come from the client after the last reply */
	int16_t events;
};

_Static_assert((int)RX_BYTES > (int)HTTP_HEAD_MAX,
	       "a request head must fit into the receive buffer");

static char rx[RX_BYTES];
static char tx[TX_BYTES];
static size_t kept_bytes; /* sum of in_cap */

#define conn_of(pointer, member) ((struct conn *)((char *)(pointer)-offsetof(struct conn, member)))

static void keep_nothing(struct conn *c)
{
	if (!c->in)
		return;
	kept_bytes -= c->in_cap;
	free(c->in);
	c->in = NULL;
	c->in_len = c->in_cap = 0;
}

/* Makes c->in hold at least cap bytes. Returns false when there is no memory. */
static bool keep_room(struct conn *c, size_t cap)
{
	char *in;

	if (cap <= c->in_cap)
		return true;
	if (cap < KEPT_MIN)
		cap = KEPT_MIN;
	if (kept_bytes - c->in_cap + cap > KEPT_TOTAL)
		return false;
	in = realloc(c->in, cap);
	if (!in)
		return false;
	kept_bytes += cap - c->in_cap;
	c->in = in;
	c->in_cap = (uint32_t)cap;
	return true;
}

/* Keeps what could not be used yet; it may already be in c->in. */
static void keep(struct conn *c, const char *rest, size_t len)
{
	if (!len) {
		keep_nothing(c);
	} else if (c->in) {
		memmove(c->in, rest, len);
		c->in_len = (uint32_t)len;
	} else if (keep_room(c, len)) {
		memcpy(c->in, rest, len);
		c->in_len = (uint32_t)len;
	} else {
		c->state = CONN_DEAD;
	}
}

static void conn_free(struct conn *c)
{
	timer_clear(&c->timer);
	poller_remove(&c->watch);
	close(c->watch.fd);
	reply_forget(&c->reply);
	keep_nothing(c);
	free(c->out);
	free(c);
	stats.open--;
	server_connection_ended();
}

/* Returns how many bytes the socket took; the connection may be dead afterwards. */
static size_t conn_send(struct conn *c, const char *bytes, size_t len)
{
	ssize_t n = send(c->watch.fd, bytes, len, MSG_NOSIGNAL);

	if (n < 0) {
		if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
			c->state = CONN_DEAD;
		return 0;
	}
	stats.bytes += (uint64_t)n;
	return (size_t)n;
}

/* The rest of a head, which lies in memory that others will use, waits in its own. */
static void hold_head(struct conn *c, const char *rest, size_t len)
{
	c->out = malloc(len);
	if (!c->out) {
		c->state = CONN_DEAD;
		return;
	}
	memcpy(c->out, rest, len);
	c->out_len = (uint32_t)len;
}

/*
 * The reply has gone. Where the client may still be sending, closing at once would reset the
 * connection, and the reset could overtake the reply: RFC 9112, 9.6.
 */
static void reply_sent(struct conn *c)
{
	reply_forget(&c->reply);
	if (c->reply.keep_alive) {
		c->state = CONN_HEAD;
	} else if (c->linger && !shutdown(c->watch.fd, SHUT_WR)) {
		c->state = CONN_LINGER;
	} else {
		c->state = CONN_DEAD;
	}
}

/* Sends tx[0..head), and then the file from c->at on, as far as the socket takes it. */
static void send_reply(struct conn *c, size_t head)
{
	c->state = CONN_SEND;
	for (int round = 0; round < ROUNDS; round++) {
		int body = 0;
		size_t n;

		if (c->at < c->end)
			body = files_read(c->reply.file, c->at, tx + head, TX_BYTES - head);
		if (body < 0)
			c->state = CONN_DEAD; /* a length was promised that cannot be kept */
		else
			n = conn_send(c, tx, head + (size_t)body);
		if (c->state == CONN_DEAD)
			return;
		if (n < head) {
			hold_head(c, tx + n, head - n);
			return;
		}
		c->at += (int64_t)(n - head);
		if (c->at == c->end) {
			reply_sent(c);
			return;
		}
		if (n < head + (size_t)body)
			return;
		head = 0;
	}
}

/* The short way for a file in memory: its response is there, complete, and goes out as it is. */
static void send_ready(struct conn *c)
{
	struct file *f = c->reply.file;
	size_t head = f->head_bytes;
	size_t n;

	files_freshen(f);
	c->state = CONN_SEND;
	n = conn_send(c, f->response, head + (size_t)f->size);
	if (n == head + (size_t)f->size)
		reply_sent(c);
	else if (n >= head)
		c->at = (int64_t)(n - head);
	else if (c->state != CONN_DEAD)
		hold_head(c, f->response + n, head - n);
}

static void respond(struct conn *c)
{
	struct reply *r = &c->reply;

	stats.requests++;
	stats.refused += r->status >= 400;
	c->at = 0;
	c->end = reply_content(r);
	if (reply_is_ready(r))
		send_ready(c);
	else
		send_reply(c, reply_write(r, tx));
}

/* Answers with an error, after which nothing the client sends makes sense. */
static void refuse(struct conn *c, const char *buf, unsigned int status)
{
	reply_forget(&c->reply);
	reply_error(&c->reply, status);
	c->linger = true;
	if (config.log_requests)
		log_request(c->watch.fd, buf ? &c->request : NULL, buf, &c->reply);
	respond(c);
}

/* A head is there and its reply is planned: answers now, or after the content. */
static void start_reply(struct conn *c)
{
	bool expects = c->request.flags & HTTP_EXPECT && c->request.minor;

	if (http_body_done(&c->body)) {
		respond(c);
	} else if (expects) {
		/* The final status instead of a 100: RFC 9110, 10.1.1. Whether the content
		 * comes nevertheless cannot be told, so this is the last reply. */
		c->reply.keep_alive = false;
		c->linger = true;
		respond(c);
	} else {
		c->state = CONN_BODY;
	}
}

/* Returns how many bytes were used, 0 if more are needed. */
static size_t take_head(struct conn *c, const char *buf, size_t len)
{
	int n = http_request_feed(&c->request, buf, len);

	if (!n)
		return 0;
	if (n > 0 && c->request.flags & (HTTP_LENGTH | HTTP_CHUNKED) &&
	    http_body_init(&c->body, &c->request) < 0)
		n = -413;
	if (n < 0) {
		refuse(c, buf, (unsigned int)-n);
		return len;
	}
	reply_plan(&c->reply, &c->request, buf, tx);
	if (config.log_requests)
		log_request(c->watch.fd, &c->request, buf, &c->reply);
	start_reply(c);
	c->request = (struct http_request){ 0 };
	c->phase = PHASE_IDLE; /* the next request has its own time */
	return (size_t)n;
}

static size_t take_body(struct conn *c, const char *buf, size_t len)
{
	int n = http_body_feed(&c->body, buf, len);

	if (n < 0) {
		refuse(c, NULL, (unsigned int)-n);
		return len;
	}
	if (http_body_done(&c->body))
		respond(c);
	return (size_t)n;
}

/* Uses what was received, as many requests as there are, and keeps the rest. */
static void take(struct conn *c, const char *buf, size_t len)
{
	size_t used = 0, n = 1;

	while (n && used < len && c->state <= CONN_BODY) {
		n = c->state == CONN_HEAD ? take_head(c, buf + used, len - used)
					  : take_body(c, buf + used, len - used);
		used += n;
	}
	if (c->state >= CONN_LINGER)
		used = len;
	keep(c, buf + used, len - used);
}

/* Chooses where to receive: behind what was kept, else in the buffer that all share. */
static char *receive_room(struct conn *c, size_t *room)
{
	*room = RX_BYTES;
	if (!c->in)
		return rx;
	if (c->in_len == c->in_cap) {
		size_t cap = c->in_cap * 2 < RX_BYTES ? c->in_cap * 2 : RX_BYTES;

		if (!keep_room(c, cap))
			return NULL;
	}
	*room = c->in_cap - c->in_len;
	return c->in + c->in_len;
}

/* Receives once. Returns whether there may be more. */
static bool receive(struct conn *c)
{
	size_t room;
	char *at = receive_room(c, &room);
	ssize_t n = at ? recv(c->watch.fd, at, room, 0) : 0;

	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return false;
	if (n <= 0) {
		c->state = CONN_DEAD; /* the client has said all, and has all its replies */
		return false;
	}
	if (c->in)
		take(c, c->in, c->in_len + (size_t)n);
	else
		take(c, rx, (size_t)n);
	return (size_t)n == room;
}

/* Less than there was room for means that no more is there: no need to be told so. */
static void read_requests(struct conn *c)
{
	for (int round = 0; round < ROUNDS; round++)
		if (!receive(c) || c->state == CONN_SEND || c->state == CONN_DEAD)
			return;
}

/* The socket takes bytes again. */
static void resume_reply(struct conn *c)
{
	size_t head = c->out_len;

	if (head) {
		memcpy(tx, c->out, head);
		free(c->out);
		c->out = NULL;
		c->out_len = 0;
	}
	send_reply(c, head);
	if (c->state == CONN_HEAD && c->in)
		take(c, c->in, c->in_len); /* requests that came in the meantime */
}

static enum phase phase_of(const struct conn *c)
{
	switch (c->state) {
	case CONN_HEAD:
		return c->in ? PHASE_REQUEST : PHASE_IDLE;
	case CONN_BODY:
		return PHASE_REQUEST;
	case CONN_SEND:
		return PHASE_SEND;
	default:
		return PHASE_LINGER;
	}
}

/* After each event: what to wait for, and how long. The connection may be gone afterwards. */
static void conn_settle(struct conn *c)
{
	int16_t events = c->state == CONN_SEND ? POLLOUT : POLLIN;
	enum phase phase = phase_of(c);

	if (c->state == CONN_DEAD) {
		conn_free(c);
		return;
	}
	if (events != c->events) {
		c->events = events;
		poller_change(&c->watch, events);
	}
	if (phase != c->phase || phase == PHASE_IDLE || phase == PHASE_SEND)
		timer_set(&c->timer, phase == PHASE_LINGER ? LINGER_S : config.idle_s);
	c->phase = (uint8_t)phase;
}

static void conn_ready(struct watch *w, int events)
{
	struct conn *c = conn_of(w, watch);

	(void)events; /* what is wrong with a socket, using it will tell */
	if (c->state == CONN_SEND)
		resume_reply(c);
	else
		read_requests(c);
	conn_settle(c);
}

static void conn_expired(struct timer *t)
{
	struct conn *c = conn_of(t, timer);

	if (c->phase == PHASE_REQUEST)
		refuse(c, NULL, 408);
	else
		c->state = CONN_DEAD;
	conn_settle(c);
}

bool conn_open(int fd)
{
	struct conn *c = calloc(1, sizeof(*c));

	if (!c)
		return false;
	c->watch.fd = fd;
	c->watch.ready = conn_ready;
	c->timer.expired = conn_expired;
	c->events = POLLIN;
	poller_add(&c->watch, POLLIN);
	stats.accepted++;
	if (++stats.open > stats.peak)
		stats.peak = stats.open;
	read_requests(c); /* the request often comes with the end of the handshake */
	conn_settle(c);
	return true;
}
