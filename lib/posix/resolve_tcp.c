// SPDX-License-Identifier: BSD-2-Clause
#include "lib/posix/resolve_tcp.h"
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include "kernel/random.h"
#include "lib/base/dns_message.h"

#define PORT        53
#define WAIT_S      5
#define PIECES_MOST 64 /* of an answer, for it to have an end */

static int connect_to(const struct net_server *server)
{
	struct timeval wait = { .tv_sec = WAIT_S };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6, .sin6_port = htons(PORT) };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	bool ipv6 = server->family == AF_INET6;
	int s = socket(server->family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (s < 0)
		return -1;
	memcpy(&to.sin_addr, server->address, sizeof(to.sin_addr));
	memcpy(&to6.sin6_addr, server->address, sizeof(to6.sin6_addr));
	setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	if (connect(s, ipv6 ? (struct sockaddr *)&to6 : (struct sockaddr *)&to,
		    ipv6 ? sizeof(to6) : sizeof(to)) == 0)
		return s;
	close(s);
	return -1;
}

static bool receive(int s, uint8_t *out, size_t len)
{
	for (int i = 0; len > 0 && i < PIECES_MOST; i++) {
		ssize_t n = recv(s, out, len, 0);

		if (n <= 0)
			return false;
		out += n;
		len -= (size_t)n;
	}
	return len == 0;
}

/* Both directions begin with a length (RFC 1035, 4.2.2). */
static uint8_t *exchange(int s, const uint8_t *message, size_t len, size_t *answer_len)
{
	uint8_t *answer, size[2];

	if (send(s, message, len, MSG_NOSIGNAL) != (ssize_t)len || !receive(s, size, sizeof(size)))
		return NULL;
	*answer_len = (size_t)size[0] << 8 | size[1];
	answer = malloc(*answer_len + 1);
	if (answer && receive(s, answer, *answer_len))
		return answer;
	free(answer);
	return NULL;
}

int resolve_tcp(const struct net_server *server, const char *name, int family, void *address)
{
	uint8_t message[2 + DNS_QUESTION_BYTES], *answer;
	uint16_t type = family == AF_INET6 ? DNS_TYPE_AAAA : DNS_TYPE_A;
	size_t len = dns_question(message + 2, (uint16_t)random_u32(), name, type), answer_len;
	int s, err = -EAGAIN;

	if (len == 0)
		return -EINVAL;
	message[0] = (uint8_t)(len >> 8);
	message[1] = (uint8_t)len;
	s = connect_to(server);
	if (s < 0)
		return -EAGAIN;
	answer = exchange(s, message, len + 2, &answer_len);
	close(s);
	if (answer)
		err = dns_answer(message + 2, len, answer, answer_len, address,
				 family == AF_INET6 ? 16 : 4);
	free(answer);
	return err == -EBADMSG ? -EAGAIN : err;
}
