// SPDX-License-Identifier: BSD-2-Clause
/*
 * sem_named.c - semaphores by name. The names are a list of the image's own: they are in no file
 * system and end with the machine.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <stdarg.h>
#include <string.h>
#include "kernel/heap.h"
#include "kernel/mutex.h"
#include "lib/base/list.h"
#include "lib/libc/result.h"

struct named {
	struct list node; /* while it has its name */
	sem_t sem;
	uint32_t nopen;
	bool unlinked;
	char name[];
};

static struct mutex lock = MUTEX_INIT(lock);
static struct list all = LIST_INIT(all);

static struct named *look_up(const char *name)
{
	list_for_each (it, &all) {
		struct named *n = list_entry(it, struct named, node);

		if (!strcmp(n->name, name))
			return n;
	}
	return NULL;
}

/* One leading slash is allowed and means nothing; others make no name. */
static int check_name(const char **name)
{
	if (**name == '/')
		++*name;
	if (strlen(*name) > NAME_MAX)
		return -ENAMETOOLONG;
	return !**name || strchr(*name, '/') ? -EINVAL : 0;
}

static int make(const char *name, unsigned value, struct named **out)
{
	struct named *n;

	if (value > SEM_VALUE_MAX)
		return -EINVAL;
	n = kzalloc(sizeof(*n) + strlen(name) + 1);
	if (!n)
		return -ENOMEM;
	strcpy(n->name, name);
	sem_init(&n->sem, 0, value);
	list_push_back(&all, &n->node);
	*out = n;
	return 0;
}

static int open_locked(const char *name, int flags, unsigned value, struct named **out)
{
	struct named *n = look_up(name);

	if (n && (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return -EEXIST;
	if (!n && !(flags & O_CREAT))
		return -ENOENT;
	*out = n;
	return n ? 0 : make(name, value, out);
}

UNIK_API sem_t *sem_open(const char *name, int flags, ...)
{
	struct named *n = NULL;
	unsigned value = 0;
	int err = check_name(&name);
	va_list ap;

	if (flags & O_CREAT) {
		va_start(ap, flags);
		(void)va_arg(ap, int); /* the mode: there are no users */
		value = va_arg(ap, unsigned);
		va_end(ap);
	}
	mutex_lock(&lock);
	if (!err)
		err = open_locked(name, flags, value, &n);
	if (!err)
		n->nopen++;
	mutex_unlock(&lock);
	return posix_result(err) < 0 ? SEM_FAILED : &n->sem;
}

/* Under the lock. */
static void free_unused(struct named *n)
{
	if (!n->nopen && n->unlinked)
		kfree(n);
}

UNIK_API int sem_close(sem_t *sem)
{
	struct named *n = container_of(sem, struct named, sem);

	mutex_lock(&lock);
	n->nopen--;
	free_unused(n);
	mutex_unlock(&lock);
	return 0;
}

UNIK_API int sem_unlink(const char *name)
{
	int err = check_name(&name);
	struct named *n;

	mutex_lock(&lock);
	n = err ? NULL : look_up(name);
	if (n) {
		list_remove(&n->node);
		n->unlinked = true;
		free_unused(n);
	} else if (!err) {
		err = -ENOENT;
	}
	mutex_unlock(&lock);
	return (int)posix_result(err);
}
