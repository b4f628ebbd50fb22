// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/wait.h - waiting for processes (POSIX.1-2017, <sys/wait.h>). There are none: ECHILD.
 */
#pragma once
#include <signal.h>
#include <sys/cdefs.h>
#include <sys/types.h>

#define WNOHANG    1
#define WUNTRACED  2
#define WSTOPPED   WUNTRACED
#define WEXITED    4
#define WCONTINUED 8
#define WNOWAIT    0x01000000

#define WTERMSIG(status)     ((status)&0x7f)
#define WEXITSTATUS(status)  (((status) >> 8) & 0xff)
#define WSTOPSIG(status)     WEXITSTATUS(status)
#define WIFEXITED(status)    (WTERMSIG(status) == 0)
#define WIFSTOPPED(status)   (((status)&0xff) == 0x7f)
#define WIFSIGNALED(status)  (WTERMSIG(status) != 0 && WTERMSIG(status) != 0x7f)
#define WIFCONTINUED(status) ((status) == 0xffff)
#define WCOREDUMP(status)    (((status)&0x80) != 0)

typedef enum { P_ALL, P_PID, P_PGID } idtype_t;

struct rusage;

__BEGIN_DECLS

pid_t wait(int *__status);
pid_t waitpid(pid_t __pid, int *__status, int __options);
int waitid(idtype_t __type, id_t __id, siginfo_t *__info, int __options);
pid_t wait3(int *__status, int __options, struct rusage *__usage);
pid_t wait4(pid_t __pid, int *__status, int __options, struct rusage *__usage);

__END_DECLS
