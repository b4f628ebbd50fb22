// SPDX-License-Identifier: BSD-2-Clause
/*
 * net.c - wires, as host.net=… names them:
 *
 *   tap:IFNAME            a TAP device that is there (needs the right to use it)
 *   stream:PATH           a Unix stream socket; each frame behind its length in 4 bytes,
 * big-endian: QEMU's -netdev stream, which passt speaks dgram:LOCAL,REMOTE    a pair of Unix
 * datagram sockets, a frame each: QEMU's -netdev dgram
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <linux/if_tun.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <arpa/inet.h>
#include <poll.h>
#include <unistd.h>
#include "arch/host/linux/linux.h"

#define MTU        1500
#define FRAME_MAX  65536
#define PIECES_MAX 32
#define STALL_MS   1000 /* a stream that takes nothing for so long is dead */

static struct wire {
	int fd; /* 0: not open */
	bool stream;
	size_t have; /* bytes of in[] */
	unsigned char in[4 + FRAME_MAX];
} wires[HOST_NETS];

int net_fd(unsigned n)
{
	return wires[n].fd > 0 ? wires[n].fd : -1;
}

static int open_tap(const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, TUNSETIFF, &request))
		fail("TAP device %s: %s", name, strerror(errno));
	return fd;
}

static socklen_t unix_address(struct sockaddr_un *out, const char *path, size_t len)
{
	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (len >= sizeof(out->sun_path))
		fail("%s: too long for a socket", path);
	memcpy(out->sun_path, path, len);
	return sizeof(*out);
}

static int open_stream(const char *path)
{
	struct sockaddr_un a;
	socklen_t len = unix_address(&a, path, strlen(path));
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&a, len))
		fail("%s: %s", path, strerror(errno));
	return fd;
}

static int open_dgram(const char *paths)
{
	const char *comma = strchr(paths, ',');
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un local, remote;
	socklen_t len;

	if (!comma)
		fail("host.net=dgram:%s: LOCAL,REMOTE", paths);
	len = unix_address(&local, paths, (size_t)(comma - paths));
	unlink(local.sun_path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&local, len))
		fail("%s: %s", local.sun_path, strerror(errno));
	len = unix_address(&remote, comma + 1, strlen(comma + 1));
	if (connect(fd, (struct sockaddr *)&remote, len))
		fail("%s: %s", comma + 1, strerror(errno));
	return fd;
}

/* Arrivals while the image runs are told by a signal. */
static void set_up(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETOWN, getpid()) ||
	    fcntl(fd, F_SETFL, flags | O_NONBLOCK | O_ASYNC))
		fail("a wire: %s", strerror(errno));
}

bool net_open(void *host, unsigned n, struct host_net_info *out)
{
	struct linux_host *h = host;
	const char *what;

	if (n >= h->nnet)
		return false;
	what = h->net[n];
	wires[n].stream = strncmp(what, "stream:", 7) == 0;
	if (wires[n].stream)
		wires[n].fd = open_stream(what + 7);
	else if (strncmp(what, "tap:", 4) == 0)
		wires[n].fd = open_tap(what + 4);
	else if (strncmp(what, "dgram:", 6) == 0)
		wires[n].fd = open_dgram(what + 6);
	else
		fail("host.net=%s: tap:IFNAME, stream:PATH or dgram:LOCAL,REMOTE", what);
	set_up(wires[n].fd);
	/* Locally administered, and as QEMU's are otherwise. */
	memcpy(out->mac, (uint8_t[]){ 0x52, 0x54, 0, 0x12, 0x34, (uint8_t)(0x56 + n) }, 6);
	out->mtu = MTU;
	return true;
}

static int gone(struct wire *w)
{
	close(w->fd);
	w->fd = -1;
	return -2;
}

/* What has been begun on a stream must be ended. */
static int send_all(struct wire *w, struct iovec *iov, int niov)
{
	while (niov > 0) {
		ssize_t n = writev(w->fd, iov, niov);

		if (n < 0 && errno == EAGAIN &&
		    poll(&(struct pollfd){ .fd = w->fd, .events = POLLOUT }, 1, STALL_MS) == 0)
			return gone(w);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return gone(w);
		for (; n > 0 && niov > 0; iov++, niov--) {
			if ((size_t)n < iov->iov_len) {
				iov->iov_base = (char *)iov->iov_base + n;
				iov->iov_len -= (size_t)n;
				break;
			}
			n -= (ssize_t)iov->iov_len;
		}
	}
	return 0;
}

int net_send(void *host, unsigned n, const struct host_piece *piece, unsigned npiece)
{
	struct wire *w = &wires[n];
	struct iovec iov[PIECES_MAX + 1];
	uint32_t len = 0;

	(void)host;
	if (w->fd <= 0 || npiece > PIECES_MAX)
		return -2;
	for (unsigned i = 0; i < npiece; i++) {
		iov[i + 1] = (struct iovec){ (void *)piece[i].data, piece[i].len };
		len += (uint32_t)piece[i].len;
	}
	if (w->stream) {
		len = htonl(len);
		iov[0] = (struct iovec){ &len, sizeof(len) };
		return send_all(w, iov, (int)npiece + 1);
	}
	if (writev(w->fd, iov + 1, (int)npiece) >= 0)
		return 0;
	/* A TAP device that is down, a peer that is not there yet: the frame is lost, as on a
	 * cable that is not plugged in. */
	return errno == EAGAIN || errno == ENOBUFS ? -1 : 0;
}

/* The next frame of a stream, once all of it has come. */
static long receive_stream(struct wire *w, void *out, size_t len)
{
	uint32_t size;
	ssize_t n;

	if (w->have < 4 || (memcpy(&size, w->in, 4), w->have < 4 + (size_t)ntohl(size))) {
		n = read(w->fd, w->in + w->have, sizeof(w->in) - w->have);
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			return gone(w);
		w->have += n > 0 ? (size_t)n : 0;
	}
	if (w->have < 4)
		return 0;
	memcpy(&size, w->in, 4);
	size = ntohl(size);
	if (size == 0 || size > FRAME_MAX)
		return gone(w);
	if (w->have < 4 + (size_t)size)
		return 0;
	memcpy(out, w->in + 4, len < size ? len : size);
	w->have -= 4 + size;
	memmove(w->in, w->in + 4 + size, w->have);
	return (long)(len < size ? len : size);
}

long net_receive(void *host, unsigned n, void *out, size_t len)
{
	struct wire *w = &wires[n];
	ssize_t got;

	(void)host;
	if (w->fd <= 0)
		return -2;
	if (w->stream)
		return receive_stream(w, out, len);
	got = read(w->fd, out, len);
	return got > 0 ? got : 0;
}
