// SPDX-License-Identifier: BSD-2-Clause
/*
 * syslog.c - messages to the console, or to a server by RFC 5424 over UDP (RFC 5426).
 *
 * A program that calls syslog() contains the network, for the command line decides where its
 * messages go. One that cannot be sent goes to the console.
 */
#include <syslog.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/socket.h>
#include "lib/base/compiler.h"
#include "lib/libc/option.h"

#define MESSAGE_BYTES 1024

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards all below */
static const char *identity = "program";
static int options, facility = LOG_USER, mask = LOG_UPTO(LOG_DEBUG);
static int server = -1; /* a connected socket */
static bool asked;      /* whether there is a server */

/* ADDR, ADDR:PORT, [ADDR6] or [ADDR6]:PORT, cut in two in place. */
static void split_address(char *text, const char **host, const char **port)
{
	char *colon = strrchr(text, ':'), *bracket = strchr(text, ']');

	*host = text;
	*port = "514";
	if (*text == '[' && bracket) {
		*host = text + 1;
		*bracket = '\0';
		colon = bracket[1] == ':' ? bracket + 1 : NULL;
	} else if (colon && strchr(text, ':') != colon) {
		colon = NULL; /* an IPv6 address without brackets */
	}
	if (colon) {
		*colon = '\0';
		*port = colon + 1;
	}
}

static int connect_to(char *text)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICSERV }, *found;
	const char *host, *port;
	int fd;

	split_address(text, &host, &port);
	if (getaddrinfo(host, port, &hints, &found))
		return -1;
	fd = socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, found->ai_addr, found->ai_addrlen)) {
		close(fd);
		fd = -1;
	}
	freeaddrinfo(found);
	return fd;
}

static void find_server(void)
{
	char text[128];

	if (!asked && __unik_option("unik.syslog", text, sizeof(text)))
		server = connect_to(text);
	asked = true;
}

/* RFC 5424, 6: <PRI>1 TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA MSG */
static int send_message(int priority, const char *message, int len)
{
	char line[MESSAGE_BYTES + 256], stamp[32], host[65] = "-";
	struct timespec now;
	struct tm tm;
	int n;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &tm);
	gethostname(host, sizeof(host));
	n = snprintf(line, sizeof(line), "<%d>1 %s.%06ldZ %.64s %.48s %d - - %.*s", priority, stamp,
		     now.tv_nsec / 1000, host, identity, getpid(), len, message);
	if (n >= (int)sizeof(line))
		n = sizeof(line) - 1;
	return (int)send(server, line, (size_t)n, MSG_NOSIGNAL);
}

static void print_message(const char *message, int len)
{
	char line[MESSAGE_BYTES + 80];
	int n = snprintf(line, sizeof(line),
			 options & LOG_PID ? "%.48s[%d]: " : "%.48s: ", identity, getpid());

	n += snprintf(line + n, sizeof(line) - (size_t)n, "%.*s\n", len, message);
	write(STDERR_FILENO, line, (size_t)n);
}

/* The format with %m replaced by the text of the error. */
static void expand(char *out, size_t size, const char *format, int error)
{
	size_t used = 0;

	for (; *format && used + 2 < size; format++) {
		const char *text;

		if (format[0] != '%' || format[1] != 'm') {
			out[used++] = *format;
			if (format[0] == '%' && format[1])
				out[used++] = *++format;
			continue;
		}
		format++;
		for (text = strerror(error); *text && used + 2 < size; text++) {
			if (*text == '%')
				out[used++] = '%';
			out[used++] = *text;
		}
	}
	out[used] = '\0';
}

static void deliver(int priority, const char *message, int len)
{
	find_server();
	if (options & LOG_PERROR)
		print_message(message, len);
	if (server >= 0 && send_message(priority, message, len) >= 0)
		return;
	if (!(options & LOG_PERROR))
		print_message(message, len);
}

UNIK_API void vsyslog(int priority, const char *format, va_list args)
{
	char expanded[MESSAGE_BYTES], message[MESSAGE_BYTES];
	int saved = errno, len;

	if (priority & ~(LOG_PRIMASK | LOG_FACMASK))
		return;
	pthread_mutex_lock(&lock);
	if (mask & LOG_MASK(LOG_PRI(priority))) {
		expand(expanded, sizeof(expanded), format, saved);
		len = vsnprintf(message, sizeof(message), expanded, args);
		len = len < (int)sizeof(message) ? len : (int)sizeof(message) - 1;
		if (len > 0 && message[len - 1] == '\n')
			len--;
		if (len >= 0)
			deliver(priority & LOG_FACMASK ? priority : priority | facility, message,
				len);
	}
	pthread_mutex_unlock(&lock);
	errno = saved;
}

UNIK_API void syslog(int priority, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsyslog(priority, format, args);
	va_end(args);
}

UNIK_API void openlog(const char *ident, int opts, int fac)
{
	pthread_mutex_lock(&lock);
	if (ident)
		identity = ident;
	options = opts;
	if (fac && !(fac & ~LOG_FACMASK))
		facility = fac;
	if (opts & LOG_NDELAY)
		find_server();
	pthread_mutex_unlock(&lock);
}

UNIK_API void closelog(void)
{
	pthread_mutex_lock(&lock);
	if (server >= 0)
		close(server);
	server = -1;
	asked = false;
	identity = "program";
	pthread_mutex_unlock(&lock);
}

UNIK_API int setlogmask(int new)
{
	int old;

	pthread_mutex_lock(&lock);
	old = mask;
	if (new)
		mask = new;
	pthread_mutex_unlock(&lock);
	return old;
}
