// SPDX-License-Identifier: BSD-2-Clause
#include "lib/posix/search.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "kernel/boot_info.h"
#include "kernel/sealed.h"
#include "lib/fs/generated.h"
#include "lib/fs/parts.h"
#include "net/resolve.h"

#define BLANKS     " \t\r,"
#define FILE_BYTES 2048 /* of /etc/resolv.conf; what is behind them is not read */

/* What a line says behind its word; NULL: something else. */
static const char *domains_of(const char *line)
{
	static const char words[2][8] = { "search", "domain" };

	for (int i = 0; i < 2; i++)
		if (strncmp(line, words[i], 6) == 0 && (line[6] == ' ' || line[6] == '\t'))
			return line + 7;
	return NULL;
}

/* The whole lines of the text, as far as there is room for it. */
static void read_lines(char *out, size_t size)
{
	int fd = open("/etc/resolv.conf", O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;
	char *end;

	if (fd >= 0) {
		n = read(fd, out, size - 1);
		close(fd);
	}
	out[n > 0 ? n : 0] = '\0';
	end = strrchr(out, '\n');
	if (end && n == (ssize_t)size - 1)
		*end = '\0';
}

static void read_file(char *out, size_t size)
{
	char text[FILE_BYTES], *next;

	read_lines(text, sizeof(text));
	for (char *line = text; line; line = next) {
		const char *domains = domains_of(line);

		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (domains && strlen(domains) < size)
			strcpy(out, domains);
	}
}

void search_start(struct search *s, const char *node)
{
	size_t len = strlen(node);
	int saved = errno;

	FS_NEED(name_servers); /* who asks them shows them */
	s->node = node;
	s->at = s->domains;
	s->step = strchr(node, '.') ? SEARCH_FIRST : SEARCH_DOMAINS;
	s->domains[0] = '\0';
	if (len && node[len - 1] != '.' &&
	    !boot_option("unik.search", s->domains, sizeof(s->domains)))
		read_file(s->domains, sizeof(s->domains));
	errno = saved;
}

/* The name as it is, without the dot that says so. */
static bool take_node(struct search *s)
{
	size_t len = strlen(s->node);

	if (len >= sizeof(s->name))
		return false;
	memcpy(s->name, s->node, len + 1);
	if (len > 1 && s->name[len - 1] == '.')
		s->name[len - 1] = '\0';
	return true;
}

/* Behind the name the next domain that fits there. */
static bool take_domain(struct search *s)
{
	size_t node_len = strlen(s->node), len;
	const char *domain;

	do {
		domain = s->at + strspn(s->at, BLANKS);
		len = strcspn(domain, BLANKS);
		s->at = domain + len;
		if (len && domain[len - 1] == '.')
			len--;
	} while (*domain && (len == 0 || node_len + 1 + len >= sizeof(s->name)));
	if (!*domain)
		return false;
	memcpy(s->name, s->node, node_len);
	s->name[node_len] = '.';
	memcpy(s->name + node_len + 1, domain, len);
	s->name[node_len + 1 + len] = '\0';
	return true;
}

bool search_next(struct search *s)
{
	if (s->step == SEARCH_FIRST) {
		s->step = SEARCH_DOMAINS;
		if (take_node(s))
			return true;
	}
	if (s->step == SEARCH_DOMAINS) {
		if (take_domain(s))
			return true;
		s->step = strchr(s->node, '.') ? SEARCH_OVER : SEARCH_LAST;
	}
	if (s->step == SEARCH_LAST) {
		s->step = SEARCH_OVER;
		return take_node(s);
	}
	return false;
}

/* --- /etc/resolv.conf ------------------------------------------------------------------- */

static bool list_servers(struct text *t)
{
	char name[INET6_ADDRSTRLEN];
	struct net_server server;
	unsigned i = 0;

	for (; net_name_server(i, &server); i++)
		if (inet_ntop(server.family, server.address, name, sizeof(name)))
			text_printf(t, "nameserver %s\n", name);
	return i != 0;
}

static int show_servers(void)
{
	sealed_set(&proc_name_servers, list_servers);
	return 0;
}
FS_PART(name_servers, show_servers);
