// SPDX-License-Identifier: BSD-2-Clause
/*
 * sum - a program for the system tests: reads a connection to its end, port 9, and answers how many
 * bytes that were and their CRC-32 (the one of zlib).
 */
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT 9

static uint32_t table[256];

static void make_table(void)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t c = i;

		for (int bit = 0; bit < 8; bit++)
			c = c & 1 ? c >> 1 ^ 0xedb88320 : c >> 1;
		table[i] = c;
	}
}

static void serve(int fd)
{
	static unsigned char data[65536];
	unsigned long total = 0;
	uint32_t crc = 0xffffffff;
	char answer[64];
	ssize_t n;
	int len;

	while ((n = read(fd, data, sizeof(data))) > 0) {
		for (ssize_t i = 0; i < n; i++)
			crc = table[(crc ^ data[i]) & 0xff] ^ crc >> 8;
		total += (unsigned long)n;
	}
	len = snprintf(answer, sizeof(answer), "%lu %08x\n", total, (unsigned)~crc);
	if (write(fd, answer, (size_t)len) != len)
		perror("write");
	close(fd);
}

int main(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	int listener = socket(AF_INET, SOCK_STREAM, 0), fd;

	make_table();
	if (bind(listener, (struct sockaddr *)&a, sizeof(a)) || listen(listener, 4)) {
		perror("listen");
		return 1;
	}
	puts("ready");
	while ((fd = accept(listener, NULL, NULL)) >= 0)
		serve(fd);
	perror("accept");
	return 1;
}
