// SPDX-License-Identifier: BSD-2-Clause
/*
 * httpd: a small HTTP/1.1 server. See README.md.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "log.h"
#include "server.h"
#include "text.h"

/* What an image serves is its boot archive, which is all there is below "/". */
#ifndef HTTPD_ROOT
#define HTTPD_ROOT "/"
#endif

enum {
	/* As in <sysexits.h>, which not every C library has. */
	EXIT_USAGE = 64,
	EXIT_UNAVAILABLE = 69,

	PORT_DEFAULT = 80,
	IDLE_DEFAULT_S = 30,
	CONNECTIONS_DEFAULT = 512,
};

struct config config = {
	.root = HTTPD_ROOT,
	.port = PORT_DEFAULT,
	.idle_s = IDLE_DEFAULT_S,
	.max_connections = CONNECTIONS_DEFAULT,
};

static const char usage[] =
	"usage: httpd [-l] [-p PORT] [-r DIRECTORY] [-t SECONDS] [-c CONNECTIONS]\n"
	"  -p  port to listen on (80)\n"
	"  -r  directory to serve (" HTTPD_ROOT ")\n"
	"  -l  log a line per request\n"
	"  -t  close connections that are silent, or slow to ask, for so long (30)\n"
	"  -c  connections at a time (512); more wait in the backlog\n"
	"  -h  this text\n";

static void print_usage(int fd)
{
	if (write(fd, usage, sizeof(usage) - 1) < 0)
		exit(EXIT_FAILURE);
}

static _Noreturn void usage_error(const char *a, const char *b, const char *c)
{
	log_say(a, b, c);
	print_usage(STDERR_FILENO);
	exit(EXIT_USAGE);
}

/* A decimal number from min to max, with the option's letter for the complaint. */
static uint32_t number(char letter, const char *s, uint32_t min, uint32_t max)
{
	const char what[] = { '-', letter, ' ', '\0' };
	uint32_t n = 0;
	size_t digits = 0;

	for (; digits < 9 && s[digits] >= '0' && s[digits] <= '9'; digits++)
		n = n * 10 + (uint32_t)(s[digits] - '0');
	if (!digits || s[digits] || n < min || n > max)
		usage_error(what, s, ": not a number in its range");
	return n;
}

/* "/" and "/dir/" become "" and "/dir": paths begin with a '/' of their own. */
static const char *directory(char *s)
{
	size_t len = strlen(s);

	while (len && s[len - 1] == '/')
		s[--len] = '\0';
	return s;
}

static void set_option(char letter, char *value)
{
	switch (letter) {
	case 'p':
		config.port = (uint16_t)number(letter, value, 1, 65535);
		break;
	case 'r':
		config.root = value;
		break;
	case 't':
		config.idle_s = number(letter, value, 1, 86400);
		break;
	case 'c':
		config.max_connections = number(letter, value, 1, 65535);
		break;
	}
}

static void set_flag(char letter)
{
	if (letter == 'h') {
		print_usage(STDOUT_FILENO);
		exit(EXIT_SUCCESS);
	}
	if (letter != 'l') {
		const char what[] = { '-', letter, '\0' };

		usage_error(what, ": no such option", NULL);
	}
	config.log_requests = true;
}

/*
 * The rules of getopt(), which itself is not used: newlib's complains through fprintf(), and
 * that would be a fifth of the image.
 */
static void parse_options(int argc, char **argv)
{
	int i = 1;

	for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
		char *at = argv[i] + 1;

		if (!strcmp(at, "-")) {
			i++;
			break;
		}
		while (*at && !strchr("prtc", *at))
			set_flag(*at++);
		if (!*at)
			continue;
		if (!at[1] && i + 1 == argc)
			usage_error(argv[i], ": a value is missing", NULL);
		set_option(*at, at[1] ? at + 1 : argv[++i]);
	}
	if (i < argc)
		usage_error(argv[i], ": what is this for?", NULL);
}

static void say_listening(void)
{
	char port[8];
	struct text t;

	text_init(&t, port, sizeof(port));
	text_u64(&t, config.port);
	text_char(&t, '\0');
	log_say("listening on port ", port, NULL);
}

static int fail(const char *what)
{
	char number_text[16];
	struct text t;

	text_init(&t, number_text, sizeof(number_text));
	text_str(&t, "error ");
	text_u64(&t, (uint64_t)errno);
	text_char(&t, '\0');
	log_say(what, ": ",
		errno == EADDRINUSE ? "the port is in use"
		: errno == EACCES   ? "permission denied"
		: errno == ENOMEM   ? "out of memory"
				    : number_text);
	return EXIT_UNAVAILABLE;
}

int main(int argc, char **argv)
{
	static char root[1024];

	parse_options(argc, argv);
	if (strlen(config.root) >= sizeof(root))
		usage_error("-r", ": too long", NULL);
	config.root = directory(strcpy(root, config.root));
	if (server_listen())
		return fail("cannot listen");
	say_listening();
	server_run();
	return fail("cannot wait");
}
