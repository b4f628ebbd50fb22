// SPDX-License-Identifier: BSD-2-Clause
/*
 * signal.h - signals (POSIX.1-2017, <signal.h>); <sys/signal.h> has nearly all of it.
 *
 * Part of the ABI: newlib and applications are compiled with the same copy.
 */
#ifndef _SIGNAL_H_
#define _SIGNAL_H_
#include <sys/signal.h>

__BEGIN_DECLS

typedef int sig_atomic_t;
#if __BSD_VISIBLE
typedef _sig_func_ptr sig_t;
#endif
#if __GNU_VISIBLE
typedef _sig_func_ptr sighandler_t;
#endif

struct _reent;
_sig_func_ptr _signal_r(struct _reent *, int, _sig_func_ptr);
int _raise_r(struct _reent *, int);
#ifndef _REENT_ONLY
_sig_func_ptr signal(int __sig, _sig_func_ptr __handler);
int raise(int __sig);
#endif
void psignal(int __sig, const char *__text);

__END_DECLS
#endif
