// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/shm.h - System V shared memory: ENOSYS, see <sys/ipc.h>. shm_open() and mmap() are there.
 */
#pragma once
#include <time.h>
#include <sys/ipc.h>

typedef unsigned long shmatt_t;

#define SHM_RDONLY 010000
#define SHM_RND    020000
#define SHM_REMAP  040000
#define SHMLBA     4096

struct shmid_ds {
	struct ipc_perm shm_perm;
	size_t shm_segsz;
	time_t shm_atime, shm_dtime, shm_ctime;
	pid_t shm_cpid, shm_lpid;
	shmatt_t shm_nattch;
};

__BEGIN_DECLS

int shmget(key_t __key, size_t __size, int __flags);
void *shmat(int __id, const void *__addr, int __flags);
int shmdt(const void *__addr);
int shmctl(int __id, int __command, struct shmid_ds *__arg);

__END_DECLS
