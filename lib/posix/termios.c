// SPDX-License-Identifier: BSD-2-Clause
/*
 * termios.c - tcgetattr() and its like, and the names of terminals.
 */
#include <sys/termios.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "lib/libc/fd.h"
#include "lib/libc/file_io.h"
#include "lib/libc/result.h"
#include "lib/posix/tty.h"

#define CONSOLE_NAME "/dev/console"

static int on_terminal(int fd, unsigned long request, void *arg)
{
	struct file *f = fd_get(fd);
	int err = -EBADF;

	if (f) {
		tty_install();
		err = file_control(f, request, arg);
		file_put(f);
	}
	return err;
}

static int terminal_result(int fd, unsigned long request, void *arg)
{
	return (int)posix_result(on_terminal(fd, request, arg));
}

UNIK_API int tcgetattr(int fd, struct termios *mode)
{
	return terminal_result(fd, TCGETS, mode);
}

UNIK_API int tcsetattr(int fd, int when, const struct termios *mode)
{
	if (when < TCSANOW || when > TCSAFLUSH)
		return (int)posix_result(-EINVAL);
	return terminal_result(fd, TCSETS + (unsigned)when, (void *)mode);
}

UNIK_API int tcflush(int fd, int queue)
{
	return terminal_result(fd, TCFLSH, (void *)(uintptr_t)(unsigned)queue);
}

/* Writing is over when write() returns. */
UNIK_API int tcdrain(int fd)
{
	return terminal_result(fd, FILE_CONTROL_IS_TERMINAL, NULL);
}

/* The console need not be a serial line, and then there is nothing to send. */
UNIK_API int tcsendbreak(int fd, int duration)
{
	return terminal_result(fd, FILE_CONTROL_IS_TERMINAL, NULL);
}

UNIK_API int tcflow(int fd, int action)
{
	int err = on_terminal(fd, FILE_CONTROL_IS_TERMINAL, NULL);

	return (int)posix_result(err ? err : -ENOSYS);
}

UNIK_API void cfmakeraw(struct termios *mode)
{
	mode->c_iflag &=
		~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
	mode->c_oflag &= ~(tcflag_t)OPOST;
	mode->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	mode->c_cflag = (mode->c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
	mode->c_cc[VMIN] = 1;
	mode->c_cc[VTIME] = 0;
}

UNIK_API speed_t cfgetispeed(const struct termios *mode)
{
	return mode->c_ispeed;
}

UNIK_API speed_t cfgetospeed(const struct termios *mode)
{
	return mode->c_ospeed;
}

static bool is_speed(speed_t speed)
{
	return speed <= B38400 || (speed >= B57600 && speed <= B230400);
}

UNIK_API int cfsetispeed(struct termios *mode, speed_t speed)
{
	if (!is_speed(speed))
		return (int)posix_result(-EINVAL);
	mode->c_ispeed = speed;
	return 0;
}

UNIK_API int cfsetospeed(struct termios *mode, speed_t speed)
{
	if (!is_speed(speed))
		return (int)posix_result(-EINVAL);
	mode->c_ospeed = speed;
	return 0;
}

UNIK_API int cfsetspeed(struct termios *mode, speed_t speed)
{
	return cfsetispeed(mode, speed) ? -1 : cfsetospeed(mode, speed);
}

/* Returns an error number, as POSIX says, instead of setting errno. */
UNIK_API int ttyname_r(int fd, char *name, size_t len)
{
	struct file *f = fd_get(fd);
	int err = f ? file_control(f, FILE_CONTROL_IS_TERMINAL, NULL) : -EBADF;

	if (f)
		file_put(f);
	if (!err && len < sizeof(CONSOLE_NAME))
		err = -ERANGE;
	if (!err)
		memcpy(name, CONSOLE_NAME, sizeof(CONSOLE_NAME));
	return -err;
}

UNIK_API char *ttyname(int fd)
{
	static char name[sizeof(CONSOLE_NAME)];
	int err = ttyname_r(fd, name, sizeof(name));

	if (!err)
		return name;
	posix_result(-err);
	return NULL;
}

UNIK_API char *ctermid(char *name)
{
	static char own[L_ctermid];

	return strcpy(name ? name : own, "/dev/tty");
}
