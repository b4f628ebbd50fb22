// SPDX-License-Identifier: BSD-2-Clause
// link: lib/fs/ramfs.c lib/fs/ramfs_change.c lib/fs/ramfs_data.c lib/fs/ramfs_space.c
// link: lib/fs/pagemap.c lib/fs/walk.c lib/fs/change.c lib/fs/at.c
// link: lib/fs/vnode_file.c lib/fs/vnode_file_write.c lib/libc/fd.c lib/libc/file_io.c
// link: kernel/wait.c kernel/mutex.c
// flags: -DSYMLOOP_MAX=40
/* The root file system against the host's tmpfs: the same random operations on both must give the
 * same results, errors and contents. As root the host's side is a chroot, so that absolute paths
 * and ".." take part. */
#define _GNU_SOURCE
#define RAMFS_TEST_CHANGES
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include "lib/fs/change.h"
#include "lib/fs/vfs.c" /* so that each round can begin without a working directory */
#include "lib/fs/ramfs_data.h"
#include "lib/libc/file_io.h"
#include "tests/host/ramfs.h"

#define NSLOTS 8
#define ROUNDS 400
#define STEPS  400
#define SPAN   20000 /* offsets: a few pages */

static struct {
	struct file *ours;
	int host;
} slot[NSLOTS];
static bool jailed;
static int old_root = -1;
static unsigned seed;
static char trace[160];

static unsigned rnd(unsigned n)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 8) % n;
}

/* What a host call returned, as our functions say it. */
static long host_result(long value)
{
	return value < 0 ? -errno : value;
}

#define COMPARE(ours, host, ...)                                                                 \
	do {                                                                                     \
		long ours_ = (ours), host_ = host_result(host);                                  \
		snprintf(trace, sizeof(trace), __VA_ARGS__);                                     \
		if (ours_ != host_)                                                              \
			CHECK_FAIL("%s: %ld, on the host %ld (%s)", trace, ours_, host_, #ours); \
	} while (0)

static void random_path(char *out)
{
	static const char *const names[] = { "a", "b", "c", "dd", "e", ".", ".." };
	unsigned n = 1 + rnd(3), choice = jailed && rnd(4) == 0 ? 7 : 5;

	*out = '\0';
	if (jailed && rnd(10) == 0)
		strcat(out, "/");
	for (unsigned i = 0; i < n; i++) {
		if (i)
			strcat(out, rnd(20) ? "/" : "//");
		strcat(out, names[rnd(choice)]);
	}
	if (rnd(12) == 0)
		strcat(out, "/");
	if (rnd(100) == 0)
		strcpy(out, rnd(2) ? "" : "/");
	if (!jailed && out[0] == '/')
		strcpy(out, "a");
}

/* --- on paths ------------------------------------------------------------------------------- */

static int our_stat(const char *path, bool follow, struct stat *out)
{
	struct vnode *v;
	int err = vfs_lookup(NULL, path, follow, &v);

	if (!err) {
		vnode_stat(v, out);
		vnode_put(v);
	}
	return err;
}

static void compare_stat(const struct stat *a, const struct stat *b)
{
	if (a->st_mode != b->st_mode || a->st_nlink != b->st_nlink)
		CHECK_FAIL("%s: mode %o links %d, on the host %o %d", trace, a->st_mode,
			   (int)a->st_nlink, b->st_mode, (int)b->st_nlink);
	if (!S_ISREG(a->st_mode))
		return;
	if (a->st_size != b->st_size || a->st_blocks != b->st_blocks)
		CHECK_FAIL("%s: size %ld blocks %ld, on the host %ld %ld", trace, (long)a->st_size,
			   (long)a->st_blocks, (long)b->st_size, (long)b->st_blocks);
}

static void do_stat(void)
{
	bool follow = rnd(2);
	struct stat ours, host;
	char path[64];
	int err;

	random_path(path);
	err = our_stat(path, follow, &ours);
	COMPARE(err, follow ? stat(path, &host) : lstat(path, &host), "stat %s", path);
	if (!err)
		compare_stat(&ours, &host);
}

static int our_truncate(const char *path, off_t size)
{
	struct vnode *v;
	int err = vfs_lookup(NULL, path, true, &v);

	if (err)
		return err;
	err = S_ISDIR(v->mode) ? -EISDIR : vfs_change(v)->truncate(v, size);
	vnode_put(v);
	return err;
}

static int our_chdir(const char *path)
{
	struct vnode *v;
	int err = vfs_lookup(NULL, path, true, &v);

	return err ? err : vfs_chdir(v);
}

static void do_chdir(void)
{
	char path[64], ours[4096], host[4096];
	struct vnode *v;

	if (!jailed)
		return;
	random_path(path);
	COMPARE(our_chdir(path), chdir(path), "chdir %s", path);
	v = vfs_cwd();
	COMPARE(vfs_path(v, ours, sizeof(ours)),
		getcwd(host, sizeof(host)) ? (long)strlen(host) : -1, "getcwd");
	vnode_put(v);
	if (access(".", F_OK) == 0 && strcmp(host, ours) != 0)
		CHECK_FAIL("cwd %s, on the host %s", ours, host);
	if (access("..", F_OK) != 0 || rnd(3) == 0)
		COMPARE(our_chdir("/"), chdir("/"), "chdir /");
}

static void do_names(void)
{
	char a[64], b[64];

	random_path(a);
	random_path(b);
	switch (rnd(8)) {
	case 0:
		COMPARE(vfs_make(AT_FDCWD, a, S_IFDIR | 0777, NULL), mkdir(a, 0777), "mkdir %s", a);
		break;
	case 1:
		COMPARE(vfs_remove(AT_FDCWD, a, true), rmdir(a), "rmdir %s", a);
		break;
	case 2:
		COMPARE(vfs_remove(AT_FDCWD, a, false), unlink(a), "unlink %s", a);
		break;
	case 3:
		COMPARE(vfs_link(AT_FDCWD, a, AT_FDCWD, b, false), link(a, b), "link %s %s", a, b);
		break;
	case 4:
		if (*a) /* an empty target: the caller of vfs_make() refuses it */
			COMPARE(vfs_make(AT_FDCWD, b, S_IFLNK | 0777, a), symlink(a, b),
				"symlink %s %s", a, b);
		break;
	case 5:
		COMPARE(vfs_rename(AT_FDCWD, a, AT_FDCWD, b, true),
			renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_NOREPLACE), "keep %s %s", a, b);
		break;
	default:
		COMPARE(vfs_rename(AT_FDCWD, a, AT_FDCWD, b, false), rename(a, b), "rename %s %s",
			a, b);
	}
}

