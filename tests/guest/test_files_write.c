// SPDX-License-Identifier: BSD-2-Clause
// archives: files/first files/second
// run: -m 64M
/* Writing: streams, the archive's files, names, temporary files, space, generated files. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/resource.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>
#include <unik/memory.h>
#include "tests/check.h"

#define CHECK_ERRNO(call, err)        \
	do {                          \
		errno = 0;            \
		CHECK_EQ((call), -1); \
		CHECK_EQ(errno, err); \
	} while (0)

/* What is in a file, by a stream. */
static const char *content(const char *path)
{
	static char out[4096];
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(out, 1, sizeof(out) - 1, f) : 0;

	out[n] = '\0';
	if (f)
		fclose(f);
	return f ? out : "cannot be opened";
}

static void test_streams(void)
{
	FILE *f = fopen("/tmp/stream", "w");
	char line[40];

	CHECK(f != NULL);
	for (int i = 0; i < 1000; i++)
		CHECK(fprintf(f, "line %d\n", i) > 0);
	CHECK_EQ(fclose(f), 0);
	f = fopen("/tmp/stream", "r+");
	for (int i = 0; i < 1000; i++) {
		CHECK(fgets(line, sizeof(line), f) != NULL);
		CHECK_EQ(atoi(line + 5), i);
	}
	CHECK(fgets(line, sizeof(line), f) == NULL);
	CHECK_EQ(fseek(f, 5, SEEK_SET), 0);
	CHECK(fputs("X", f) >= 0);
	CHECK_EQ(fclose(f), 0);
	f = fopen("/tmp/stream", "a");
	CHECK(fputs("end", f) >= 0);
	CHECK_EQ(fclose(f), 0);
	CHECK_EQ(strncmp(content("/tmp/stream"), "line X\nline 1\n", 14), 0);
	CHECK_EQ(truncate("/tmp/stream", 6), 0);
	CHECK_STR(content("/tmp/stream"), "line X");
	CHECK_EQ(remove("/tmp/stream"), 0);
	CHECK_ERRNO(access("/tmp/stream", F_OK), ENOENT);
}

/* The archive's bytes stay as they are; the file is another one once it is written to. */
static void test_archive(void)
{
	int reader = open("/text", O_RDONLY), fd = open("/text", O_RDWR);
	char out[30] = "";

	CHECK_EQ(pwrite(fd, "FIRST", 5, 0), 5);
	CHECK_EQ(pread(reader, out, 10, 0), 10);
	CHECK_STR(out, "FIRST line");
	CHECK_EQ(ftruncate(fd, 10), 0);
	CHECK_EQ(ftruncate(fd, 14), 0);
	CHECK_EQ(pread(fd, out, sizeof(out), 0), 14);
	CHECK_EQ(memcmp(out, "FIRST line\0\0\0\0", 14), 0);
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(unlink("/sub/kept"), 0);
	CHECK_ERRNO(open("/sub/kept", O_RDONLY), ENOENT);
	CHECK_EQ(rename("/sub", "/moved"), 0);
	CHECK_STR(content("/moved/replaced"), "of the second archive\n");
	CHECK_EQ(unlink("/text"), 0);
	CHECK_EQ(pread(reader, out, 5, 0), 5); /* still there for who has it open */
	CHECK_EQ(close(reader), 0);
}

