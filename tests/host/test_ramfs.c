// SPDX-License-Identifier: BSD-2-Clause
// link: lib/fs/ramfs.c lib/fs/ramfs_change.c lib/fs/ramfs_data.c lib/fs/pagemap.c
// link: lib/fs/walk.c lib/fs/change.c lib/fs/at.c lib/fs/vnode_file.c
// link: lib/fs/vnode_file_write.c lib/libc/fd.c lib/libc/file_io.c
// link: kernel/wait.c kernel/mutex.c
// flags: -DSYMLOOP_MAX=40
/* The root file system where the host's cannot be asked: no memory, no space, read-only, pages that
 * are handed out, long paths. test_ramfs_model.c has the rest. */
#define _GNU_SOURCE
#define RAMFS_TEST_CHANGES
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include "lib/fs/change.h"
#include "lib/fs/ramfs_data.h"
#include "lib/fs/ramfs_space.c" /* so that each test can have a limit of its own */
#include "lib/fs/vfs.c"         /* and begin without a working directory */
#include "lib/libc/file_io.h"
#include "tests/host/ramfs.h"

static void end(void)
{
	if (cwd)
		vnode_put(cwd);
	cwd = NULL;
	ramfs_end();
}

static int open_file(const char *path, uint32_t flags, struct file **out)
{
	return vfs_open_any(NULL, path, flags, 0666, out);
}

static ssize_t put(struct file *f, const void *data, size_t len, off_t at)
{
	struct iovec iov = { (void *)data, len };

	return f->ops->write_at(f, &iov, 1, at);
}

static ssize_t get(struct file *f, void *data, size_t len, off_t at)
{
	struct iovec iov = { data, len };

	return f->ops->read_at(f, &iov, 1, at);
}

static int set_size(struct file *f, off_t size)
{
	struct vnode *v;
	int err = file_control(f, FILE_CONTROL_VNODE, &v);

	if (!err) {
		err = ramfs_truncate(v, size);
		vnode_put(v);
	}
	return err;
}

/* A bit of everything; stops at the first error. */
static int use_everything(void)
{
	static char data[3 * 4096];
	struct file *f;
	int err = vfs_make(AT_FDCWD, "/d", S_IFDIR | 0777, NULL);

	if (!err)
		err = vfs_make(AT_FDCWD, "/s", S_IFLNK | 0777, "d/file");
	if (!err)
		err = open_file("/s", O_CREAT | O_RDWR, &f);
	if (err)
		return err;
	for (int i = 0; i < 4 && !err; i++) {
		ssize_t n = put(f, data, sizeof(data), 1000000L * i);

		err = n < 0 ? (int)n : n < (ssize_t)sizeof(data) ? -ENOSPC : 0;
	}
	if (!err)
		err = vfs_link(AT_FDCWD, "/d/file", AT_FDCWD, "/hard", false);
	if (!err)
		err = vfs_rename(AT_FDCWD, "/d/file", AT_FDCWD, "/other name", false);
	if (!err)
		err = vfs_rename(AT_FDCWD, "/d", AT_FDCWD, "/s/../e", false);
	if (err == -ENOTDIR) /* "/s" leads nowhere any more, or to a file */
		err = 0;
	if (!err)
		err = vfs_remove(AT_FDCWD, "/hard", false);
	file_put(f);
	return err;
}

static void test_no_memory(void)
{
	FAKE_FAIL_EACH
	{
		int err = use_everything();

		if (fake_failed())
			CHECK(err == -ENOMEM || err == -ENOSPC || err == 0);
		end();
	}
}

static void test_space(void)
{
	static char data[10 * 4096];
	struct file *f = NULL;
	uint64_t used;

	ram_total = 100; /* pages, of which 3 are kept; the option says 10 */
	ram_free = 100;
	ramfs_option = "40K";
	limit_known = false;
	CHECK_EQ(open_file("/f", O_CREAT | O_RDWR, &f), 0);
	CHECK_EQ(put(f, data, sizeof(data), 0), 9 * 4096);
	CHECK_EQ(put(f, data, 1, 9 * 4096), -ENOSPC);
	CHECK_EQ(put(f, data, 4096, 8 * 4096), 4096); /* there already */
	CHECK_EQ(ramfs_allocate(&ramfs_find(&ramfs.root, "f", 1)->node->vnode, 0, 1l << 50, true),
		 -ENOSPC);
	used = ramfs.used_bytes;
	CHECK(used <= 40960);
	CHECK_EQ(set_size(f, 1l << 40), 0); /* a hole costs nothing */
	CHECK_EQ(ramfs.used_bytes, used);
	CHECK_EQ(set_size(f, 4096), 0);
	CHECK_EQ(ramfs.used_bytes, used - 8 * 4096);
	ram_free = 3; /* somebody else has taken the memory */
	CHECK_EQ(put(f, data, 1, 4096), -ENOSPC);
	CHECK_EQ(vfs_make(AT_FDCWD, "/d", S_IFDIR | 0777, NULL), -ENOSPC);
	CHECK_EQ(vfs_make(AT_FDCWD, "/l", S_IFLNK | 0777, "x"), -ENOSPC);
	CHECK_EQ(vfs_link(AT_FDCWD, "/f", AT_FDCWD, "/g", false), -ENOSPC);
	CHECK_EQ(vfs_remove(AT_FDCWD, "/f", false), 0);
	file_put(f);
	end();
	ram_total = ram_free = 1u << 20;
	ramfs_option = NULL;
	limit_known = false;
}

