// SPDX-License-Identifier: BSD-2-Clause
/*
 * mqueue.h - message queues (POSIX.1-2017, <mqueue.h>). Names are the image's own and in no file
 * system.
 *
 * A queue's descriptor is one like others: it can be polled, and close() closes it.
 * Threading: any thread. Errors: -1 and errno.
 */
#pragma once
#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <sys/cdefs.h>
#include <sys/types.h>

#ifndef MQ_PRIO_MAX
#define MQ_PRIO_MAX 32768
#endif

typedef int mqd_t;

struct mq_attr {
	long mq_flags;   /* O_NONBLOCK or 0 */
	long mq_maxmsg;  /* messages the queue holds */
	long mq_msgsize; /* the largest one [bytes] */
	long mq_curmsgs; /* messages in it now */
	long __reserved[4];
};

__BEGIN_DECLS

/* With O_CREAT: mode_t mode, struct mq_attr *attr; NULL: 10 messages of 8192 bytes. */
mqd_t mq_open(const char *__name, int __flags, ...);
int mq_close(mqd_t __queue);
int mq_unlink(const char *__name);
int mq_getattr(mqd_t __queue, struct mq_attr *__attr);
int mq_setattr(mqd_t __queue, const struct mq_attr *__restrict __attr,
	       struct mq_attr *__restrict __old);
int mq_notify(mqd_t __queue, const struct sigevent *__event);
int mq_send(mqd_t __queue, const char *__message, size_t __size, unsigned __priority);
int mq_timedsend(mqd_t __queue, const char *__message, size_t __size, unsigned __priority,
		 const struct timespec *__until);
ssize_t mq_receive(mqd_t __queue, char *__message, size_t __size, unsigned *__priority);
ssize_t mq_timedreceive(mqd_t __queue, char *__restrict __message, size_t __size,
			unsigned *__restrict __priority, const struct timespec *__restrict __until);

__END_DECLS
