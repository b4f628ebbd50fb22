// SPDX-License-Identifier: BSD-2-Clause
/* lib/fs/block.c on a disk that answers when the test says so, has a bad sector, or fails flushes.
 */
// link: lib/fs/ramfs.c lib/fs/ramfs_change.c lib/fs/ramfs_data.c lib/fs/pagemap.c
// link: lib/fs/walk.c lib/fs/change.c lib/fs/at.c lib/fs/vnode_file.c lib/fs/block_range.c
// link: lib/fs/vnode_file_write.c lib/libc/fd.c lib/libc/file_io.c drivers/blk.c
// link: kernel/wait.c kernel/mutex.c lib/fs/ramfs_space.c
// flags: -DSYMLOOP_MAX=40
#define _GNU_SOURCE
#define RAMFS_TEST_CHANGES
#include "lib/fs/block.c"
#include "lib/fs/change.h"
#include "lib/fs/ramfs_data.h"
#include "lib/fs/vfs.c" /* so that each test can begin without a working directory */
#include "tests/host/ramfs.h"

#define NSECT  1000u
#define SECTOR 512u

int (*fs_sync_devices)(void);

static struct blk disk;
static uint8_t medium[NSECT * SECTOR], expected[NSECT * SECTOR];
static struct blk_request *queue[64];
static unsigned nqueue, nwrites, nflushes;
static uint64_t bad = NSECT; /* a sector that cannot be read or written */
static bool holds_back, flush_fails;

static int serve(struct blk_request *r)
{
	uint64_t at = r->lba * SECTOR;

	if (r->op == BLK_FLUSH)
		return nflushes++, flush_fails ? -EIO : 0;
	if (r->lba <= bad && bad < r->lba + r->nsect)
		return -EIO;
	nwrites += r->op == BLK_WRITE;
	for (unsigned i = 0; i < r->nsegment; i++) {
		struct blk_segment s = r->segment[i];

		if (r->op == BLK_WRITE)
			memcpy(medium + at, s.data, s.len);
		else
			memcpy(s.data, medium + at, s.len);
		at += s.len;
	}
	return 0;
}

static int disk_submit(struct blk *b, struct blk_request *r)
{
	if (nqueue == ARRAY_SIZE(queue))
		return -EBUSY;
	queue[nqueue++] = r;
	return 0;
}

static void disk_kick(struct blk *b)
{
}

static unsigned disk_poll(struct blk *b)
{
	unsigned n = holds_back ? 0 : nqueue;

	for (unsigned i = 0; i < n; i++)
		queue[i]->status = serve(queue[i]);
	nqueue -= n;
	return n;
}

static bool disk_irq_enable(struct blk *b)
{
	return false;
}

static const struct blk_ops disk_ops = { disk_submit, disk_kick, disk_poll, disk_irq_enable };

struct blk *blk_probe(unsigned n)
{
	return n == 0 ? &disk : NULL;
}

static void begin(void)
{
	blk_init(&disk, "fake", &disk_ops);
	blk_name_node(&disk, "vd", 0);
	disk.nsectors = NSECT;
	disk.sector_bytes = SECTOR;
	disk.max_sectors = 16;
	disk.max_segments = 2;
	disk.max_seg_bytes = 4096;
	disk.has_cache = true;
	disk.read_only = holds_back = flush_fails = false;
	nqueue = nwrites = nflushes = 0;
	bad = NSECT;
	for (unsigned i = 0; i < sizeof(medium); i++)
		medium[i] = expected[i] = (uint8_t)(i * 5 + (i >> 9));
	CHECK_EQ(ramfs_start(), 0);
	CHECK_EQ(__unik_block_devices(), 0);
}

static void end(void)
{
	if (cwd)
		vnode_put(cwd);
	cwd = NULL;
	ramfs_end();
	kfree(devices);
	devices = NULL;
}

static struct file *open_disk(uint32_t flags)
{
	struct file *f = NULL;

	CHECK_EQ(vfs_open_any(NULL, "/dev/vda", flags, 0, &f), 0);
	return f;
}

static ssize_t put(struct file *f, const void *data, size_t len, off_t at)
{
	struct iovec iov[2] = { { (void *)data, len / 3 },
				{ (char *)data + len / 3, len - len / 3 } };

	return len < 16 ? f->ops->write_at(f, &(struct iovec){ (void *)data, len }, 1, at)
			: f->ops->write_at(f, iov, 2, at);
}

static ssize_t get(struct file *f, void *data, size_t len, off_t at)
{
	struct iovec iov[2] = { { data, len / 3 }, { (char *)data + len / 3, len - len / 3 } };

	return f->ops->read_at(f, iov, 2, at);
}

/* Any offset and length, against a copy in memory. */
static void test_bytes(void)
{
	static uint8_t data[200000], back[200000];
	uint32_t x = 1;

	begin();
	struct file *f = open_disk(O_RDWR);

	for (unsigned i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 11 + 3);
	for (int i = 0; i < 300; i++) {
		x = x * 1664525 + 1013904223;
		size_t at = x % sizeof(medium), len = (x >> 7) % (i % 5 ? 3000 : sizeof(data));
		size_t fits = MIN(len, sizeof(medium) - at);

		if (i % 2) {
			CHECK_EQ(put(f, data, len, (off_t)at), fits);
			memcpy(expected + at, data, fits);
		} else {
			CHECK_EQ(get(f, back, len, (off_t)at), fits);
			CHECK(memcmp(back, expected + at, fits) == 0);
		}
	}
	CHECK(memcmp(medium, expected, sizeof(medium)) == 0);
	CHECK_EQ(put(f, data, 1, sizeof(medium)), -ENOSPC);
	CHECK_EQ(put(f, data, 1, INT64_MAX), -ENOSPC);
	CHECK_EQ(get(f, data, 1, sizeof(medium)), 0);
	CHECK_EQ(put(f, data, 0, sizeof(medium)), 0);
	file_put(f);
	end();
}