static void test_names(void)
{
	char out[PATH_MAX];
	struct stat a, b;
	int dir;

	CHECK_EQ(chdir("/tmp"), 0);
	CHECK_EQ(mkdir("d", 0777), 0);
	CHECK_EQ(stat("d", &a), 0);
	CHECK_EQ(a.st_mode, S_IFDIR | 0755);
	CHECK_EQ(a.st_nlink, 2);
	dir = open("d", O_RDONLY | O_DIRECTORY);
	CHECK_EQ(close(openat(dir, "f", O_CREAT | O_WRONLY | O_EXCL, 0640)), 0);
	CHECK_EQ(linkat(dir, "f", AT_FDCWD, "hard", 0), 0);
	CHECK_EQ(stat("hard", &a), 0);
	CHECK_EQ(fstatat(dir, "f", &b, 0), 0);
	CHECK_EQ(a.st_ino, b.st_ino);
	CHECK_EQ(a.st_nlink, 2);
	CHECK_EQ(symlinkat("../hard", dir, "soft"), 0);
	CHECK_EQ(readlinkat(dir, "soft", out, sizeof(out)), 7);
	CHECK_EQ(fstatat(dir, "soft", &b, AT_SYMLINK_NOFOLLOW), 0);
	CHECK(S_ISLNK(b.st_mode));
	CHECK_EQ(fstatat(dir, "soft", &b, 0), 0);
	CHECK_EQ(a.st_ino, b.st_ino);
	CHECK(realpath("d/./soft", out) == out);
	CHECK_STR(out, "/tmp/hard");
	CHECK_ERRNO(rmdir("d"), ENOTEMPTY);
	CHECK_ERRNO(rename("d", "d/below"), EINVAL);
	CHECK_EQ(fchdir(dir), 0);
	CHECK_EQ(renameat(AT_FDCWD, "f", dir, "g"), 0);
	CHECK_ERRNO(renameat2(dir, "g", dir, "soft", RENAME_NOREPLACE), EEXIST);
	CHECK_EQ(unlinkat(dir, "g", 0), 0);
	CHECK_EQ(unlink("soft"), 0);
	CHECK_EQ(rmdir("../d"), 0);
	CHECK(getcwd(out, sizeof(out)) == NULL);
	CHECK_EQ(errno, ENOENT);
	CHECK_ERRNO(open("new", O_CREAT | O_WRONLY, 0600), ENOENT);
	CHECK_EQ(chdir("/"), 0);
	CHECK_EQ(close(dir), 0);
	CHECK_EQ(unlink("/tmp/hard"), 0);
	CHECK_ERRNO(mkfifo("/tmp/fifo", 0600), EPERM);
	CHECK_ERRNO(mkdir("/dev/null/x", 0700), ENOTDIR);
	CHECK_ERRNO(mount("a", "/", "b", 0, NULL), ENOSYS);
	CHECK_ERRNO(getxattr("/", "user.a", out, 1), ENOTSUP);
}

static void test_attributes(void)
{
	struct timespec t[2] = { { 1, 2 }, { 3, 999999999 } };
	struct utimbuf old = { 10, 20 };
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct stat st;
	int fd = open("/tmp/attr", O_CREAT | O_RDWR, 0666);

	CHECK_EQ(umask(077), 022);
	CHECK_EQ(umask(022), 077);
	CHECK_EQ(fchmod(fd, 04711), 0);
	CHECK_EQ(fchown(fd, 7, (gid_t)-1), 0);
	CHECK_EQ(futimens(fd, t), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_mode, S_IFREG | 04711);
	CHECK_EQ(st.st_uid, 7);
	CHECK_EQ(st.st_gid, 0);
	CHECK_EQ(st.st_atim.tv_nsec, 2);
	CHECK_EQ(st.st_mtim.tv_sec, 3);
	CHECK_EQ(st.st_mtim.tv_nsec, 999999999);
	CHECK_EQ(utime("/tmp/attr", &old), 0);
	t[0].tv_nsec = UTIME_OMIT;
	t[1].tv_nsec = 1000000000;
	CHECK_ERRNO(utimensat(AT_FDCWD, "/tmp/attr", t, 0), EINVAL);
	CHECK_EQ(stat("/tmp/attr", &st), 0);
	CHECK_EQ(st.st_mtime, 20);
	CHECK_EQ(fcntl(fd, F_SETLK, &lock), 0);
	CHECK_EQ(fcntl(fd, F_GETLK, &lock), 0);
	CHECK_EQ(lock.l_type, F_UNLCK);
	lock.l_whence = 9;
	CHECK_ERRNO(fcntl(fd, F_SETLKW, &lock), EINVAL);
	CHECK_EQ(flock(fd, LOCK_EX | LOCK_NB), 0);
	CHECK_ERRNO(flock(fd, 77), EINVAL);
	CHECK_EQ(fsync(fd), 0);
	CHECK_EQ(fdatasync(fd), 0);
	CHECK_EQ(close(fd), 0);
	CHECK_ERRNO(fsync(fd), EBADF);
	CHECK_EQ(unlink("/tmp/attr"), 0);
}

