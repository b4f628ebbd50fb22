// SPDX-License-Identifier: BSD-2-Clause
/*
 * tty.h - the console with the modes of <termios.h>.
 *
 * Threading: any thread. No errors.
 */
#pragma once

/* tty_install() - from now on the console's file has these modes, as it had them before: lines,
 * with echo. The plain console of lib/libc/console_file.c, which knows nothing else, is left. */
void tty_install(void);
