// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/signal.h - signals (POSIX.1-2017, <signal.h>), in place of newlib's.
 *
 * The numbers are newlib's; what it has no value for has Linux's. A signal set is a word in which
 * signal n has bit n - 1. Real-time signals are SIGRTMIN to SIGRTMAX, queued in order.
 *
 * Part of the ABI: newlib and applications are compiled with the same copy.
 * Threading: any thread. Errors: -1 and errno, pthread_* an error number.
 */
#ifndef _SYS_SIGNAL_H
#define _SYS_SIGNAL_H

#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/_sigset.h>
#include <sys/_timespec.h>
#include <sys/_pthreadtypes.h>

#ifndef _SIGSET_T_DECLARED
#define _SIGSET_T_DECLARED
typedef __sigset_t sigset_t;
#endif

#define SIGHUP    1
#define SIGINT    2
#define SIGQUIT   3
#define SIGILL    4
#define SIGTRAP   5
#define SIGABRT   6
#define SIGIOT    SIGABRT
#define SIGEMT    7
#define SIGFPE    8
#define SIGKILL   9
#define SIGBUS    10
#define SIGSEGV   11
#define SIGSYS    12
#define SIGPIPE   13
#define SIGALRM   14
#define SIGTERM   15
#define SIGURG    16
#define SIGSTOP   17
#define SIGTSTP   18
#define SIGCONT   19
#define SIGCHLD   20
#define SIGCLD    SIGCHLD
#define SIGTTIN   21
#define SIGTTOU   22
#define SIGIO     23
#define SIGPOLL   SIGIO
#define SIGXCPU   24
#define SIGXFSZ   25
#define SIGVTALRM 26
#define SIGPROF   27
#define SIGWINCH  28
#define SIGLOST   29
#define SIGPWR    SIGLOST
#define SIGUSR1   30
#define SIGUSR2   31
#define SIGRTMIN  32
#define SIGRTMAX  64
#define NSIG      65
#define _NSIG     NSIG

/* sigaction.sa_flags */
#define SA_NOCLDSTOP 0x00000001
#define SA_NOCLDWAIT 0x00000002
#define SA_SIGINFO   0x00000004
#define SA_ONSTACK   0x08000000
#define SA_RESTART   0x10000000
#define SA_NODEFER   0x40000000
#define SA_RESETHAND 0x80000000
#define SA_NOMASK    SA_NODEFER
#define SA_ONESHOT   SA_RESETHAND

/* sigprocmask() */
#define SIG_SETMASK 0
#define SIG_BLOCK   1
#define SIG_UNBLOCK 2

/* stack_t.ss_flags; sizes leave room for all registers of the largest processor. */
#define SS_ONSTACK  1
#define SS_DISABLE  2
#define MINSIGSTKSZ 8192
#define SIGSTKSZ    32768

/* sigevent.sigev_notify */
#define SIGEV_NONE      1
#define SIGEV_SIGNAL    2
#define SIGEV_THREAD    3
#define SIGEV_THREAD_ID 4

/* siginfo_t.si_code: who sent it */
#define SI_USER    0
#define SI_KERNEL  0x80
#define SI_QUEUE   (-1)
#define SI_TIMER   (-2)
#define SI_MESGQ   (-3)
#define SI_ASYNCIO (-4)
#define SI_TKILL   (-6)
/* of SIGILL */
#define ILL_ILLOPC 1
#define ILL_ILLOPN 2
#define ILL_ILLADR 3
#define ILL_ILLTRP 4
#define ILL_PRVOPC 5
#define ILL_PRVREG 6
#define ILL_COPROC 7
#define ILL_BADSTK 8
/* of SIGFPE */
#define FPE_INTDIV 1
#define FPE_INTOVF 2
#define FPE_FLTDIV 3
#define FPE_FLTOVF 4
#define FPE_FLTUND 5
#define FPE_FLTRES 6
#define FPE_FLTINV 7
#define FPE_FLTSUB 8
/* of SIGSEGV */
#define SEGV_MAPERR 1
#define SEGV_ACCERR 2
/* of SIGBUS */
#define BUS_ADRALN 1
#define BUS_ADRERR 2
#define BUS_OBJERR 3
/* of SIGTRAP */
#define TRAP_BRKPT 1
#define TRAP_TRACE 2
/* of SIGCHLD, which nobody sends */
#define CLD_EXITED    1
#define CLD_KILLED    2
#define CLD_DUMPED    3
#define CLD_TRAPPED   4
#define CLD_STOPPED   5
#define CLD_CONTINUED 6
/* of SIGPOLL, which nobody sends */
#define POLL_IN  1
#define POLL_OUT 2
#define POLL_MSG 3
#define POLL_ERR 4
#define POLL_PRI 5
#define POLL_HUP 6

