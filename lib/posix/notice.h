// SPDX-License-Identifier: BSD-2-Clause
/*
 * notice.h - a struct sigevent that is to happen once, later, and then does not fail for want of
 * memory where it is a signal.
 *
 * Threading: any thread. Errors: -errno.
 */
#pragma once
#include <signal.h>

struct notice;

/* notice_make() - prepare what e says; code: SI_* of a signal. *out is NULL for SIGEV_NONE (and 0).
 * 0; -EINVAL e says nothing that there is; -EAGAIN no memory. */
int notice_make(const struct sigevent *e, int code, struct notice **out);

/* notice_send() - it happens, and n is gone. notice_free() - it does not. NULL: nothing. */
void notice_send(struct notice *n);
void notice_free(struct notice *n);
