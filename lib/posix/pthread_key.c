// SPDX-License-Identifier: BSD-2-Clause
/*
 * pthread_key.c - thread-specific values.
 *
 * A key number is used again after pthread_key_delete(); values that threads still have for the
 * old key are told from new ones by the key's birth number.
 */
#include <errno.h>
#include "kernel/heap.h"
#include "kernel/sealed.h"
#include "lib/libc/locks.h"
#include "lib/posix/thread.h"

static struct {
	uint32_t birth; /* 0: not in use */
	void (*destroy)(void *value);
} key_table[PTHREAD_KEYS_MAX]; /* under table_lock, but read without */

static uint32_t table_lock; /* lib/libc/locks.h */
static uint32_t last_birth;

/* Call the destructors of all values once. Returns whether there were any. */
static bool destroy_values(struct __unik_thread *self)
{
	bool any = false;

	for (unsigned i = 0; i < PTHREAD_KEYS_MAX; i++) {
		struct key_value *v = &self->keys[i];
		void *value = v->value;

		if (!value || v->birth != key_table[i].birth || !key_table[i].destroy)
			continue;
		v->value = NULL;
		key_table[i].destroy(value);
		any = true;
	}
	return any;
}

static void keys_end(struct __unik_thread *self)
{
	if (!self->keys)
		return;
	for (int i = 0; i < PTHREAD_DESTRUCTOR_ITERATIONS; i++)
		if (!destroy_values(self))
			break;
	kfree(self->keys);
	self->keys = NULL;
}

UNIK_API int pthread_key_create(pthread_key_t *out, void (*destroy)(void *))
{
	int err = EAGAIN;

	word_lock(&table_lock);
	sealed_set(&posix_keys_end, keys_end);
	for (unsigned i = 0; i < PTHREAD_KEYS_MAX; i++) {
		if (key_table[i].birth)
			continue;
		key_table[i].destroy = destroy;
		WRITE_ONCE(key_table[i].birth, ++last_birth);
		*out = i;
		err = 0;
		break;
	}
	word_unlock(&table_lock);
	return err;
}

UNIK_API int pthread_key_delete(pthread_key_t key)
{
	if (key >= PTHREAD_KEYS_MAX || !key_table[key].birth)
		return EINVAL;
	WRITE_ONCE(key_table[key].birth, 0);
	return 0;
}

UNIK_API void *pthread_getspecific(pthread_key_t key)
{
	struct __unik_thread *self = thread_current()->posix;

	if (key >= PTHREAD_KEYS_MAX || !self || !self->keys ||
	    self->keys[key].birth != READ_ONCE(key_table[key].birth))
		return NULL;
	return self->keys[key].value;
}

UNIK_API int pthread_setspecific(pthread_key_t key, const void *value)
{
	struct __unik_thread *self = posix_thread_self();

	if (key >= PTHREAD_KEYS_MAX || !READ_ONCE(key_table[key].birth))
		return EINVAL;
	if (!self)
		return ENOMEM;
	if (!self->keys) {
		self->keys = kzalloc(PTHREAD_KEYS_MAX * sizeof(*self->keys));
		if (!self->keys)
			return ENOMEM;
	}
	self->keys[key].birth = READ_ONCE(key_table[key].birth);
	self->keys[key].value = (void *)value;
	return 0;
}
