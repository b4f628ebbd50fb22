// SPDX-License-Identifier: BSD-2-Clause
/*
 * http_load - an HTTP client for dom0, linked statically on the machine that makes the test.
 *
 *   http_load ADDRESS kept REQUESTS CONNECTIONS   on connections that stay open, in turn
 *   http_load ADDRESS new REQUESTS                each on a connection of its own
 *
 * Every answer must be a 200 of the same length. Prints how many were not; status 0 only when none.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define TIMEOUT_S       60
#define CONNECTIONS_MAX 64

static const char request[] = "GET /bench.html HTTP/1.1\r\nHost: guest\r\n\r\n";
static struct sockaddr_in server;
static long expected; /* bytes of an answer's content */

static int connect_to_server(void)
{
	struct timeval t = { .tv_sec = TIMEOUT_S };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t));
	if (connect(fd, (struct sockaddr *)&server, sizeof(server)) == 0)
		return fd;
	perror("connect");
	close(fd);
	return -1;
}

/* The whole answer to one request; 0 if it was as it should be. */
static int ask(int fd)
{
	static char text[65536];
	size_t len = 0;
	char *content = NULL, *field;
	long content_len = -1;

	if (fd < 0 || write(fd, request, sizeof(request) - 1) != (ssize_t)sizeof(request) - 1)
		return -1;
	while (!content || (long)(len - (size_t)(content - text)) < content_len) {
		ssize_t n = read(fd, text + len, sizeof(text) - 1 - len);

		if (n <= 0) {
			fprintf(stderr, "read: %zd, %s\n", n, strerror(errno));
			return -1;
		}
		len += (size_t)n;
		text[len] = '\0';
		if (!content && (content = strstr(text, "\r\n\r\n"))) {
			content += 4;
			field = strstr(text, "Content-Length: ");
			content_len = field ? atol(field + 16) : -1;
		}
	}
	if (!expected)
		expected = content_len;
	return strncmp(text, "HTTP/1.1 200 ", 13) == 0 && content_len == expected ? 0 : -1;
}

static int kept(int requests, int connections)
{
	int fd[CONNECTIONS_MAX], failed = 0;

	for (int i = 0; i < connections; i++)
		fd[i] = connect_to_server();
	for (int i = 0; i < requests; i++)
		failed += ask(fd[i % connections]) != 0;
	for (int i = 0; i < connections; i++)
		close(fd[i]);
	return failed;
}

static int anew(int requests)
{
	int failed = 0;

	for (int i = 0; i < requests; i++) {
		int fd = connect_to_server();

		failed += ask(fd) != 0;
		close(fd);
	}
	return failed;
}

int main(int argc, char **argv)
{
	int requests, failed;

	if (argc < 4)
		return 2;
	requests = atoi(argv[3]);
	server.sin_family = AF_INET;
	server.sin_port = htons(80);
	server.sin_addr.s_addr = inet_addr(argv[1]);
	failed = strcmp(argv[2], "kept") == 0 ? kept(requests, argc > 4 ? atoi(argv[4]) : 1)
					      : anew(requests);
	printf("%s: %d requests of %ld bytes, %d failed\n", argv[2], requests, expected, failed);
	return failed != 0;
}