static void test_temporary(void)
{
	char file[] = "/tmp/a.XXXXXX", dir[] = "/tmp/b.XXXXXX", bad[] = "/tmp/XXX";
	char out[8] = "";
	FILE *f = tmpfile();
	int fd = mkstemp(file);

	CHECK(fd >= 0);
	CHECK_EQ(write(fd, "x", 1), 1);
	CHECK_EQ(close(fd), 0);
	CHECK(strcmp(file, "/tmp/a.XXXXXX") != 0);
	CHECK(mkdtemp(dir) == dir);
	CHECK_EQ(rmdir(dir), 0);
	CHECK_EQ(unlink(file), 0);
	CHECK_ERRNO(mkstemp(bad), EINVAL);
	CHECK(f && fputs("hello", f) >= 0);
	rewind(f);
	CHECK(fgets(out, sizeof(out), f) != NULL);
	CHECK_STR(out, "hello");
	CHECK_EQ(fclose(f), 0);
}

static int nfiles, ndirs;

static int count(const char *path, const struct stat *st, int type, struct FTW *where)
{
	CHECK_STR(path + where->base, strrchr(path, '/') + 1);
	nfiles += type == FTW_F;
	ndirs += type == FTW_D;
	return type == FTW_F ? unlink(path) : 0;
}

static int remove_directory(const char *path, const struct stat *st, int type, struct FTW *where)
{
	return type == FTW_DP ? rmdir(path) : 0;
}

static void test_many(void)
{
	struct dirent **list;
	char name[40];
	int n = 5000;

	CHECK_EQ(mkdir("/tmp/many", 0777), 0);
	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "/tmp/many/file-%05d", i);
		CHECK_EQ(close(open(name, O_CREAT | O_WRONLY, 0666)), 0);
	}
	CHECK_EQ(scandir("/tmp/many", &list, NULL, alphasort), n + 2);
	CHECK_STR(list[2]->d_name, "file-00000");
	CHECK_STR(list[n + 1]->d_name, "file-04999");
	for (int i = 0; i < n + 2; i++)
		free(list[i]);
	free(list);
	CHECK_EQ(nftw("/tmp/many", count, 10, FTW_PHYS), 0);
	CHECK_EQ(nfiles, n);
	CHECK_EQ(ndirs, 1);
	CHECK_EQ(nftw("/tmp/many", remove_directory, 10, FTW_PHYS | FTW_DEPTH), 0);
	CHECK_ERRNO(access("/tmp/many", F_OK), ENOENT);
}

/* Filled to the limit, and everything comes back. */
static void test_space(void)
{
	static char block[65536];
	struct statvfs before, full, after;
	struct statfs fs;
	struct stat st;
	ssize_t n, total = 0;
	int fd = open("/tmp/big", O_CREAT | O_RDWR, 0600);

	CHECK_EQ(statvfs("/tmp", &before), 0);
	CHECK(before.f_blocks * before.f_frsize > 20 << 20);
	memset(block, 7, sizeof(block));
	while ((n = write(fd, block, sizeof(block))) > 0)
		total += n;
	CHECK_EQ(n, -1);
	CHECK_EQ(errno, ENOSPC);
	CHECK(total > 20 << 20);
	CHECK_EQ(fstatvfs(fd, &full), 0);
	CHECK(full.f_bfree < 8);
	CHECK_EQ(pread(fd, block, 1, total - 1), 1);
	CHECK_EQ(block[0], 7);
	CHECK_EQ(unlink("/tmp/big"), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_nlink, 0);
	CHECK_EQ(st.st_size, total);
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(statvfs("/tmp", &after), 0);
	CHECK_EQ(after.f_bfree, before.f_bfree);
	CHECK_EQ(statfs("/", &fs), 0);
	CHECK_EQ(fs.f_type, TMPFS_MAGIC);
	fd = open("/tmp/sparse", O_CREAT | O_RDWR, 0600);
	CHECK_EQ(ftruncate(fd, 1L << 40), 0);
	CHECK_EQ(pwrite(fd, "x", 1, (1L << 40) - 1), 1);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_blocks, 8);
	CHECK_ERRNO(fallocate(fd, 0, 0, 1L << 40), ENOSPC);
	CHECK_EQ(posix_fallocate(fd, 0, 10000), 0);
	CHECK_ERRNO(pwrite(fd, "x", 1, LONG_MAX), EFBIG);
	CHECK_EQ(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED), 0);
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(unlink("/tmp/sparse"), 0);
}

