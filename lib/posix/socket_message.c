// SPDX-License-Identifier: BSD-2-Clause
/*
 * socket_message.c - sendmsg(), recvmsg() and their plurals, with control messages.
 *
 * Control messages are decoded and written here alone; the families see struct send_options and
 * struct ancillary. POSIX.1-2017, <sys/socket.h>; RFC 3542, 4 and 6.
 */
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include "kernel/socket_calls.h"
#include "lib/libc/fd.h"
#include "lib/libc/result.h"
#include "lib/posix/socket_fd.h"
#include "lib/posix/timespec.h"

#define FILES_MOST 253 /* in one message, as programs know it from Linux */

/* Receiving */

/* A header and its data; what does not fit as a whole is cut and said to be. */
static void put(struct ancillary *a, int level, int type, const void *data, size_t len)
{
	struct cmsghdr h = { CMSG_LEN(len), level, type };
	size_t room = a->size - a->used;

	if (room < sizeof(h)) {
		a->truncated = true;
		return;
	}
	if (h.cmsg_len > room) {
		a->truncated = true;
		h.cmsg_len = room;
	}
	memcpy(a->buf + a->used, &h, sizeof(h));
	memcpy(a->buf + a->used + CMSG_LEN(0), data, h.cmsg_len - CMSG_LEN(0));
	a->used += MIN(CMSG_SPACE(len), room);
}

/* Descriptors for as many files as there is room for; the others are closed. */
static void passed(struct ancillary *a, struct file **files, unsigned n)
{
	size_t room = a->size - a->used;
	unsigned fits = room > CMSG_LEN(0) ? MIN((room - CMSG_LEN(0)) / sizeof(int), (size_t)n) : 0;
	int numbers[FILES_MOST];
	unsigned done = 0;

	while (done < fits) {
		numbers[done] = fd_alloc(files[done], a->close_on_exec);
		if (numbers[done] < 0)
			break;
		done++;
	}
	for (unsigned i = done; i < n; i++)
		file_put(files[i]);
	if (done)
		put(a, SOL_SOCKET, SCM_RIGHTS, numbers, done * sizeof(int));
	a->truncated |= done < n;
}

static ssize_t receive_one(struct file *f, struct msghdr *h, int flags)
{
	struct ancillary a = { .buf = h->msg_control,
			       .size = h->msg_control ? h->msg_controllen : 0,
			       .close_on_exec = flags & MSG_CMSG_CLOEXEC,
			       .put = put,
			       .passed = passed };
	struct message m = { h->msg_iov,
			     h->msg_iovlen,
			     flags & ~MSG_CMSG_CLOEXEC,
			     h->msg_name,
			     h->msg_name ? h->msg_namelen : 0,
			     &a,
			     NULL };
	ssize_t n;

	if (h->msg_iovlen > IOV_MAX)
		return -EMSGSIZE;
	n = f->ops->socket->receive(f, &m);
	if (n < 0)
		return n;
	h->msg_namelen = m.name_len;
	h->msg_controllen = a.used;
	h->msg_flags = m.flags | (a.truncated ? MSG_CTRUNC : 0);
	return n;
}

static long receive_once(int fd, struct msghdr *h, int flags)
{
	long ret;
	struct file *f = socket_fd_get(fd, &ret);

	if (f) {
		ret = receive_one(f, h, flags);
		file_put(f);
	}
	return ret;
}

UNIK_API ssize_t recvmsg(int fd, struct msghdr *h, int flags)
{
	return posix_call(receive_once(fd, h, flags));
}

/* Until all are filled, nothing more is there (MSG_WAITFORONE: after the first), or `deadline`. */
static int receive_many(struct file *f, struct mmsghdr *v, unsigned n, int flags, ns_t deadline)
{
	bool one = flags & MSG_WAITFORONE;
	ssize_t len = 0;
	unsigned i;

	flags &= ~MSG_WAITFORONE;
	for (i = 0; i < n; i++) {
		len = receive_one(f, &v[i].msg_hdr, flags);
		if (len < 0)
			break;
		v[i].msg_len = len;
		if (one)
			flags |= MSG_DONTWAIT;
		if (time_now() >= deadline) {
			i++;
			break;
		}
	}
	return i ? (int)i : (int)len;
}

/* As Linux has it: the time is looked at after each message only. */
UNIK_API int recvmmsg(int fd, struct mmsghdr *v, unsigned n, int flags, struct timespec *timeout)
{
	ns_t span, deadline = NS_NEVER;
	long ret;
	struct file *f;

	if (timeout) {
		if (timespec_to_ns(timeout, &span))
			return (int)posix_result(-EINVAL);
		deadline = time_deadline(span);
	}
	f = socket_fd_get(fd, &ret);
	if (f) {
		ret = receive_many(f, v, MIN(n, (unsigned)IOV_MAX), flags, deadline);
		file_put(f);
	}
	return (int)posix_result(ret);
}

/* Sending */

static int decode_int(const struct cmsghdr *h, int least, int *out)
{
	int n;

	if (h->cmsg_len < CMSG_LEN(sizeof(n)))
		return -EINVAL;
	memcpy(&n, CMSG_DATA(h), sizeof(n));
	if (n < least || n > 255)
		return -EINVAL;
	*out = n;
	return 0;
}