#define SIG_DFL  ((_sig_func_ptr)0)
#define SIG_IGN  ((_sig_func_ptr)1)
#define SIG_ERR  ((_sig_func_ptr)-1)
#define SIG_HOLD ((_sig_func_ptr)2) /* sigset() */

__BEGIN_DECLS

typedef void (*_sig_func_ptr)(int);

union sigval {
	int sival_int;
	void *sival_ptr;
};
typedef union sigval sigval_t;

typedef struct {
	int si_signo;
	int si_code;
	int si_errno;
	int si_status;
	pid_t si_pid;
	uid_t si_uid;
	void *si_addr;
	long si_band;
	int si_timerid;
	int si_overrun;
	union sigval si_value;
	long __si_reserved[4];
} siginfo_t;
#define si_int si_value.sival_int
#define si_ptr si_value.sival_ptr

struct sigevent {
	int sigev_notify;
	int sigev_signo;
	union sigval sigev_value;
	void (*sigev_notify_function)(union sigval);
	pthread_attr_t *sigev_notify_attributes;
	pthread_t sigev_notify_thread_id; /* of SIGEV_THREAD_ID */
};
typedef struct sigevent sigevent_t;

struct sigaction {
	union {
		_sig_func_ptr __handler;
		void (*__action)(int, siginfo_t *, void *);
	} __sa;
	sigset_t sa_mask;
	int sa_flags;
};
#define sa_handler   __sa.__handler
#define sa_sigaction __sa.__action

typedef struct sigaltstack {
	void *ss_sp;
	int ss_flags;
	size_t ss_size;
} stack_t;

struct sigstack {
	int ss_onstack;
	void *ss_sp;
};

int kill(pid_t __pid, int __sig);
int killpg(pid_t __group, int __sig);
int pthread_kill(pthread_t __target, int __sig);
int pthread_sigqueue(pthread_t __target, int __sig, const union sigval __value);
int sigqueue(pid_t __pid, int __sig, const union sigval __value);

int sigaction(int __sig, const struct sigaction *__restrict __action,
	      struct sigaction *__restrict __old);
int sigaltstack(const stack_t *__restrict __stack, stack_t *__restrict __old);
int siginterrupt(int __sig, int __interrupt);
int pthread_sigmask(int __how, const sigset_t *__restrict __set, sigset_t *__restrict __old);
int sigprocmask(int __how, const sigset_t *__restrict __set, sigset_t *__restrict __old);
int sigpending(sigset_t *__set);

int sigsuspend(const sigset_t *__mask);
int sigwait(const sigset_t *__restrict __set, int *__restrict __sig);
int sigwaitinfo(const sigset_t *__restrict __set, siginfo_t *__restrict __info);
int sigtimedwait(const sigset_t *__restrict __set, siginfo_t *__restrict __info,
		 const struct timespec *__restrict __timeout);

int sigaddset(sigset_t *__set, int __sig);
int sigdelset(sigset_t *__set, int __sig);
int sigemptyset(sigset_t *__set);
int sigfillset(sigset_t *__set);
int sigismember(const sigset_t *__set, int __sig);

/* System V's and BSD's. sigpause() is System V's: it takes a signal. */
int sighold(int __sig);
int sigignore(int __sig);
int sigpause(int __sig);
int sigrelse(int __sig);
_sig_func_ptr sigset(int __sig, _sig_func_ptr __handler);
_sig_func_ptr bsd_signal(int __sig, _sig_func_ptr __handler);
void psiginfo(const siginfo_t *__info, const char *__text);
int sigisemptyset(const sigset_t *__set);
int sigandset(sigset_t *__out, const sigset_t *__a, const sigset_t *__b);
int sigorset(sigset_t *__out, const sigset_t *__a, const sigset_t *__b);

__END_DECLS

#include <sys/ucontext.h>

/* Programs use <signal.h> and <sys/signal.h> alike. */
#ifndef _SIGNAL_H_
#include <signal.h>
#endif
#endif