static void test_generated(void)
{
	char out[64] = "", tz[200];
	struct stat st;
	DIR *d = opendir("/proc/self/fd");
	int fd, n = 0;

	CHECK_EQ(strncmp(content("/proc/meminfo"), "MemTotal:", 9), 0);
	CHECK_EQ(strncmp(content("/proc/stat"), "cpu  ", 5), 0);
	CHECK(strstr(content("/proc/stat"), " 0 0\ncpu0 "));
	CHECK_EQ(strncmp(content("/proc/self/stat"), "1 (program) R 0 ", 16), 0);
	CHECK_EQ(strncmp(content("/proc/1/status"), "Name:\tprogram\n", 14), 0);
	CHECK(strlen(content("/proc/sys/kernel/random/uuid")) == 37);
	CHECK_STR(content("/proc/sys/net/core/somaxconn"), "4096\n");
	CHECK_STR(content("/etc/passwd"), "root:x:0:0:root:/:/bin/sh\n");
	CHECK_STR(content("/proc/self/cmdline"), "program");
	CHECK_EQ(strncmp(content("/etc/hosts"), "127.0.0.1\tlocalhost\n", 20), 0);
	CHECK_EQ(stat("/etc/hosts", &st), 0);
	CHECK_EQ(st.st_size, strlen(content("/etc/hosts")));
	CHECK_ERRNO(open("/proc/meminfo", O_RDWR), EROFS);
	fd = open("/etc/localtime", O_RDONLY);
	n = (int)read(fd, tz, sizeof(tz));
	CHECK(n > 100 && memcmp(tz, "TZif2", 5) == 0 && memcmp(tz + n - 6, "\nUTC0\n", 6) == 0);
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(readlink("/proc/self/exe", out, sizeof(out)), 8);
	n = 0;
	while (d && readdir(d))
		n++;
	CHECK_EQ(n, 2 + 4);
	if (d)
		closedir(d);
	fd = open("/dev/stdout", O_WRONLY);
	CHECK_EQ(isatty(fd), 1);
	CHECK_EQ(close(fd), 0);
	fd = open("/etc/passwd", O_RDONLY);
	snprintf(out, sizeof(out), "/dev/fd/%d", fd);
	n = open(out, O_RDONLY);
	CHECK_EQ(read(n, out, 4), 4);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 4);
	CHECK_EQ(close(n), 0);
	CHECK_EQ(close(fd), 0);
	CHECK_ERRNO(open("/dev/fd/99", O_RDONLY), ENOENT);
	CHECK_EQ(chdir("/proc/sys/kernel"), 0);
	CHECK_STR(getcwd(out, sizeof(out)), "/proc/sys/kernel");
	CHECK_EQ(chdir("/"), 0);
}

