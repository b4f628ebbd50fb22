// SPDX-License-Identifier: BSD-2-Clause
/*
 * block.c - the block devices in /dev: sectors as bytes at any offset.
 *
 * Nothing is kept here: whole sectors in memory that the device reaches are moved from and to
 * there, all else goes through pages of the call's own. In the image when a header of the program
 * spoke up (<sys/_blkpart.h>).
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/_blkio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "arch/mmu.h"
#include "drivers/blk.h"
#include "kernel/heap.h"
#include "kernel/sealed.h"
#include "lib/fs/block_range.h"
#include "lib/fs/ramfs.h"
#include "lib/fs/sync.h"
#include "lib/libc/file_io.h"

#define BOUNCE_PAGES 16
#define NAMES_MAX    32  /* devices that /dev has */
#define MAJOR        254 /* the first of Linux's numbers for local use */

struct block_device {
	struct blk *blk;
	struct block_ranges writers;
};

struct block_file {
	struct file file;
	struct vnode *vnode; /* with a reference */
	struct block_device *device;
	struct mutex lock; /* guards file.offset */
};

static struct block_device *devices; /* made once */
static unsigned ndevices;

static struct block_file *of(struct file *f)
{
	return container_of(f, struct block_file, file);
}

static struct blk *blk_of(struct file *f)
{
	return of(f)->device->blk;
}

static uint64_t size_of(const struct blk *b)
{
	return b->nsectors * b->sector_bytes;
}

/* --- bytes ----------------------------------------------------------------------------------- */

/* A read() or write() on its way. */
struct job {
	struct blk *blk;
	bool write;
	uint64_t at;  /* where it goes on [bytes] */
	char *bounce; /* NULL until one is needed */
	size_t bounce_bytes;
};

static int get_bounce(struct job *j)
{
	if (j->bounce)
		return 0;
	j->bounce_bytes = BOUNCE_PAGES * PAGE_SIZE;
	j->bounce = page_alloc_exact(BOUNCE_PAGES);
	if (!j->bounce) {
		j->bounce_bytes = PAGE_SIZE;
		j->bounce = page_alloc_exact(1);
	}
	return j->bounce ? 0 : -ENOMEM;
}

static void free_bounce(struct job *j)
{
	if (j->bounce)
		page_free_exact(j->bounce, j->bounce_bytes / PAGE_SIZE);
}

/* The sectors that a piece begins and ends in the middle of, before it is put over them. */
static int read_edges(struct job *j, size_t skip, size_t len, uint32_t nsect)
{
	uint32_t sector = j->blk->sector_bytes;
	uint64_t lba = j->at / sector;
	int err = 0;

	if (skip || len < sector)
		err = blk_transfer(j->blk, BLK_READ, lba, j->bounce, 1);
	if (!err && nsect > 1 && (skip + len) % sector)
		err = blk_transfer(j->blk, BLK_READ, lba + nsect - 1,
				   j->bounce + (size_t)(nsect - 1) * sector, 1);
	return err;
}

/* One piece by the bounce pages. Returns its length, or -errno. */
static ssize_t move_copied(struct job *j, char *data, size_t len)
{
	uint32_t sector = j->blk->sector_bytes;
	size_t skip = j->at % sector;
	int err = get_bounce(j);

	if (err)
		return err;
	len = MIN(len, j->bounce_bytes - skip);
	uint32_t nsect = (uint32_t)((skip + len + sector - 1) / sector);

	if (j->write) {
		err = read_edges(j, skip, len, nsect);
		if (err)
			return err;
		memcpy(j->bounce + skip, data, len);
	}
	err = blk_transfer(j->blk, j->write ? BLK_WRITE : BLK_READ, j->at / sector, j->bounce,
			   nsect);
	if (err)
		return err;
	if (!j->write)
		memcpy(data, j->bounce + skip, len);
	return (ssize_t)len;
}

/* One piece: the whole sectors from here on where the device reaches them, else a copied one. */
static ssize_t move_piece(struct job *j, char *data, size_t len)
{
	struct blk *b = j->blk;
	uint64_t nsect = MIN(len / b->sector_bytes, (size_t)UINT32_MAX);
	size_t bytes = nsect * b->sector_bytes;
	int err;

	if (j->at % b->sector_bytes || !nsect || !mmu_is_direct(data) ||
	    !mmu_is_direct(data + bytes))
		return move_copied(j, data, len);
	err = blk_transfer(b, j->write ? BLK_WRITE : BLK_READ, j->at / b->sector_bytes, data,
			   (uint32_t)nsect);
	return err ? err : (ssize_t)bytes;
}

