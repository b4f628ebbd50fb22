// SPDX-License-Identifier: BSD-2-Clause
/*
 * unix_name.c - what sockets of the local family are bound to: paths and abstract names.
 */
#include <errno.h>
#include <string.h>
#include "kernel/heap.h"
#include "lib/fs/vnode.h"
#include "lib/posix/unix_socket.h"

#define PATH_OFFSET offsetof(struct sockaddr_un, sun_path)

static struct list names = LIST_INIT(names); /* those with an owner */
static uint32_t last_automatic;              /* the number of the last name made by bind() */

void unix_name_put(struct unix_name *n)
{
	if (n && --n->refs == 0)
		kfree(n);
}

void unix_name_write(const struct unix_name *n, struct sockaddr *to, socklen_t *len)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	size_t size = PATH_OFFSET;

	if (n) {
		memcpy(un.sun_path, n->path, n->len);
		size += n->len + (n->path[0] && n->len < sizeof(un.sun_path)); /* its end */
	}
	memcpy(to, &un, MIN((size_t)*len, size));
	*len = size;
}

/* The path of a name; len 0: none is there. */
static int read_name(const struct sockaddr *name, socklen_t len, struct unix_target *t)
{
	if (!name || len < sizeof(name->sa_family) || len > sizeof(struct sockaddr_un))
		return -EINVAL;
	if (name->sa_family != AF_UNIX)
		return -EAFNOSUPPORT;
	memset(t, 0, sizeof(*t));
	t->len = len > PATH_OFFSET ? len - PATH_OFFSET : 0;
	memcpy(t->path, (const char *)name + PATH_OFFSET, t->len);
	if (t->path[0]) /* a path ends at its first 0, or at the end */
		t->len = strlen(t->path);
	return 0;
}

/* The word of <sys/un.h>: without the header nobody can have named a path. */
extern const struct __unik_socket_family *const __unik_family_unix __attribute__((weak));

static int look_at_path(struct unix_target *t, bool make)
{
	if (!t->path[0])
		return 0;
	return &__unik_family_unix ? __unik_family_unix->name(t->path, make, &t->vnode)
				   : -EAFNOSUPPORT;
}

int unix_target_read(const struct sockaddr *name, socklen_t len, struct unix_target *t)
{
	int err = read_name(name, len, t);

	if (err)
		return err;
	return t->len ? look_at_path(t, false) : -EINVAL;
}

void unix_target_end(struct unix_target *t)
{
	if (t->vnode)
		vnode_put(t->vnode);
}

static struct unix_name *look_up(const struct unix_target *t)
{
	list_for_each (it, &names) {
		struct unix_name *n = list_entry(it, struct unix_name, node);

		if (n->vnode != t->vnode)
			continue;
		if (n->vnode || (n->len == t->len && !memcmp(n->path, t->path, t->len)))
			return n;
	}
	return NULL;
}

/* Five hexadecimal digits that nobody has, as Linux makes them. */
static int make_automatic(struct unix_target *t)
{
	t->len = 6;
	for (uint32_t tries = 0; tries < 1u << 20; tries++) {
		uint32_t n = ++last_automatic;

		for (int i = 5; i > 0; i--, n >>= 4)
			t->path[i] = "0123456789abcdef"[n & 15];
		if (!look_up(t))
			return 0;
	}
	return -EADDRINUSE;
}

/* The reference to the object in the file system goes to the name. */
static int bind_locked(struct unix_socket *s, struct unix_target *t)
{
	struct unix_name *n;
	int err = s->name ? -EINVAL : 0;

	if (!err && !t->len)
		err = make_automatic(t);
	if (!err && look_up(t))
		err = -EADDRINUSE;
	if (err)
		return err;
	n = kzalloc(sizeof(*n));
	if (!n)
		return -ENOMEM;
	memcpy(n->path, t->path, t->len);
	n->len = t->len;
	n->vnode = t->vnode;
	t->vnode = NULL;
	n->refs = 1;
	n->owner = s;
	list_push_back(&names, &n->node);
	s->name = n;
	return 0;
}

int unix_bind(struct file *f, const struct sockaddr *name, socklen_t len)
{
	struct unix_socket *s = unix_of(f);
	struct unix_target t;
	int err = read_name(name, len, &t);

	if (!err && READ_ONCE(s->name))
		err = -EINVAL; /* and no object is made for it */
	if (!err)
		err = look_at_path(&t, true);
	if (err)
		return err;
	mutex_lock(&unix_lock);
	err = bind_locked(s, &t);
	mutex_unlock(&unix_lock);
	unix_target_end(&t);
	return err;
}

int unix_find(const struct unix_target *t, int type, struct unix_socket **out)
{
	struct unix_name *found = look_up(t);

	if (!found)
		return -ECONNREFUSED;
	if (found->owner->type != type)
		return -EPROTOTYPE;
	*out = found->owner;
	return 0;
}

struct vnode *unix_unbind(struct unix_socket *s)
{
	struct unix_name *n = s->name;
	struct vnode *vnode;

	if (!n || n->owner != s) /* an accepted socket shows its listener's name */
		return NULL;
	vnode = n->vnode;
	n->vnode = NULL;
	n->owner = NULL;
	list_remove(&n->node);
	return vnode;
}