static int our_chmod(const char *path, mode_t mode)
{
	struct vnode_attr attr = { .set = VNODE_MODE, .mode = mode };
	struct vnode *v;
	int err = vfs_lookup(NULL, path, true, &v);

	if (!err) {
		err = vfs_change(v)->setattr(v, &attr);
		vnode_put(v);
	}
	return err;
}

static void do_path(void)
{
	char path[64];
	off_t size = rnd(SPAN);
	mode_t mode = 0700 | rnd(0100);

	random_path(path);
	if (rnd(2))
		COMPARE(our_truncate(path, size), truncate(path, size), "truncate %s", path);
	else
		COMPARE(our_chmod(path, mode), chmod(path, mode), "chmod %s", path);
}

/* --- on open files --------------------------------------------------------------------------- */

static void do_open(void)
{
	static const uint32_t extra[] = { O_CREAT,     O_CREAT | O_EXCL, O_TRUNC,
					  O_DIRECTORY, O_NOFOLLOW,       O_APPEND };
	uint32_t flags = rnd(3), i = rnd(NSLOTS);
	struct file *f = NULL;
	char path[64];
	int err, fd;

	if (slot[i].ours)
		return;
	for (unsigned k = 0; k < sizeof(extra) / sizeof(extra[0]); k++)
		if (rnd(k == 0 ? 2 : 6) == 0)
			flags |= extra[k];
	if ((flags & O_CREAT) && (flags & O_DIRECTORY))
		flags &= ~(uint32_t)O_DIRECTORY; /* kernels differ */
	random_path(path);
	err = vfs_open_any(NULL, path, flags, 0666, &f);
	fd = open(path, (int)flags, 0666);
	COMPARE(err, fd < 0 ? -1 : 0, "open %s %o", path, flags);
	if (err || fd < 0) {
		if (!err)
			file_put(f);
		if (fd >= 0)
			close(fd);
		return;
	}
	slot[i].ours = f;
	slot[i].host = fd;
}

static void do_close(void)
{
	unsigned i = rnd(NSLOTS);

	if (!slot[i].ours)
		return;
	file_put(slot[i].ours);
	close(slot[i].host);
	slot[i].ours = NULL;
}

