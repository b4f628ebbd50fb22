// SPDX-License-Identifier: BSD-2-Clause
#include "lib/posix/notice.h"
#include <errno.h>
#include <pthread.h>
#include <unistd.h>
#include "kernel/heap.h"
#include "lib/posix/signals.h"

struct notice {
	struct sigevent event;
	struct signal_entry entry; /* of SIGEV_SIGNAL */
};

static void taken(struct signal_entry *e, siginfo_t *out)
{
	kfree(container_of(e, struct notice, entry));
}

static int check(const struct sigevent *e)
{
	switch (e->sigev_notify) {
	case SIGEV_SIGNAL:
		return signal_is_valid(e->sigev_signo) ? 0 : -EINVAL;
	case SIGEV_THREAD:
		return e->sigev_notify_function ? 0 : -EINVAL;
	default:
		return -EINVAL;
	}
}

int notice_make(const struct sigevent *e, int code, struct notice **out)
{
	struct notice *n;
	int err;

	*out = NULL;
	if (e->sigev_notify == SIGEV_NONE || e->sigev_notify == 0)
		return 0;
	err = check(e);
	if (err)
		return err;
	n = kzalloc(sizeof(*n));
	if (!n)
		return -EAGAIN;
	signal_start();
	n->event = *e;
	list_init(&n->entry.node);
	n->entry.taken = taken;
	n->entry.info = (siginfo_t){ .si_signo = e->sigev_signo,
				     .si_code = code,
				     .si_pid = getpid(),
				     .si_value = e->sigev_value };
	*out = n;
	return 0;
}

static void *call_function(void *arg)
{
	struct sigevent event = ((struct notice *)arg)->event;

	kfree(arg);
	event.sigev_notify_function(event.sigev_value);
	return NULL;
}

void notice_send(struct notice *n)
{
	pthread_t t;

	if (!n)
		return;
	if (n->event.sigev_notify == SIGEV_SIGNAL) {
		signal_post(NULL, n->event.sigev_signo, &n->entry);
		return;
	}
	/* Without memory the call is not made; there is nobody to say so to. */
	if (pthread_create(&t, n->event.sigev_notify_attributes, call_function, n))
		kfree(n);
	else if (!n->event.sigev_notify_attributes)
		pthread_detach(t);
}

void notice_free(struct notice *n)
{
	kfree(n);
}
