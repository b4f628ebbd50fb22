// SPDX-License-Identifier: BSD-2-Clause
/*
 * unix_option.c - options and control requests of the local family.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include "lib/posix/unix_socket.h"
#include "net/option_value.h"

#define BUFFER_MIN_BYTES 2048u
#define BUFFER_MAX_BYTES (1024 * 1024u)

/* There is one process and one user; the numbers are those of getpid() and getuid(). */
struct ucred unix_credentials(void)
{
	return (struct ucred){ .pid = 1, .uid = 0, .gid = 0 };
}

static uint32_t buffer_bytes(int n)
{
	return MIN(MAX((uint32_t)MAX(n, 0), BUFFER_MIN_BYTES), BUFFER_MAX_BYTES);
}

static int set_int(struct unix_socket *s, int option, int n)
{
	switch (option) {
	case SO_SNDBUF:
		s->tx_limit_bytes = buffer_bytes(n);
		return 0;
	case SO_RCVBUF: /* kept: the sender's buffer is the limit */
		s->rx_limit_bytes = buffer_bytes(n);
		return 0;
	case SO_PASSCRED:
		s->pass_credentials = n != 0;
		return 0;
	case SO_REUSEADDR:
		s->reuse_address = n != 0;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

int unix_set_option(struct file *f, int level, int option, const void *value, socklen_t len)
{
	struct unix_socket *s = unix_of(f);
	int n, err;

	if (level != SOL_SOCKET)
		return -ENOPROTOOPT;
	if (option == SO_RCVTIMEO)
		return option_get_timeout(value, len, &s->receive_timeout);
	if (option == SO_SNDTIMEO)
		return option_get_timeout(value, len, &s->send_timeout);
	err = option_get_int(value, len, &n);
	if (err)
		return err;
	mutex_lock(&unix_lock);
	err = set_int(s, option, n);
	mutex_unlock(&unix_lock);
	return err;
}

static int take_error(struct unix_socket *s)
{
	int err = -s->error;

	s->error = 0;
	return err;
}

static int get_int(struct unix_socket *s, int option, int *out)
{
	switch (option) {
	case SO_TYPE:
		*out = s->type;
		return 0;
	case SO_DOMAIN:
		*out = AF_UNIX;
		return 0;
	case SO_PROTOCOL:
		*out = 0;
		return 0;
	case SO_ERROR:
		*out = take_error(s);
		return 0;
	case SO_ACCEPTCONN:
		*out = s->state == UNIX_LISTENING;
		return 0;
	case SO_SNDBUF:
		*out = s->tx_limit_bytes;
		return 0;
	case SO_RCVBUF:
		*out = s->rx_limit_bytes;
		return 0;
	case SO_PASSCRED:
		*out = s->pass_credentials;
		return 0;
	case SO_REUSEADDR:
		*out = s->reuse_address;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

int unix_get_option(struct file *f, int level, int option, void *value, socklen_t *len)
{
	struct unix_socket *s = unix_of(f);
	struct ucred who = unix_credentials();
	int n, err;

	if (level != SOL_SOCKET)
		return -ENOPROTOOPT;
	if (option == SO_RCVTIMEO)
		return option_put_timeout(s->receive_timeout, value, len);
	if (option == SO_SNDTIMEO)
		return option_put_timeout(s->send_timeout, value, len);
	if (option == SO_PEERCRED) {
		if (s->state != UNIX_CONNECTED)
			who = (struct ucred){ 0, -1, -1 }; /* as Linux says it of nobody */
		return option_put(&who, sizeof(who), value, len);
	}
	mutex_lock(&unix_lock);
	err = get_int(s, option, &n);
	mutex_unlock(&unix_lock);
	return err ? err : option_put_int(n, value, len);
}

/* A datagram's length is asked for, not that of all that wait. */
static int readable_bytes(const struct unix_socket *s)
{
	int n = 0;

	list_for_each (it, &s->packets) {
		struct unix_packet *p = list_entry(it, struct unix_packet, node);

		n += (int)(p->len - p->done);
		if (s->type != SOCK_STREAM)
			break;
	}
	return n;
}

int unix_control(struct file *f, unsigned long request, void *arg)
{
	struct unix_socket *s = unix_of(f);
	int err = 0;

	mutex_lock(&unix_lock);
	if (request == FIONREAD)
		*(int *)arg = readable_bytes(s);
	else if (request == TIOCOUTQ)
		*(int *)arg = s->peer ? (int)s->peer->rx_bytes : 0;
	else
		err = -ENOTTY;
	mutex_unlock(&unix_lock);
	return err;
}