static void test_read_only(void)
{
	static const uint8_t text[] = "base";
	struct ramfs_node *n;
	struct file *f;
	char out[8];

	ramfs_option = "0";
	limit_known = false;
	CHECK_EQ(ramfs_init(), 0);
	n = ramfs_make(&ramfs.root, "f", 1, S_IFREG | 0644);
	ramfs_set_base(n, text, 4);
	CHECK_EQ(open_file("/f", O_RDWR, &f), -EROFS);
	CHECK_EQ(open_file("/f", O_RDONLY | O_TRUNC, &f), -EROFS);
	CHECK_EQ(open_file("/new", O_CREAT | O_WRONLY, &f), -EROFS);
	CHECK_EQ(vfs_make(AT_FDCWD, "/d", S_IFDIR | 0777, NULL), -EROFS);
	CHECK_EQ(vfs_make(AT_FDCWD, "/f", S_IFDIR | 0777, NULL), -EEXIST);
	CHECK_EQ(vfs_remove(AT_FDCWD, "/f", false), -EROFS);
	CHECK_EQ(vfs_remove(AT_FDCWD, "/g", false), -ENOENT);
	CHECK_EQ(vfs_rename(AT_FDCWD, "/f", AT_FDCWD, "/g", false), -EROFS);
	CHECK_EQ(vfs_link(AT_FDCWD, "/f", AT_FDCWD, "/g", false), -EROFS);
	CHECK_EQ(open_file("/f", O_RDONLY, &f), 0);
	CHECK_EQ(get(f, out, sizeof(out), 0), 4);
	file_put(f);
	end();
	ramfs_option = NULL;
	limit_known = false;
}

static void test_sizes(void)
{
	uint64_t v;

	CHECK(ramfs_parse_size("0", 1000, &v) && v == 0);
	CHECK(ramfs_parse_size("12", 1000, &v) && v == 12);
	CHECK(ramfs_parse_size("3k", 1000, &v) && v == 3072);
	CHECK(ramfs_parse_size("5M", 1000, &v) && v == 5 << 20);
	CHECK(ramfs_parse_size("2G", 1000, &v) && v == 2ul << 30);
	CHECK(ramfs_parse_size("25%", 1000, &v) && v == 250);
	CHECK(!ramfs_parse_size("", 1000, &v));
	CHECK(!ramfs_parse_size("1MB", 1000, &v));
	CHECK(!ramfs_parse_size("-1", 1000, &v));
	CHECK(!ramfs_parse_size("101%", 1000, &v));
	CHECK(!ramfs_parse_size("99999999999999999999", 1000, &v));
	CHECK(!ramfs_parse_size("99999999999999999G", 1000, &v));
}

/* A page that was handed out is what read() and write() see, whatever happens to the file. */
static void test_pages(void)
{
	static uint8_t base[5000];
	struct ramfs_node *n;
	struct file *f, *reader;
	char out[16];
	void *page, *again, *hole;

	memset(base, 'b', sizeof(base));
	CHECK_EQ(ramfs_init(), 0);
	n = ramfs_make(&ramfs.root, "f", 1, S_IFREG | 0644);
	ramfs_set_base(n, base, sizeof(base));
	CHECK_EQ(open_file("/f", O_RDWR, &f), 0);
	CHECK_EQ(vfs_open("/f", O_RDONLY, &reader), 0);
	CHECK_EQ(f->ops->get_page(f, 1, &page), 0);
	CHECK_EQ(((char *)page)[903], 'b');
	CHECK_EQ(((char *)page)[904], 0);
	CHECK_EQ(f->ops->get_page(f, 2, &again), -ENXIO);
	CHECK_EQ(f->ops->get_page(f, UINT64_MAX / 4096, &again), -ENXIO);
	CHECK_EQ(put(f, "written", 7, 4096), 7);
	CHECK_EQ(memcmp(page, "written", 7), 0);
	memcpy(page, "mapped!", 7);
	CHECK_EQ(get(reader, out, 7, 4096), 7);
	CHECK_EQ(memcmp(out, "mapped!", 7), 0);
	CHECK_EQ(base[4096], 'b'); /* the archive stays as it is */
	CHECK_EQ(reader->ops->get_page(reader, 1, &again), 0);
	CHECK(again == page);
	CHECK_EQ(set_size(f, 10), 0);
	CHECK_EQ(((char *)page)[0], 0); /* still mine, and empty */
	((char *)page)[4095] = 'z';
	CHECK_EQ(set_size(f, 4096 * 4), 0);
	CHECK_EQ(f->ops->get_page(f, 1, &again), 0);
	CHECK(again == page);
	CHECK_EQ(f->ops->get_page(f, 3, &hole), 0);
	CHECK_EQ(((char *)hole)[4095], 0);
	CHECK_EQ(vfs_remove(AT_FDCWD, "/f", false), 0);
	((char *)hole)[0] = 'h';
	CHECK_EQ(get(f, out, 1, 4096 * 3), 1);
	CHECK_EQ(out[0], 'h');
	file_put(reader);
	file_put(f);
	end();
}

