// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/eventfd.h - a counter behind a descriptor.
 *
 * write() of 8 bytes adds, read() of 8 bytes takes all of it, or 1 with EFD_SEMAPHORE. Reading
 * waits while it is 0; writing waits while the sum would be above 2^64 - 2.
 * Threading: any thread. Errors: -1 and errno.
 */
#pragma once
#include <fcntl.h>
#include <stdint.h>
#include <sys/cdefs.h>

enum {
	EFD_SEMAPHORE = 1,
	EFD_CLOEXEC = O_CLOEXEC,
	EFD_NONBLOCK = O_NONBLOCK,
};
#define EFD_SEMAPHORE EFD_SEMAPHORE
#define EFD_CLOEXEC   EFD_CLOEXEC
#define EFD_NONBLOCK  EFD_NONBLOCK

typedef uint64_t eventfd_t;

__BEGIN_DECLS

int eventfd(unsigned int __initval, int __flags);

/* eventfd_read(), eventfd_write() - the calls on it. Return 0 or -1. */
int eventfd_read(int __fd, eventfd_t *__value);
int eventfd_write(int __fd, eventfd_t __value);

__END_DECLS
