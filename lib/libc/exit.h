// SPDX-License-Identifier: BSD-2-Clause
/*
 * exit.h - what signals have to say about the end of a program.
 */
#pragma once

/* posix_abort() - deliver SIGABRT, for abort(); comes back unless its handler does not. NULL until
 * signals are used. */
extern void (*posix_abort)(void);
