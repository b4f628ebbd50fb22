// SPDX-License-Identifier: BSD-2-Clause
/*
 * tty - a program for the system tests: reads the console in one mode after the other, and shows
 * in hexadecimal what came.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static struct termios mode;

static void show(const char *step, size_t len)
{
	unsigned char text[64];
	ssize_t n = read(0, text, len);

	printf("%s %d:", step, (int)n);
	for (ssize_t i = 0; i < n; i++)
		printf(" %02x", text[i]);
	puts(";");
}

static void set(int min, int tenths)
{
	mode.c_cc[VMIN] = (cc_t)min;
	mode.c_cc[VTIME] = (cc_t)tenths;
	if (tcsetattr(0, TCSADRAIN, &mode))
		perror("tcsetattr");
}

static int ready(int timeout_ms)
{
	struct pollfd p = { .fd = 0, .events = POLLIN };

	return poll(&p, 1, timeout_ms);
}

static void check(const char *what, int good)
{
	printf("%s %s\n", what, good ? "good" : "bad");
}

static void calls(void)
{
	struct winsize size = { .ws_row = 25, .ws_col = 80 };
	int fd[2], n;

	check("speed", cfsetspeed(&mode, B9600) == 0 && cfgetispeed(&mode) == B9600);
	check("bad-speed", cfsetospeed(&mode, 12345) == -1 && errno == EINVAL);
	check("set-size", ioctl(1, TIOCSWINSZ, &size) == 0);
	size.ws_col = 0;
	check("get-size", ioctl(0, TIOCGWINSZ, &size) == 0 && size.ws_col == 80);
	check("names", !strcmp(ttyname(0), "/dev/console") && !strcmp(ctermid(NULL), "/dev/tty"));
	check("when", tcsetattr(0, 7, &mode) == -1 && errno == EINVAL);
	check("flow", tcflow(0, TCOOFF) == -1 && errno == ENOSYS);
	check("openpty", openpty(fd, fd, NULL, NULL, NULL) == -1 && errno == ENOSYS);
	check("drain", tcdrain(1) == 0);
	pipe(fd);
	check("pipe", tcgetattr(fd[0], &mode) == -1 && errno == ENOTTY && !ttyname(fd[0]));
	check("closed", tcgetattr(99, &mode) == -1 && errno == EBADF);
	tcgetattr(0, &mode);
	check("unsupported", !(mode.c_lflag & ISIG) && (mode.c_cflag & CSIZE) == CS8);
	check("left", ioctl(0, FIONREAD, &n) == 0 && n == 0);
}

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void bytes(void)
{
	long start;

	cfmakeraw(&mode);
	mode.c_oflag = OPOST | ONLCR; /* for our own lines */
	set(3, 0);
	puts("raw?");
	show("raw", 8);
	set(0, 0);
	show("empty", 8);
	set(0, 2);
	start = now_ms();
	show("timeout", 8);
	check("waited", now_ms() - start >= 190);
	set(5, 3);
	puts("between?");
	show("between", 8);
	set(1, 0);
	puts("flush?");
	while (!ready(1000))
		;
	usleep(200000);
	tcflush(0, TCIFLUSH);
	check("flushed", ready(0) == 0);
	fcntl(0, F_SETFL, O_NONBLOCK);
	check("nonblocking", read(0, &start, 1) == -1 && errno == EAGAIN);
	fcntl(0, F_SETFL, 0);
}

int main(void)
{
	puts("plain?");
	show("plain", 2);
	check("get", tcgetattr(0, &mode) == 0 && mode.c_lflag & ICANON && mode.c_lflag & ECHO);
	show("rest", 16); /* what the plain console had not given yet */
	calls();
	puts("line?");
	show("line", 16);
	show("part", 3);
	show("line-end", 16);
	puts("eof?");
	show("eof", 4);
	show("end", 4);
	mode.c_lflag &= ~(tcflag_t)ECHO;
	set(1, 0);
	puts("silent?");
	show("silent", 16);
	bytes();
	puts("bye");
	return 0;
}
