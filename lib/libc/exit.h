// SPDX-License-Identifier: BSD-2-Clause
/*
 * exit.h - what signals and sockets have to say about the end of a program.
 */
#pragma once

/* posix_abort() - deliver SIGABRT, for abort(); comes back unless its handler does not. NULL until
 * signals are used. */
extern void (*posix_abort)(void);

/* posix_at_end() - close connections, before the machine ends. NULL until there are sockets. */
extern void (*posix_at_end)(void);
