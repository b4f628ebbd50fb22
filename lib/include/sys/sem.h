// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/sem.h - System V semaphores: ENOSYS, see <sys/ipc.h>. <semaphore.h> is there.
 */
#pragma once
#include <time.h>
#include <sys/ipc.h>

#define SEM_UNDO 0x1000
#define GETPID   11
#define GETVAL   12
#define GETALL   13
#define GETNCNT  14
#define GETZCNT  15
#define SETVAL   16
#define SETALL   17

struct semid_ds {
	struct ipc_perm sem_perm;
	time_t sem_otime, sem_ctime;
	unsigned short sem_nsems;
};

struct sembuf {
	unsigned short sem_num;
	short sem_op;
	short sem_flg;
};

__BEGIN_DECLS

int semget(key_t __key, int __count, int __flags);
int semop(int __id, struct sembuf *__ops, size_t __count);
int semctl(int __id, int __number, int __command, ...);

__END_DECLS
