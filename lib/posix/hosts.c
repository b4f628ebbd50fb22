// SPDX-License-Identifier: BSD-2-Clause
#include "lib/posix/hosts.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define WORD_BYTES 256 /* longer than any name; longer words are no names */

struct reader {
	int fd;
	ssize_t at, len;
	char buf[512];
	const char *name;
	struct hosts_entry *out;
};

static int next_byte(struct reader *r)
{
	if (r->at == r->len) {
		r->at = 0;
		r->len = read(r->fd, r->buf, sizeof(r->buf));
		if (r->len <= 0) {
			r->len = 0;
			return -1;
		}
	}
	return (unsigned char)r->buf[r->at++];
}

/* The next word of the line, "" at its end. Returns the byte behind it: what ends the line, or a
 * blank; -1 at the file's end. */
static int next_word(struct reader *r, char *word)
{
	int c = next_byte(r), n = 0;

	while (c == ' ' || c == '\t' || c == '\r')
		c = next_byte(r);
	for (; c > 0 && !strchr(" \t\r\n#", c); c = next_byte(r))
		if (n < WORD_BYTES)
			word[n++] = (char)c;
	word[n < WORD_BYTES ? n : 0] = '\0';
	return c;
}

static void take(struct hosts_entry *out, const char *address)
{
	if (!out->has_in && inet_pton(AF_INET, address, &out->in) == 1)
		out->has_in = true;
	else if (!out->has_in6 && inet_pton(AF_INET6, address, &out->in6) == 1)
		out->has_in6 = true;
}

/* False: the file ends with this line. */
static bool read_line(struct reader *r)
{
	char address[WORD_BYTES], word[WORD_BYTES];
	int c = next_word(r, address);

	while (c >= 0 && c != '\n' && c != '#') {
		c = next_word(r, word);
		if (strcasecmp(word, r->name) == 0)
			take(r->out, address);
	}
	while (c >= 0 && c != '\n')
		c = next_byte(r);
	return c >= 0;
}

bool hosts_find(const char *name, struct hosts_entry *out)
{
	int saved = errno;
	struct reader r = { .fd = open("/etc/hosts", O_RDONLY | O_CLOEXEC),
			    .name = name,
			    .out = out };

	*out = (struct hosts_entry){ 0 };
	if (r.fd >= 0) {
		while (*name && read_line(&r))
			;
		close(r.fd);
	}
	errno = saved;
	return out->has_in || out->has_in6;
}
