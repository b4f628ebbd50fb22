// SPDX-License-Identifier: BSD-2-Clause
/*
 * cancel.c - cancelling threads.
 *
 * A request marks the thread like a signal does. It is acted upon where a wait of the thread is
 * interrupted, in pthread_testcancel(), or, when the type is asynchronous, where a signal would be
 * delivered. A cancellation point that does not have to wait does its work first.
 */
#include <errno.h>
#include "lib/libc/result.h"
#include "lib/posix/signals.h"
#include "lib/posix/thread.h"

static struct signal_thread *own(void)
{
	struct __unik_thread *self = posix_thread_self();

	return self ? &self->signal : NULL;
}

static void refresh(void)
{
	irq_state_t irq = spin_lock_irqsave(&signal_lock);

	signal_refresh(posix_thread_self());
	spin_unlock_irqrestore(&signal_lock, irq);
}

UNIK_API int pthread_cancel(pthread_t t)
{
	irq_state_t irq;
	int err = 0;

	signal_start();
	if (!posix_thread_self())
		return ENOMEM;
	irq = spin_lock_irqsave(&signal_lock);
	if (t->signal.ended) {
		err = ESRCH;
	} else {
		t->signal.cancelled = true;
		signal_refresh(t);
	}
	spin_unlock_irqrestore(&signal_lock, irq);
	if (t == posix_thread_self() && t->signal.cancel_async)
		pthread_testcancel();
	return err;
}

UNIK_API void pthread_testcancel(void)
{
	if (unlikely(thread_interrupted()))
		posix_failed(-EINTR);
}

UNIK_API int pthread_setcancelstate(int state, int *old)
{
	struct signal_thread *s = own();

	if (!s || (state != PTHREAD_CANCEL_DISABLE && state != PTHREAD_CANCEL_ENABLE))
		return EINVAL;
	if (old)
		*old = s->cancel_disabled ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE;
	s->cancel_disabled = state == PTHREAD_CANCEL_DISABLE;
	if (s->cancelled) {
		refresh();
		if (s->cancel_async)
			pthread_testcancel();
	}
	return 0;
}

UNIK_API int pthread_setcanceltype(int type, int *old)
{
	struct signal_thread *s = own();

	if (!s || (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS))
		return EINVAL;
	if (old)
		*old = s->cancel_async ? PTHREAD_CANCEL_ASYNCHRONOUS : PTHREAD_CANCEL_DEFERRED;
	s->cancel_async = type == PTHREAD_CANCEL_ASYNCHRONOUS;
	if (s->cancelled) {
		refresh();
		if (s->cancel_async)
			pthread_testcancel();
	}
	return 0;
}