static void do_write(struct file *f, int fd)
{
	static char data[3 * 4096];
	size_t len = rnd(sizeof(data)), split = rnd((unsigned)len + 1);
	struct iovec iov[2] = { { data, split }, { data + split, len - split } };
	off_t at = rnd(SPAN);

	memset(data, (int)rnd(256), sizeof(data));
	if (rnd(2) || (f->flags & O_APPEND))
		COMPARE(file_writev(f, iov, 2), writev(fd, iov, 2), "write %zu", len);
	else
		COMPARE(file_may_write(f) && f->ops->write_at ? f->ops->write_at(f, iov, 2, at)
							      : -EBADF,
			pwritev(fd, iov, 2, at), "pwrite %zu at %ld", len, (long)at);
}

static void do_read(struct file *f, int fd)
{
	static char ours[SPAN], host[SPAN];
	size_t len = rnd(SPAN);
	struct iovec iov = { ours, len };
	off_t at = rnd(SPAN);
	ssize_t n;

	if (rnd(2)) {
		n = file_readv(f, &iov, 1);
		COMPARE(n, read(fd, host, len), "read %zu", len);
	} else {
		n = file_may_read(f) ? f->ops->read_at(f, &iov, 1, at) : -EBADF;
		COMPARE(n, pread(fd, host, len, at), "pread %zu at %ld", len, (long)at);
	}
	if (n > 0 && memcmp(ours, host, (size_t)n) != 0)
		CHECK_FAIL("%s: other bytes", trace);
}

static int our_ftruncate(struct file *f, off_t size)
{
	struct vnode *v = NULL;
	int err = -EINVAL;

	if (!file_may_write(f) || file_control(f, FILE_CONTROL_VNODE, &v))
		return err;
	err = vfs_change(v)->truncate(v, size);
	vnode_put(v);
	return err;
}

static int our_fallocate(struct file *f, off_t at, off_t len, bool grow)
{
	struct vnode *v = NULL;
	int err;

	if (!file_may_write(f) || file_control(f, FILE_CONTROL_VNODE, &v))
		return -EBADF;
	err = vfs_change(v)->allocate(v, at, len, grow);
	vnode_put(v);
	return err;
}

static void do_size(struct file *f, int fd)
{
	struct stat ours = { 0 }, host;
	off_t at = rnd(SPAN), len = 1 + rnd(SPAN);
	bool grow = rnd(2);

	if (rnd(3) == 0)
		COMPARE(our_ftruncate(f, at), ftruncate(fd, at), "ftruncate %ld", (long)at);
	else if (rnd(3) == 0)
		COMPARE(our_fallocate(f, at, len, grow),
			fallocate(fd, grow ? 0 : FALLOC_FL_KEEP_SIZE, at, len), "fallocate %ld %ld",
			(long)at, (long)len);
	snprintf(trace, sizeof(trace), "fstat");
	f->ops->stat(f, &ours);
	fstat(fd, &host);
	compare_stat(&ours, &host);
}

static void do_file(void)
{
	unsigned i = rnd(NSLOTS);
	struct file *f = slot[i].ours;
	int fd = slot[i].host, whence = (int)rnd(3);
	off_t offset = (off_t)rnd(SPAN) - SPAN / 4;
	bool directory;
	struct stat st;

	if (!f)
		return;
	fstat(fd, &st);
	directory = S_ISDIR(st.st_mode);
	switch (rnd(4)) {
	case 0:
		do_write(f, fd);
		break;
	case 1:
		do_read(f, fd);
		break;
	case 2:
		if (!directory) /* a directory's positions are its file system's own */
			COMPARE(f->ops->seek(f, offset, whence), lseek(fd, offset, whence),
				"lseek %ld %d", (long)offset, whence);
		break;
	default:
		if (!directory)
			do_size(f, fd);
	}
}