static void test_paths(void)
{
	static char path[2 * PATH_MAX];
	struct vnode *v;
	size_t depth = 0;

	CHECK_EQ(vfs_make(AT_FDCWD, "/loop", S_IFLNK | 0777, "loop"), 0);
	CHECK_EQ(vfs_lookup(NULL, "/loop", true, &v), -ELOOP);
	CHECK_EQ(vfs_lookup(NULL, "/loop/x", false, &v), -ELOOP);
	CHECK_EQ(vfs_make(AT_FDCWD, "/here", S_IFLNK | 0777, "."), 0);
	for (int i = 0; i < 40; i++)
		strcat(path, "/here");
	CHECK_EQ(vfs_lookup(NULL, path, true, &v), 0);
	vnode_put(v);
	strcat(path, "/here");
	CHECK_EQ(vfs_lookup(NULL, path, true, &v), -ELOOP);
	memset(path, 'x', 300);
	path[255] = '\0';
	CHECK_EQ(vfs_make(AT_FDCWD, path, S_IFDIR | 0777, NULL), 0);
	path[255] = 'x';
	path[256] = '\0';
	CHECK_EQ(vfs_make(AT_FDCWD, path, S_IFDIR | 0777, NULL), -ENAMETOOLONG);
	memset(path, '/', sizeof(path));
	path[PATH_MAX - 1] = '\0';
	CHECK_EQ(vfs_lookup(NULL, path, true, &v), 0);
	vnode_put(v);
	path[PATH_MAX - 1] = '/';
	path[PATH_MAX] = '\0';
	CHECK_EQ(vfs_lookup(NULL, path, true, &v), -ENAMETOOLONG);
	/* A link whose target and what follows are too long together. */
	memset(path, 'y', 4000);
	for (int i = 0; i < 4000; i += 100)
		path[i] = '/';
	path[4000] = '\0';
	CHECK_EQ(vfs_make(AT_FDCWD, "/long", S_IFLNK | 0777, path), 0);
	memcpy(path, "/long/", 6);
	path[200] = '\0';
	CHECK_EQ(vfs_lookup(NULL, path, true, &v), -ENAMETOOLONG);
	/* Deeper than any path can say: made step by step, and freed without recursion. */
	for (; depth < 3000; depth++) {
		CHECK_EQ(vfs_make(AT_FDCWD, "d", S_IFDIR | 0777, NULL), 0);
		CHECK_EQ(vfs_lookup(NULL, "d", true, &v), 0);
		CHECK_EQ(vfs_chdir(v), 0);
	}
	v = vfs_cwd();
	CHECK_EQ(vfs_path(v, path, PATH_MAX), -ERANGE);
	CHECK_EQ(vfs_path(v, path, sizeof(path)), 6000);
	vnode_put(v);
	for (; depth > 0; depth--) {
		CHECK_EQ(vfs_lookup(NULL, "..", true, &v), 0);
		CHECK_EQ(vfs_chdir(v), 0);
		CHECK_EQ(vfs_remove(AT_FDCWD, "d", true), 0);
	}
	end();
}

/* Entries that come and go while a directory is read: each that stays is seen once. */
static void test_readdir(void)
{
	struct dirent e;
	struct file *f;
	char name[20];
	int seen = 0, steps = 0;

	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "/%d", i);
		CHECK_EQ(vfs_make(AT_FDCWD, name, S_IFREG | 0666, NULL), 0);
	}
	CHECK_EQ(vfs_open("/", O_RDONLY, &f), 0);
	while (file_control(f, FILE_CONTROL_READ_ENTRY, &e) == 1) {
		int i = atoi(e.d_name);

		if (e.d_name[0] == '.')
			continue;
		seen += i % 2;
		if (i % 2 == 0) { /* the one just read, and the one before */
			snprintf(name, sizeof(name), "/%d", i);
			CHECK_EQ(vfs_remove(AT_FDCWD, name, false), 0);
		}
		CHECK(++steps <= 1000);
	}
	CHECK_EQ(seen, 500);
	CHECK_EQ(f->ops->seek(f, LONG_MAX, SEEK_SET), LONG_MAX);
	CHECK_EQ(file_control(f, FILE_CONTROL_READ_ENTRY, &e), 0);
	file_put(f);
	end();
}

int main(void)
{
	RUN(test_no_memory);
	RUN(test_space);
	RUN(test_read_only);
	RUN(test_sizes);
	RUN(test_pages);
	RUN(test_paths);
	RUN(test_readdir);
	return check_done();
}
