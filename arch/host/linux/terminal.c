// SPDX-License-Identifier: BSD-2-Clause
/*
 * terminal.c - standard output and input. The image does the echo and the editing of lines itself,
 * so a terminal gives keys one by one; its own ^C stays.
 */
#include <errno.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>
#include "arch/host/linux/linux.h"

static struct termios saved;
static bool changed, ended;
static bool listening; /* somebody wants to know of input, */
static bool drained;   /* and all that had come was read */

void terminal_start(void)
{
	struct termios t;

	if (!isatty(0) || tcgetattr(0, &saved))
		return;
	t = saved;
	t.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	changed = tcsetattr(0, TCSANOW, &t) == 0;
}

void terminal_restore(void)
{
	if (changed)
		tcsetattr(0, TCSANOW, &saved);
	changed = false;
}

void terminal_listen(bool listens)
{
	listening = listens;
}

void terminal_told(void)
{
	drained = false;
}

int terminal_fd(void)
{
	return listening && drained && !ended ? 0 : -1;
}

/* A reader that went away is no reason to end the machine. */
void terminal_write(void *host, const char *text, size_t len)
{
	(void)host;
	while (len > 0) {
		ssize_t n = write(1, text, len);

		if (n < 0 && errno == EAGAIN)
			poll(&(struct pollfd){ .fd = 1, .events = POLLOUT }, 1, -1);
		else if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
}

size_t terminal_read(void *host, char *out, size_t len)
{
	struct pollfd p = { .fd = 0, .events = POLLIN };
	ssize_t n;

	(void)host;
	drained = ended || poll(&p, 1, 0) <= 0;
	if (drained)
		return 0;
	n = read(0, out, len);
	if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
		ended = true;
	return n > 0 ? (size_t)n : 0;
}
