// SPDX-License-Identifier: BSD-2-Clause
/*
 * semaphore.h - counting semaphores (POSIX.1-2017, <semaphore.h>). Names are the image's own and in
 * no file system.
 *
 * The sizes are ABI, the contents are the library's.
 * Threading: any thread; sem_post() may be called where nothing may sleep. Errors: -1 and errno.
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/timespec.h>
#include <sys/types.h>

typedef union {
	unsigned long __align;
	unsigned char __bytes[16];
} sem_t;

#define SEM_VALUE_MAX 0x7fffffff
#define SEM_FAILED    ((sem_t *)0)

__BEGIN_DECLS

int sem_init(sem_t *__sem, int __shared, unsigned int __value);
int sem_destroy(sem_t *__sem);
int sem_wait(sem_t *__sem);
int sem_trywait(sem_t *__sem);
int sem_timedwait(sem_t *__sem, const struct timespec *__until);
int sem_post(sem_t *__sem);
sem_t *sem_open(const char *__name, int __flags, ...);
int sem_close(sem_t *__sem);
int sem_unlink(const char *__name);
int sem_clockwait(sem_t *__sem, clockid_t __clock, const struct timespec *__until);
int sem_getvalue(sem_t *__sem, int *__value);

__END_DECLS
