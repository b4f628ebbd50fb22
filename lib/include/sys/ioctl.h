// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/ioctl.h - the control requests that descriptors know.
 *
 * Threading: any thread. Errors: -1 and errno; ENOTTY where the descriptor has no such request.
 */
#pragma once
#include <sys/cdefs.h>

#define FIONREAD 0x541b /* int *: bytes that can be read now */
#define TIOCINQ  FIONREAD
#define TIOCOUTQ 0x5411 /* int *: bytes that were sent and are not on their way yet */
#define SIOCINQ  FIONREAD
#define SIOCOUTQ TIOCOUTQ
/* Of any socket, with struct ifreq or ifconf of <net/if.h>. They only ask. */
#define SIOCGIFNAME    0x8910
#define SIOCGIFCONF    0x8912
#define SIOCGIFFLAGS   0x8913
#define SIOCGIFADDR    0x8915
#define SIOCGIFBRDADDR 0x8919
#define SIOCGIFNETMASK 0x891b
#define SIOCGIFMETRIC  0x891d
#define SIOCGIFMTU     0x8921
#define SIOCGIFHWADDR  0x8927
#define SIOCGIFINDEX   0x8933

#define FIONBIO  0x5421 /* int *: 1 sets, 0 clears O_NONBLOCK */
#define FIOASYNC 0x5452 /* int *: 0; nothing sends SIGIO, so 1 is refused */
#define FIOCLEX  0x5451 /* sets FD_CLOEXEC */
#define FIONCLEX 0x5450 /* clears it */

/* Of a terminal, once the program has used a function of <termios.h>. */
#define TCGETS     0x5401 /* struct termios *, as tcgetattr() */
#define TCSETS     0x5402 /* as tcsetattr(): TCSANOW, TCSADRAIN, TCSAFLUSH */
#define TCSETSW    0x5403
#define TCSETSF    0x5404
#define TCFLSH     0x540b /* int, not a pointer, as tcflush() */
#define TIOCGWINSZ 0x5413 /* struct winsize *: size of the terminal, 0 unknown */
#define TIOCSWINSZ 0x5414

struct winsize {
	unsigned short ws_row, ws_col;       /* [characters] */
	unsigned short ws_xpixel, ws_ypixel; /* [pixels], 0 unknown */
};

__BEGIN_DECLS

int ioctl(int __fd, unsigned long __request, ...);

__END_DECLS
