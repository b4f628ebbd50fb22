// SPDX-License-Identifier: BSD-2-Clause
/*
 * pty.h - pairs of terminals, of which this system has none: ENOSYS.
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/ioctl.h>
#include <termios.h>

__BEGIN_DECLS

int openpty(int *__master, int *__slave, char *__name, const struct termios *__mode,
	    const struct winsize *__size);

__END_DECLS
