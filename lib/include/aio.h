// SPDX-License-Identifier: BSD-2-Clause
/*
 * aio.h - asynchronous reads and writes (POSIX.1-2017, <aio.h>).
 *
 * Threads of the library do the work, started with the first request and gone soon after the last.
 * Requests of one kind for one open file are done in the order in which they were made; a file
 * without offsets is read or written where it stands. aio_reqprio is checked and changes nothing.
 * A sigev_notify of 0 is SIGEV_NONE.
 *
 * Threading: any thread. Errors: -1 and errno; aio_error() returns the request's error number.
 */
#pragma once
#include <fcntl.h>
#include <signal.h>
#include <sys/types.h>
#include <time.h>

struct aiocb {
	int aio_fildes;
	int aio_lio_opcode; /* LIO_*, for lio_listio() */
	int aio_reqprio;    /* 0..AIO_PRIO_DELTA_MAX */
	volatile void *aio_buf;
	size_t aio_nbytes;
	off_t aio_offset;
	struct sigevent aio_sigevent;
	/* The library's: */
	unsigned int __state;
	int __error;
	ssize_t __result;
};

/* aio_cancel() returns one of these. */
#define AIO_CANCELED    0
#define AIO_NOTCANCELED 1 /* one at least was being worked on */
#define AIO_ALLDONE     2

#define LIO_READ  0
#define LIO_WRITE 1
#define LIO_NOP   2

#define LIO_WAIT   0
#define LIO_NOWAIT 1

__BEGIN_DECLS

int aio_read(struct aiocb *__cb);
int aio_write(struct aiocb *__cb);
int aio_fsync(int __op, struct aiocb *__cb);
int aio_error(const struct aiocb *__cb);
ssize_t aio_return(struct aiocb *__cb);
int aio_cancel(int __fd, struct aiocb *__cb);
int aio_suspend(const struct aiocb *const __list[], int __n, const struct timespec *__span);
int lio_listio(int __mode, struct aiocb *__restrict const __list[__restrict], int __n,
	       struct sigevent *__restrict __event);

__END_DECLS