static void test_bad_sector(void)
{
	static uint8_t data[20 * SECTOR];

	begin();
	struct file *f = open_disk(O_RDWR);

	bad = 100;
	CHECK_EQ(get(f, data, 10, 100 * SECTOR + 5), -EIO);
	CHECK_EQ(put(f, data, 10, 100 * SECTOR + 5), -EIO);
	CHECK_EQ(put(f, data, 10, 99 * SECTOR + 505), -EIO); /* reaches into it */
	CHECK_EQ(nwrites, 0);
	CHECK_EQ(get(f, data, SECTOR, 99 * SECTOR), SECTOR);
	CHECK_EQ(put(f, data, SECTOR, 101 * SECTOR), SECTOR);
	/* What was done before the error counts: the first of the two pieces of memory. */
	CHECK_EQ(put(f, data, 3 * SECTOR, 99 * SECTOR), SECTOR);
	file_put(f);
	end();
}

static void test_flush(void)
{
	uint8_t byte = 7;

	begin();
	struct file *f = open_disk(O_RDWR), *g = open_disk(O_RDWR | O_SYNC);

	CHECK_EQ(put(f, &byte, 1, 3), 1);
	CHECK_EQ(nflushes, 0);
	CHECK_EQ(file_control(f, FILE_CONTROL_SYNC, NULL), 0);
	CHECK_EQ(nflushes, 1);
	CHECK_EQ(put(g, &byte, 1, 3), 1);
	CHECK_EQ(nflushes, 2);
	CHECK_EQ(fs_sync_devices(), 0);
	CHECK_EQ(nflushes, 3);
	flush_fails = true;
	CHECK_EQ(put(g, &byte, 1, 3), -EIO);
	CHECK_EQ(file_control(f, FILE_CONTROL_SYNC, NULL), -EIO);
	CHECK_EQ(file_control(f, BLKFLSBUF, NULL), -EIO);
	CHECK_EQ(fs_sync_devices(), -EIO);
	file_put(f);
	file_put(g);
	end();
}

static void test_read_only(void)
{
	struct file *f = NULL;
	int yes = 0;

	begin();
	disk.read_only = true;
	CHECK_EQ(vfs_open_any(NULL, "/dev/vda", O_RDWR, 0, &f), -EACCES);
	CHECK_EQ(vfs_open_any(NULL, "/dev/vda", O_WRONLY | O_TRUNC, 0, &f), -EACCES);
	f = open_disk(O_RDONLY);
	CHECK_EQ(file_control(f, BLKROGET, &yes), 0);
	CHECK_EQ(yes, 1);
	CHECK_EQ(file_control(f, BLKDISCARD, (uint64_t[]){ 0, SECTOR }), -EBADF);
	file_put(f);
	end();
}

static void test_without_memory(void)
{
	static uint8_t data[3000];

	begin();
	FAKE_FAIL_EACH
	{
		struct file *f = NULL;
		int err = vfs_open_any(NULL, "/dev/vda", O_RDWR, 0, &f);

		if (err) {
			CHECK_EQ(err, -ENOMEM);
			continue;
		}
		ssize_t n = put(f, data, sizeof(data), 77);

		CHECK(n == -ENOMEM || n == sizeof(data));
		n = get(f, data, sizeof(data), 77);
		CHECK(n == -ENOMEM || n == sizeof(data));
		file_put(f);
	}
	end();
}

/* --- several writers ----------------------------------------------------------------------------
 */

static struct file *shared;
static unsigned finished;

static void write_one(void *arg)
{
	uint8_t byte = (uint8_t)(uintptr_t)arg;

	CHECK_EQ(put(shared, &byte, 1, 10 * SECTOR + byte), 1);
	finished++;
}

static void write_far(void *arg)
{
	uint8_t byte = 1;

	CHECK_EQ(put(shared, &byte, 1, 500 * SECTOR), 1);
	finished++;
}

/* The disk answers what it has, once. */
static void answer(void)
{
	holds_back = false;
	wait_queue_wake_all(&disk.wait);
	while (nqueue)
		disk_poll(&disk);
	holds_back = true;
	wait_queue_wake_all(&disk.wait);
	fake_threads_run();
}

/* Two threads write a byte of one sector each: the second does not read it before the first has
 * written it. Who writes elsewhere does not wait for them. */
static void test_writers_of_one_sector(void)
{
	struct thread *t;

	begin();
	finished = 0;
	shared = open_disk(O_RDWR);
	holds_back = true;
	CHECK_EQ(thread_create(&t, "a", 0, write_one, (void *)1), 0);
	CHECK_EQ(thread_create(&t, "b", 0, write_one, (void *)2), 0);
	CHECK_EQ(thread_create(&t, "c", 0, write_far, NULL), 0);
	fake_threads_run();
	CHECK_EQ(nqueue, 2); /* the first one's read, and the far one's */
	for (int i = 0; i < 20 && finished < 3; i++)
		answer();
	CHECK_EQ(finished, 3);
	expected[10 * SECTOR + 1] = 1;
	expected[10 * SECTOR + 2] = 2;
	expected[500 * SECTOR] = 1;
	CHECK(memcmp(medium, expected, sizeof(medium)) == 0);
	CHECK(list_empty(&devices[0].writers.all));
	file_put(shared);
	end();
}

int main(void)
{
	RUN(test_bytes);
	RUN(test_bad_sector);
	RUN(test_flush);
	RUN(test_read_only);
	RUN(test_without_memory);
	RUN(test_writers_of_one_sector);
	return check_done();
}