/* Up to `left` bytes of the caller's memory. What was moved before an error counts. */
static ssize_t move_all(struct job *j, const struct iovec *iov, size_t left)
{
	size_t total = 0, done = 0;

	while (left) {
		size_t len = MIN(iov->iov_len - done, left);
		ssize_t n = len ? move_piece(j, (char *)iov->iov_base + done, len) : 0;

		if (n < 0)
			return total ? (ssize_t)total : n;
		j->at += (size_t)n;
		total += (size_t)n;
		left -= (size_t)n;
		done += (size_t)n;
		if (done == iov->iov_len) {
			iov++;
			done = 0;
		}
	}
	return (ssize_t)total;
}

/* What of the caller's memory lies within the device from `at` on. */
static size_t clip(const struct blk *b, const struct iovec *iov, int niov, off_t at, bool *wants)
{
	uint64_t size = size_of(b), room = (uint64_t)at < size ? size - (uint64_t)at : 0;
	size_t len = 0;

	for (int i = 0; i < niov; i++)
		len += iov[i].iov_len;
	*wants = len > 0;
	return MIN(len, room);
}

static ssize_t block_read_at(struct file *f, const struct iovec *iov, int niov, off_t at)
{
	struct job j = { .blk = blk_of(f), .at = (uint64_t)at };
	bool wants;
	size_t len = clip(j.blk, iov, niov, at, &wants);
	ssize_t n = move_all(&j, iov, len);

	free_bounce(&j);
	return n;
}

static ssize_t write_locked(struct block_device *d, struct job *j, const struct iovec *iov,
			    size_t len)
{
	struct block_range r = { .first = j->at / d->blk->sector_bytes,
				 .last = (j->at + len - 1) / d->blk->sector_bytes };
	ssize_t n;

	block_range_lock(&d->writers, &r);
	n = move_all(j, iov, len);
	block_range_unlock(&d->writers, &r);
	free_bounce(j);
	return n;
}

static ssize_t block_write_at(struct file *f, const struct iovec *iov, int niov, off_t at)
{
	struct job j = { .blk = blk_of(f), .write = true, .at = (uint64_t)at };
	bool wants;
	size_t len = clip(j.blk, iov, niov, at, &wants);
	ssize_t n;
	int err = 0;

	if (!len)
		return wants ? -ENOSPC : 0;
	n = write_locked(of(f)->device, &j, iov, len);
	if (n > 0 && READ_ONCE(f->flags) & O_SYNC)
		err = blk_flush(j.blk);
	return err ? err : n;
}

static ssize_t block_read(struct file *f, const struct iovec *iov, int niov)
{
	ssize_t n;

	mutex_lock(&of(f)->lock);
	n = block_read_at(f, iov, niov, f->offset);
	if (n > 0)
		f->offset += n;
	mutex_unlock(&of(f)->lock);
	return n;
}

/* O_APPEND says nothing: the end is where the device ends. */
static ssize_t block_write(struct file *f, const struct iovec *iov, int niov)
{
	ssize_t n;

	mutex_lock(&of(f)->lock);
	n = block_write_at(f, iov, niov, f->offset);
	if (n > 0)
		f->offset += n;
	mutex_unlock(&of(f)->lock);
	return n;
}

static off_t block_seek(struct file *f, off_t offset, int whence)
{
	uint64_t size = size_of(blk_of(f));
	off_t pos = -EINVAL, base;

	mutex_lock(&of(f)->lock);
	base = whence == SEEK_CUR ? f->offset : whence == SEEK_END ? (off_t)size : 0;
	if ((whence != SEEK_SET && whence != SEEK_CUR && whence != SEEK_END) ||
	    __builtin_add_overflow(base, offset, &pos) || pos < 0 || (uint64_t)pos > size)
		pos = -EINVAL;
	else
		f->offset = pos;
	mutex_unlock(&of(f)->lock);
	return pos;
}

/* --- requests -------------------------------------------------------------------------------- */

static int discard(struct file *f, const uint64_t *range)
{
	struct blk *b = blk_of(f);

	if (!file_may_write(f))
		return -EBADF;
	if ((range[0] | range[1]) % b->sector_bytes)
		return -EINVAL;
	return blk_discard(b, range[0] / b->sector_bytes, range[1] / b->sector_bytes);
}

