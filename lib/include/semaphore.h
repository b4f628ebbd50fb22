// SPDX-License-Identifier: BSD-2-Clause
/*
 * semaphore.h - counting semaphores (POSIX.1-2017, <semaphore.h>), without named ones.
 *
 * The sizes are ABI, the contents are the library's.
 * Threading: any thread; sem_post() may be called where nothing may sleep. Errors: -1 and errno.
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/timespec.h>

typedef union {
	unsigned long __align;
	unsigned char __bytes[16];
} sem_t;

#define SEM_VALUE_MAX 0x7fffffff

__BEGIN_DECLS

int sem_init(sem_t *__sem, int __shared, unsigned int __value);
int sem_destroy(sem_t *__sem);
int sem_wait(sem_t *__sem);
int sem_trywait(sem_t *__sem);
int sem_timedwait(sem_t *__sem, const struct timespec *__until);
int sem_post(sem_t *__sem);
int sem_getvalue(sem_t *__sem, int *__value);

__END_DECLS
