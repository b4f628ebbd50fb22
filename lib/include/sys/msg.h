// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/msg.h - System V message queues: ENOSYS, see <sys/ipc.h>.
 */
#pragma once
#include <time.h>
#include <sys/ipc.h>

typedef unsigned long msgqnum_t;
typedef unsigned long msglen_t;

#define MSG_NOERROR 010000

struct msqid_ds {
	struct ipc_perm msg_perm;
	time_t msg_stime, msg_rtime, msg_ctime;
	msgqnum_t msg_qnum;
	msglen_t msg_qbytes;
	pid_t msg_lspid, msg_lrpid;
};

__BEGIN_DECLS

int msgget(key_t __key, int __flags);
int msgsnd(int __id, const void *__message, size_t __size, int __flags);
ssize_t msgrcv(int __id, void *__message, size_t __size, long __type, int __flags);
int msgctl(int __id, int __command, struct msqid_ds *__arg);

__END_DECLS
