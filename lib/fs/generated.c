// SPDX-License-Identifier: BSD-2-Clause
#include "lib/fs/generated.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "kernel/heap.h"
#include "lib/base/fmt.h"
#include "lib/fs/parts.h"
#include "lib/fs/vnode_file.h"
#include "lib/libc/file_io.h"

void text_printf(struct text *t, const char *format, ...)
{
	size_t left = t->len < t->size ? t->size - t->len : 0;
	va_list ap;

	va_start(ap, format);
	t->len += fmt_vsnprintf(left ? t->out + t->len : NULL, left, format, ap);
	va_end(ap);
}

void text_bytes(struct text *t, const void *bytes, size_t len)
{
	if (t->len < t->size)
		memcpy(t->out + t->len, bytes, MIN(len, t->size - t->len));
	t->len += len;
}

/* An open file: the text follows it. */
struct text_file {
	struct file file;
	struct mutex lock; /* guards file.offset */
	struct vnode *vnode;
	size_t len;
	char text[];
};

static struct text_file *of(struct file *f)
{
	return container_of(f, struct text_file, file);
}

static const struct generated *row_of(struct vnode *v)
{
	return &generated_table[ramfs_node_of(v)->device];
}

static void text_vnode_stat(struct vnode *v, struct stat *out)
{
	struct text t = { NULL, 0, 0 };

	ramfs_ops.stat(v, out);
	if (strncmp(row_of(v)->path, "/proc/", 6) != 0)
		row_of(v)->make(&t);
	out->st_size = (off_t)t.len;
}

static int text_stat(struct file *f, struct stat *out)
{
	vnode_stat(of(f)->vnode, out);
	return 0;
}

static ssize_t text_read_at(struct file *f, const struct iovec *iov, int niov, off_t at)
{
	const struct text_file *tf = of(f);
	size_t total = 0;

	for (int i = 0; i < niov && (uint64_t)at + total < tf->len; i++) {
		size_t len = MIN(iov[i].iov_len, tf->len - (size_t)at - total);

		memcpy(iov[i].iov_base, tf->text + at + total, len);
		total += len;
	}
	return (ssize_t)total;
}

static ssize_t text_read(struct file *f, const struct iovec *iov, int niov)
{
	ssize_t n;

	mutex_lock(&of(f)->lock);
	n = text_read_at(f, iov, niov, f->offset);
	f->offset += n;
	mutex_unlock(&of(f)->lock);
	return n;
}

static off_t text_seek(struct file *f, off_t offset, int whence)
{
	off_t pos = -EINVAL, base;

	mutex_lock(&of(f)->lock);
	base = whence == SEEK_CUR ? f->offset : whence == SEEK_END ? (off_t)of(f)->len : 0;
	if (whence != SEEK_SET && whence != SEEK_CUR && whence != SEEK_END)
		pos = -EINVAL;
	else if (__builtin_add_overflow(base, offset, &pos))
		pos = -EOVERFLOW;
	else if (pos < 0)
		pos = -EINVAL;
	else
		f->offset = pos;
	mutex_unlock(&of(f)->lock);
	return pos;
}

static int text_control(struct file *f, unsigned long request, void *arg)
{
	if (request != FILE_CONTROL_VNODE)
		return -ENOTTY;
	*(struct vnode **)arg = vnode_get(of(f)->vnode);
	return 0;
}

static void text_release(struct file *f)
{
	vnode_put(of(f)->vnode);
	kfree(of(f));
}

static const struct file_ops text_file_ops = {
	.read = text_read,
	.read_at = text_read_at,
	.seek = text_seek,
	.stat = text_stat,
	.control = text_control,
	.release = text_release,
};

/* The text is made twice, first to know how long it is; a number that grew in between may cut off
 * the end, so there is a little room. */
static int text_open(struct vnode *v, uint32_t flags, struct file **out)
{
	struct text t = { NULL, 0, 0 };
	struct text_file *tf;

	row_of(v)->make(&t);
	t.size = t.len + 64;
	tf = kalloc(sizeof(*tf) + t.size);
	if (!tf)
		return -ENOMEM;
	t.out = tf->text;
	t.len = 0;
	row_of(v)->make(&t);
	file_init(&tf->file, &text_file_ops, flags);
	mutex_init(&tf->lock);
	tf->vnode = v;
	tf->len = MIN(t.len, t.size);
	*out = &tf->file;
	return 0;
}

static const struct vnode_ops text_ops = { .stat = text_vnode_stat, .open = text_open };

/* The last component of a path, its directories made; NULL: out of memory. */
static struct ramfs_node *make_directories(const char **path)
{
	struct ramfs_node *dir = &ramfs.root;
	const char *slash;

	while ((slash = strchr(++*path, '/')) != NULL) {
		dir = ramfs_make(dir, *path, (size_t)(slash - *path), S_IFDIR | 0555);
		if (!dir || !S_ISDIR(dir->vnode.mode))
			return dir;
		*path = slash;
	}
	return dir;
}

/* What an archive has under that name stays. */
static int add(const struct generated *g)
{
	const char *name = g->path;
	struct ramfs_node *dir = make_directories(&name), *n;
	mode_t mode = g->target ? S_IFLNK | 0777 : g->text ? S_IFREG | 0644 : S_IFREG | 0444;

	if (!dir)
		return -ENOMEM;
	if (!S_ISDIR(dir->vnode.mode) || ramfs_find(dir, name, strlen(name)))
		return 0;
	if (!g->target && !g->text && !g->make)
		mode = S_IFDIR | 0555;
	n = ramfs_make(dir, name, strlen(name), mode);
	if (!n)
		return -ENOMEM;
	if (S_ISDIR(mode)) {
		n->vnode.ops = &proc_fd_ops;
	} else if (g->make) {
		n->vnode.ops = &text_ops;
		n->device = (uint32_t)(g - generated_table);
	} else {
		const char *text = g->target ? g->target : g->text;

		ramfs_set_base(n, text, strlen(text));
	}
	return 0;
}

static int add_all(void)
{
	int err = 0;

	for (size_t i = 0; i < generated_table_len && !err; i++)
		err = add(&generated_table[i]);
	return err;
}

FS_PART(generated, add_all);