static int decode_ip(const struct cmsghdr *h, struct send_options *o)
{
	struct in_pktinfo info;

	if (h->cmsg_type == IP_TTL)
		return decode_int(h, 1, &o->ttl);
	if (h->cmsg_type == IP_TOS)
		return decode_int(h, 0, &o->tos);
	if (h->cmsg_type != IP_PKTINFO || h->cmsg_len < CMSG_LEN(sizeof(info)))
		return -EINVAL;
	memcpy(&info, CMSG_DATA(h), sizeof(info));
	o->interface = info.ipi_ifindex;
	o->source_family = info.ipi_spec_dst.s_addr ? AF_INET : AF_UNSPEC;
	memcpy(o->source, &info.ipi_spec_dst, sizeof(info.ipi_spec_dst));
	return 0;
}

static int decode_ipv6(const struct cmsghdr *h, struct send_options *o)
{
	struct in6_pktinfo info;

	if (h->cmsg_type == IPV6_HOPLIMIT)
		return decode_int(h, 1, &o->ttl);
	if (h->cmsg_type == IPV6_TCLASS)
		return decode_int(h, 0, &o->tos);
	if (h->cmsg_type != IPV6_PKTINFO || h->cmsg_len < CMSG_LEN(sizeof(info)))
		return -EINVAL;
	memcpy(&info, CMSG_DATA(h), sizeof(info));
	o->interface = info.ipi6_ifindex;
	o->source_family = IN6_IS_ADDR_UNSPECIFIED(&info.ipi6_addr) ? AF_UNSPEC : AF_INET6;
	memcpy(o->source, &info.ipi6_addr, sizeof(info.ipi6_addr));
	return 0;
}

/* References to the files of SCM_RIGHTS; put again by the caller. */
static int decode_rights(const struct cmsghdr *h, struct send_options *o)
{
	unsigned n = (h->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	int fd;

	for (unsigned i = 0; i < n; i++) {
		if (o->nfiles == FILES_MOST)
			return -EINVAL;
		memcpy(&fd, CMSG_DATA(h) + i * sizeof(fd), sizeof(fd));
		o->files[o->nfiles] = fd_get(fd);
		if (!o->files[o->nfiles])
			return -EBADF;
		o->nfiles++;
	}
	return 0;
}

static int decode_one(const struct cmsghdr *h, struct send_options *o)
{
	if (h->cmsg_level == IPPROTO_IP)
		return decode_ip(h, o);
	if (h->cmsg_level == IPPROTO_IPV6)
		return decode_ipv6(h, o);
	if (h->cmsg_level != SOL_SOCKET)
		return -EINVAL;
	if (h->cmsg_type == SCM_RIGHTS)
		return decode_rights(h, o);
	/* Who we are is not to be claimed: it is what it is. */
	return h->cmsg_type == SCM_CREDENTIALS ? 0 : -EINVAL;
}

static int decode(const struct msghdr *h, struct send_options *o)
{
	const char *end;
	int err = 0;

	if (!h->msg_control)
		return 0;
	end = (const char *)h->msg_control + h->msg_controllen;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c && !err; c = CMSG_NXTHDR(h, c)) {
		if (c->cmsg_len < CMSG_LEN(0) || c->cmsg_len > (size_t)(end - (const char *)c))
			return -EINVAL;
		err = decode_one(c, o);
	}
	return err;
}

static ssize_t send_one(struct file *f, const struct msghdr *h, int flags)
{
	struct file *files[FILES_MOST];
	struct send_options o = { .ttl = -1, .tos = -1, .files = files };
	struct message m = { h->msg_iov,
			     h->msg_iovlen,
			     flags,
			     h->msg_name,
			     h->msg_namelen,
			     NULL,
			     h->msg_controllen ? &o : NULL };
	ssize_t n;

	if (h->msg_iovlen > IOV_MAX)
		return -EMSGSIZE;
	n = decode(h, &o);
	if (!n)
		n = f->ops->socket->send(f, &m);
	while (o.nfiles)
		file_put(files[--o.nfiles]);
	return n;
}

static long send_once(int fd, const struct msghdr *h, int flags)
{
	long ret;
	struct file *f = socket_fd_get(fd, &ret);

	if (f) {
		ret = send_one(f, h, flags);
		file_put(f);
	}
	return ret;
}

UNIK_API ssize_t sendmsg(int fd, const struct msghdr *h, int flags)
{
	long ret;

	do {
		ret = send_once(fd, h, flags);
		if (ret >= 0)
			return ret;
	} while (flags & MSG_NOSIGNAL ? posix_failed_quietly(ret) : posix_failed(ret));
	return -1;
}

UNIK_API int sendmmsg(int fd, struct mmsghdr *v, unsigned n, int flags)
{
	long ret;
	struct file *f = socket_fd_get(fd, &ret);
	unsigned i;

	if (!f)
		return (int)posix_result(ret);
	ret = 0;
	n = MIN(n, (unsigned)IOV_MAX);
	for (i = 0; i < n; i++) {
		ret = send_one(f, &v[i].msg_hdr, flags);
		if (ret < 0)
			break;
		v[i].msg_len = ret;
	}
	file_put(f);
	return (int)posix_result(i ? (long)i : ret);
}

/* No protocol here has an urgent mark (RFC 6093 advises against it), so the next byte never is
 * behind one. */
UNIK_API int sockatmark(int fd)
{
	long ret;
	struct file *f = socket_fd_get(fd, &ret);

	if (f) {
		file_put(f);
		ret = 0;
	}
	return (int)posix_result(ret);
}