/* --- the whole tree -------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static unsigned our_names(const char *path, char **names)
{
	struct dirent e;
	struct file *f;
	unsigned n = 0;

	if (vfs_open(path, O_RDONLY | O_DIRECTORY, &f))
		return 0;
	while (file_control(f, FILE_CONTROL_READ_ENTRY, &e) == 1)
		names[n++] = strdup(e.d_name);
	file_put(f);
	qsort(names, n, sizeof(*names), by_name);
	return n;
}

static unsigned host_names(const char *path, char **names)
{
	DIR *d = opendir(path);
	struct dirent *e;
	unsigned n = 0;

	while (d && (e = readdir(d)) != NULL)
		names[n++] = strdup(e->d_name);
	if (d)
		closedir(d);
	qsort(names, n, sizeof(*names), by_name);
	return n;
}

static void compare_contents(const char *path)
{
	static char ours[1 << 17], host[1 << 17];
	struct iovec iov = { ours, sizeof(ours) };
	int fd = open(path, O_RDONLY);
	struct file *f;
	ssize_t n;

	if (vfs_open(path, O_RDONLY, &f)) {
		CHECK_FAIL("%s cannot be opened", path);
	} else {
		n = file_readv(f, &iov, 1);
		CHECK_EQ(n, read(fd, host, sizeof(host)));
		CHECK(n < 0 || memcmp(ours, host, (size_t)n) == 0);
		file_put(f);
	}
	close(fd);
}

static void compare_tree(const char *path, int depth)
{
	char *ours[64], *host[64], below[1024], a[100] = "", b[100] = "";
	unsigned n = our_names(path, ours), m = host_names(path, host);
	struct stat st, other;

	if (n != m)
		CHECK_FAIL("%s has %u names, on the host %u", path, n, m);
	for (unsigned i = 0; i < MIN(n, m); i++) {
		CHECK_STR(ours[i], host[i]);
		if (ours[i][0] == '.' || depth > 20)
			continue;
		snprintf(below, sizeof(below), "%s/%s", path, ours[i]);
		snprintf(trace, sizeof(trace), "%.150s", below);
		CHECK_EQ(our_stat(below, false, &other), 0);
		CHECK_EQ(lstat(below, &st), 0);
		compare_stat(&other, &st);
		if (S_ISDIR(st.st_mode)) {
			compare_tree(below, depth + 1);
		} else if (S_ISREG(st.st_mode)) {
			compare_contents(below);
		} else {
			struct vnode *v;

			CHECK_EQ(vfs_lookup(NULL, below, false, &v), 0);
			CHECK_EQ(v->ops->readlink(v, a, sizeof(a)), readlink(below, b, sizeof(b)));
			CHECK_STR(a, b);
			vnode_put(v);
		}
	}
	for (unsigned i = 0; i < n; i++)
		free(ours[i]);
	for (unsigned i = 0; i < m; i++)
		free(host[i]);
}

/* --- the run --------------------------------------------------------------------------------- */

static void step(void)
{
	switch (rnd(8)) {
	case 0:
	case 1:
		do_names();
		break;
	case 2:
		do_open();
		break;
	case 3:
		rnd(2) ? do_close() : do_stat();
		break;
	case 4:
		rnd(4) ? do_path() : do_chdir();
		break;
	default:
		do_file();
	}
}

static void round_of(unsigned number)
{
	char cleanup[200], where[] = "/dev/shm/unik-ramfs-XXXXXX";
	char *dir = mkdtemp(where);
	int base = open(".", O_RDONLY | O_DIRECTORY);

	if (!dir || chmod(dir, 0755) || chdir(dir)) {
		CHECK_FAIL("no directory in /dev/shm");
		return;
	}
	jailed = chroot(".") == 0;
	seed = number;
	umask(022);
	for (int i = 0; i < STEPS && !check_failures; i++)
		step();
	if (check_failures)
		CHECK_FAIL("in round %u", number);
	our_chdir("/");
	if (jailed)
		CHECK_EQ(chdir("/"), 0);
	compare_tree(".", 0);
	for (unsigned i = 0; i < NSLOTS; i++) {
		if (!slot[i].ours)
			continue;
		file_put(slot[i].ours);
		close(slot[i].host);
		slot[i].ours = NULL;
	}
	if (jailed)
		CHECK_EQ(fchdir(old_root) || chroot("."), 0);
	CHECK_EQ(fchdir(base), 0);
	close(base);
	snprintf(cleanup, sizeof(cleanup), "rm -rf %s", where);
	CHECK_EQ(system(cleanup), 0);
}

static void leave(void)
{
	if (cwd)
		vnode_put(cwd);
	cwd = NULL;
	ramfs_end();
}

static void test_as_host(void)
{
	old_root = open("/", O_RDONLY | O_DIRECTORY);
	for (unsigned i = 1; i <= ROUNDS && !check_failures; i++) {
		round_of(i);
		leave();
		if (check_failures)
			CHECK_FAIL("in round %u", i);
	}
	close(old_root);
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	RUN(test_as_host);
	return check_done();
}
