// SPDX-License-Identifier: BSD-2-Clause
/*
 * ucontext.h - <sys/ucontext.h>, and changing between contexts of one thread (POSIX.1-2004).
 *
 * A context that getcontext(), makecontext() or swapcontext() made has what a called function
 * keeps, and the signal mask. It belongs to the thread that made it. Of the context that a handler
 * was given only the general registers and the mask come back.
 */
#pragma once
#include <sys/ucontext.h>

__BEGIN_DECLS

int getcontext(ucontext_t *__context) __attribute__((__returns_twice__));
int setcontext(const ucontext_t *__context);
/* makecontext() - calls entry with n arguments of type int (or long, here) on the stack of
 * context->uc_stack; then comes context->uc_link, or for NULL the end of the thread. */
void makecontext(ucontext_t *__context, void (*__entry)(void), int __n, ...);
int swapcontext(ucontext_t *__restrict __old, const ucontext_t *__restrict __new);

__END_DECLS