/* What programs read there to find out where they run. */
static void test_generated_values(void)
{
	struct rlimit limit, lower;
	struct utsname name;
	unsigned long start, end;
	double up, idle;
	char want[100];

	CHECK_EQ(sscanf(content("/proc/uptime"), "%lf %lf", &up, &idle), 2);
	CHECK(up > 0 && idle >= 0 && idle <= up);
	CHECK_EQ(strncmp(content("/proc/cpuinfo"), "processor\t: 0\n", 14), 0);
	CHECK_EQ(strncmp(content("/proc/loadavg"), "0.00 0.00 0.00 1/1 1\n", 22), 0);
	CHECK_STR(content("/proc/mounts"), "rootfs / tmpfs rw 0 0\n");
	CHECK_EQ(sscanf(content("/proc/self/maps"), "%lx-%lx r-xp", &start, &end), 2);
	CHECK((unsigned long)test_generated_values >= start);
	CHECK((unsigned long)test_generated_values < end);
	CHECK_EQ(uname(&name), 0);
	snprintf(want, sizeof(want), "%s\n", name.sysname);
	CHECK_STR(content("/proc/sys/kernel/ostype"), want);
	snprintf(want, sizeof(want), "%s\n", name.release);
	CHECK_STR(content("/proc/sys/kernel/osrelease"), want);
	snprintf(want, sizeof(want), "%s\n", name.nodename);
	CHECK_STR(content("/etc/hostname"), want);
	/* The limit of descriptors is the one that holds now. */
	CHECK_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
	lower = (struct rlimit){ 50, limit.rlim_max };
	CHECK_EQ(setrlimit(RLIMIT_NOFILE, &lower), 0);
	snprintf(want, sizeof(want), "%-20d %-20d files", 50, (int)limit.rlim_max);
	CHECK(strstr(content("/proc/self/limits"), want));
	CHECK_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

/* A shared mapping is the file, also when it is both ends of a write(). */
static void test_mapping(void)
{
	int fd = open("/moved/replaced", O_RDWR);
	char out[10] = "", *p;

	CHECK_EQ(ftruncate(fd, 3 * 4096), 0);
	p = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	if (p == MAP_FAILED)
		return;
	CHECK_EQ(memcmp(p, "of the second", 13), 0);
	memcpy(p + 4096, "mapped", 6);
	CHECK_EQ(pread(fd, out, 6, 4096), 6);
	CHECK_STR(out, "mapped");
	CHECK_EQ(pwrite(fd, "written", 7, 8192), 7);
	CHECK_EQ(memcmp(p + 8192, "written", 7), 0);
	munmap(p, 3 * 4096);
	p = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK_EQ(pwrite(fd, p + 4096, 4096, 0), 4096); /* faults while the file is locked */
	CHECK_EQ(pread(fd, p + 8192, 4096, 0), 4096);
	CHECK_EQ(memcmp(p + 8192, "mapped", 6), 0);
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(unlink("/moved/replaced"), 0);
	p[0] = 'x';
	CHECK_EQ(munmap(p, 3 * 4096), 0);
}

static void test_no_leak(void)
{
	size_t before, after;

	for (int i = 0; i < 200; i++) {
		int fd = open("/tmp/leak", O_CREAT | O_RDWR, 0600);

		if (i == 100)
			unik_memory(NULL, &before);
		CHECK_EQ(pwrite(fd, "x", 1, i * 100000), 1);
		CHECK_EQ(unlink("/tmp/leak"), 0);
		CHECK_EQ(close(fd), 0);
		CHECK_EQ(mkdir("/tmp/d", 0700), 0);
		CHECK_EQ(rename("/tmp/d", "/tmp/e"), 0);
		CHECK_EQ(rmdir("/tmp/e"), 0);
	}
	close(open("/tmp/leak", O_CREAT | O_RDWR, 0600));
	unik_memory(NULL, &after);
	CHECK_EQ(before, after);
}

int main(void)
{
	RUN(test_streams);
	RUN(test_archive);
	RUN(test_names);
	RUN(test_attributes);
	RUN(test_temporary);
	RUN(test_many);
	RUN(test_space);
	RUN(test_generated);
	RUN(test_generated_values);
	RUN(test_mapping);
	RUN(test_no_leak);
	return check_done();
}
