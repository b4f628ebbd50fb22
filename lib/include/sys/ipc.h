// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/ipc.h - System V inter-process communication (POSIX.1-2017, XSI). There is nobody to
 * communicate with: every call of <sys/shm.h>, <sys/sem.h> and <sys/msg.h> is ENOSYS.
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/types.h>

#define IPC_CREAT   01000
#define IPC_EXCL    02000
#define IPC_NOWAIT  04000
#define IPC_RMID    0
#define IPC_SET     1
#define IPC_STAT    2
#define IPC_PRIVATE ((key_t)0)

struct ipc_perm {
	key_t __key;
	uid_t uid;
	gid_t gid;
	uid_t cuid;
	gid_t cgid;
	mode_t mode;
};

__BEGIN_DECLS

key_t ftok(const char *__path, int __id);

__END_DECLS
