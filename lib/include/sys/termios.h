// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/termios.h - the modes of a terminal (POSIX.1-2017, <termios.h>).
 *
 * The console is one. It has the modes that are listed here; a flag of which it says that it is
 * not supported is taken and stays clear, as tcgetattr() shows. TIOCGWINSZ and TIOCSWINSZ
 * (<sys/ioctl.h>) work on it once one of these functions has been called.
 * Threading: any thread. Errors: -1 and errno; ENOTTY for what is no terminal.
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/types.h>

typedef unsigned int tcflag_t;
typedef unsigned char cc_t;
typedef unsigned int speed_t;

#define NCCS 32

struct termios {
	tcflag_t c_iflag, c_oflag, c_cflag, c_lflag;
	cc_t c_line;
	cc_t c_cc[NCCS]; /* control characters and the two values of reading without lines */
	speed_t c_ispeed, c_ospeed;
};

#define VINTR    0
#define VQUIT    1
#define VERASE   2
#define VKILL    3
#define VEOF     4
#define VTIME    5 /* [tenths of a second] */
#define VMIN     6 /* [bytes] */
#define VSTART   8
#define VSTOP    9
#define VSUSP    10
#define VEOL     11
#define VREPRINT 12
#define VDISCARD 13
#define VWERASE  14
#define VLNEXT   15
#define VEOL2    16

/* c_iflag. Supported: */
#define ISTRIP 0000040
#define INLCR  0000100
#define IGNCR  0000200
#define ICRNL  0000400
/* Not supported: */
#define IGNBRK  0000001
#define BRKINT  0000002
#define IGNPAR  0000004
#define PARMRK  0000010
#define INPCK   0000020
#define IXON    0002000
#define IXANY   0004000
#define IXOFF   0010000
#define IMAXBEL 0020000
#define IUTF8   0040000

/* c_oflag. Supported: */
#define OPOST 0000001
#define ONLCR 0000004
/* Not supported: */
#define OCRNL  0000010
#define ONOCR  0000020
#define ONLRET 0000040

/* c_cflag: these are set, and nothing else can be. */
#define CS8    0000060
#define CREAD  0000200
#define CLOCAL 0004000
/* Not supported: */
#define CSIZE   0000060
#define CS5     0000000
#define CS6     0000020
#define CS7     0000040
#define CSTOPB  0000100
#define PARENB  0000400
#define PARODD  0001000
#define HUPCL   0002000
#define CRTSCTS 020000000000u

/* c_lflag. Supported: */
#define ICANON 0000002
#define ECHO   0000010
#define ECHOE  0000020
#define ECHOK  0000040
#define ECHONL 0000100
/* Not supported: */
#define ISIG    0000001
#define NOFLSH  0000200
#define TOSTOP  0000400
#define ECHOCTL 0001000
#define ECHOPRT 0002000
#define ECHOKE  0004000
#define IEXTEN  0100000

/* Speeds are kept; the console has its own. */
#define B0      0000000
#define B50     0000001
#define B75     0000002
#define B110    0000003
#define B134    0000004
#define B150    0000005
#define B200    0000006
#define B300    0000007
#define B600    0000010
#define B1200   0000011
#define B1800   0000012
#define B2400   0000013
#define B4800   0000014
#define B9600   0000015
#define B19200  0000016
#define B38400  0000017
#define B57600  0010001
#define B115200 0010002
#define B230400 0010003

#define TCSANOW   0
#define TCSADRAIN 1
#define TCSAFLUSH 2 /* what was typed and not read is dropped */

#define TCIFLUSH  0
#define TCOFLUSH  1
#define TCIOFLUSH 2

#define TCOOFF 0
#define TCOON  1
#define TCIOFF 2
#define TCION  3

__BEGIN_DECLS

int tcgetattr(int __fd, struct termios *__mode);
int tcsetattr(int __fd, int __when, const struct termios *__mode);
int tcflush(int __fd, int __queue);
int tcdrain(int __fd);
int tcsendbreak(int __fd, int __duration);
/* tcflow() - ENOSYS: output cannot be suspended. */
int tcflow(int __fd, int __action);

void cfmakeraw(struct termios *__mode);
speed_t cfgetispeed(const struct termios *__mode);
speed_t cfgetospeed(const struct termios *__mode);
int cfsetispeed(struct termios *__mode, speed_t __speed);
int cfsetospeed(struct termios *__mode, speed_t __speed);
int cfsetspeed(struct termios *__mode, speed_t __speed);

__END_DECLS