static int block_control(struct file *f, unsigned long request, void *arg)
{
	const struct blk *b = blk_of(f);

	switch (request) {
	case FILE_CONTROL_SYNC:
	case BLKFLSBUF:
		return blk_flush(blk_of(f));
	case FILE_CONTROL_VNODE:
		*(struct vnode **)arg = vnode_get(of(f)->vnode);
		return 0;
	case BLKGETSIZE64:
		*(uint64_t *)arg = size_of(b);
		return 0;
	case BLKGETSIZE:
		*(unsigned long *)arg = size_of(b) / 512;
		return 0;
	case BLKSSZGET:
	case BLKPBSZGET:
		*(int *)arg = (int)b->sector_bytes;
		return 0;
	case BLKBSZGET:
		*(int *)arg = PAGE_SIZE;
		return 0;
	case BLKROGET:
		*(int *)arg = b->read_only;
		return 0;
	case BLKDISCARD:
		return discard(f, arg);
	default:
		return -ENOTTY;
	}
}

static int block_stat(struct file *f, struct stat *out)
{
	vnode_stat(of(f)->vnode, out);
	return 0;
}

static void block_release(struct file *f)
{
	vnode_put(of(f)->vnode);
	kfree(of(f));
}

static const struct file_ops block_file_ops = {
	.read = block_read,
	.write = block_write,
	.read_at = block_read_at,
	.write_at = block_write_at,
	.seek = block_seek,
	.stat = block_stat,
	.control = block_control,
	.release = block_release,
};

/* --- names ----------------------------------------------------------------------------------- */

static void block_vnode_stat(struct vnode *v, struct stat *out)
{
	ramfs_ops.stat(v, out);
	out->st_rdev = makedev(MAJOR, 16 * ramfs_node_of(v)->device);
}

static int block_open(struct vnode *v, uint32_t flags, struct file **out)
{
	struct block_device *d = &devices[ramfs_node_of(v)->device];
	struct block_file *bf;

	if (d->blk->read_only && (flags & O_ACCMODE) != O_RDONLY)
		return -EACCES;
	bf = kalloc(sizeof(*bf));
	if (!bf)
		return -ENOMEM;
	file_init(&bf->file, &block_file_ops, flags);
	mutex_init(&bf->lock);
	bf->vnode = v;
	bf->device = d;
	*out = &bf->file;
	return 0;
}

/* Whom it belongs to is nobody's business here. */
static int refuse_attributes(struct vnode *v, const struct vnode_attr *attr)
{
	return -EPERM;
}

static const struct vnode_change_ops writable = { .setattr = refuse_attributes };
static const struct vnode_ops block_ops = { .stat = block_vnode_stat,
					    .open = block_open,
					    .change = &writable };
static const struct vnode_ops block_read_only_ops = { .stat = block_vnode_stat,
						      .open = block_open };

static int add(struct ramfs_node *dev, struct blk *b)
{
	struct ramfs_node *n =
		ramfs_make(dev, b->node, strlen(b->node), S_IFBLK | (b->read_only ? 0440 : 0660));

	if (!n)
		return -ENOMEM;
	if (!S_ISBLK(n->vnode.mode))
		return 0; /* an archive's */
	n->vnode.ops = b->read_only ? &block_read_only_ops : &block_ops;
	n->device = ndevices;
	devices[ndevices].blk = b;
	block_ranges_init(&devices[ndevices++].writers);
	return 0;
}

/* All that were written to; the first error. */
static int sync_all(void)
{
	int err = 0, here;

	for (unsigned i = 0; i < ndevices; i++) {
		here = blk_flush(devices[i].blk);
		err = err ? err : here;
	}
	return err;
}

/* Called once, or again after -ENOMEM. */
UNIK_API int __unik_block_devices(void)
{
	struct ramfs_node *dev = ramfs_make(&ramfs.root, "dev", 3, S_IFDIR | 0755);
	struct blk *b;
	int err = 0;

	if (!devices)
		devices = kzalloc(NAMES_MAX * sizeof(*devices));
	if (!dev || !devices)
		return -ENOMEM;
	if (!S_ISDIR(dev->vnode.mode))
		return 0;
	sealed_set(&fs_sync_devices, sync_all);
	ndevices = 0;
	for (unsigned i = 0; i < NAMES_MAX && !err && (b = blk_probe(i)) != NULL; i++)
		err = add(dev, b);
	return err;
}
