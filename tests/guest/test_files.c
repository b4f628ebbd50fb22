// SPDX-License-Identifier: BSD-2-Clause
// archives: files/first files/second
/* Files of the boot archives, devices, paths and directories. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include <unik/memory.h>
#include <unik/module.h>
#include "tests/check.h"

#define CHECK_ERRNO(call, err)        \
	do {                          \
		errno = 0;            \
		CHECK_EQ((call), -1); \
		CHECK_EQ(errno, err); \
	} while (0)

static void check_content(const char *path, const char *want)
{
	char out[100] = "";
	int fd = open(path, O_RDONLY);

	CHECK(fd >= 3);
	CHECK_EQ(read(fd, out, sizeof(out)), strlen(want));
	CHECK_STR(out, want);
	CHECK_EQ(read(fd, out, sizeof(out)), 0);
	CHECK_EQ(close(fd), 0);
}

static void test_read(void)
{
	struct iovec iov[2];
	char a[7] = "", b[5] = "";
	int fd = open("/text", O_RDONLY | O_CLOEXEC);

	check_content("/text", "first line\nsecond line\n");
	check_content("/empty", "");
	CHECK_EQ(pread(fd, a, 6, 11), 6);
	CHECK_STR(a, "second");
	iov[0] = (struct iovec){ a, 6 };
	iov[1] = (struct iovec){ b, 4 };
	CHECK_EQ(readv(fd, iov, 2), 10);
	CHECK_STR(a, "first ");
	CHECK_STR(b, "line");
	CHECK_EQ(lseek(fd, -5, SEEK_END), 18);
	CHECK_EQ(read(fd, b, 4), 4);
	CHECK_STR(b, "line");
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 22);
	CHECK_EQ(lseek(fd, 100, SEEK_SET), 100);
	CHECK_EQ(read(fd, b, 4), 0);
	CHECK_ERRNO(lseek(fd, -1, SEEK_SET), EINVAL);
	CHECK_ERRNO(lseek(fd, LONG_MAX, SEEK_CUR), EOVERFLOW);
	CHECK_ERRNO(write(fd, "x", 1), EBADF);
	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CHECK_EQ(close(fd), 0);
	CHECK_ERRNO(close(fd), EBADF);
	CHECK_ERRNO(read(fd, b, 1), EBADF);
}

static void test_streams(void)
{
	char line[40];
	FILE *f = fopen("text", "r");

	CHECK(f != NULL);
	CHECK(fgets(line, sizeof(line), f) != NULL);
	CHECK_STR(line, "first line\n");
	CHECK_EQ(fseek(f, 11, SEEK_SET), 0);
	CHECK_EQ(fscanf(f, "%s", line), 1);
	CHECK_STR(line, "second");
	CHECK_EQ(fclose(f), 0);
}

static void test_overlay(void)
{
	check_content("/sub/replaced", "of the second archive\n");
	check_content("/sub/kept", "kept\n");
}

static void test_paths(void)
{
	char cwd[PATH_MAX];

	check_content("/./sub//../sub/kept", "kept\n");
	check_content("sub/kept", "kept\n");
	CHECK_EQ(chdir("sub"), 0);
	CHECK_STR(getcwd(cwd, sizeof(cwd)), "/sub");
	check_content("kept", "kept\n");
	check_content("../text", "first line\nsecond line\n");
	CHECK_EQ(chdir("../../.."), 0);
	CHECK_STR(getcwd(cwd, sizeof(cwd)), "/");
	CHECK(getcwd(cwd, 1) == NULL);
	CHECK_EQ(errno, ERANGE);
	CHECK_ERRNO(chdir("text"), ENOTDIR);
	CHECK_ERRNO(open("none", O_RDONLY), ENOENT);
	CHECK_ERRNO(open("", O_RDONLY), ENOENT);
	CHECK_ERRNO(open("text/", O_RDONLY), ENOTDIR);
	CHECK_ERRNO(open("text/x", O_RDONLY), ENOTDIR);
	CHECK_ERRNO(open("text", O_RDONLY | O_DIRECTORY), ENOTDIR);
	CHECK_ERRNO(open("sub", O_RDWR), EISDIR);
	CHECK_ERRNO(open("text", O_RDONLY | O_CREAT | O_EXCL), EEXIST);
	memset(cwd, 'x', NAME_MAX + 1);
	cwd[NAME_MAX + 1] = '\0';
	CHECK_ERRNO(open(cwd, O_RDONLY), ENAMETOOLONG);
}

static void test_stat(void)
{
	struct stat st;

	CHECK_EQ(stat("/text", &st), 0);
	CHECK(S_ISREG(st.st_mode));
	CHECK_EQ(st.st_size, 23);
	CHECK(st.st_ino > 1);
	CHECK_EQ(lstat("/sub", &st), 0);
	CHECK(S_ISDIR(st.st_mode));
	CHECK_EQ(fstat(1, &st), 0);
	CHECK(S_ISCHR(st.st_mode));
	CHECK_EQ(access("/text", R_OK), 0);
	CHECK_EQ(access("/text", W_OK), 0);
	CHECK_ERRNO(access("/text", X_OK), EACCES);
	CHECK_ERRNO(access("/none", F_OK), ENOENT);
	CHECK_EQ(isatty(1), 1);
}

static int count_entries(const char *path, const char *wanted, int type)
{
	DIR *d = opendir(path);
	struct dirent *e;
	int n = 0, found = 0;

	CHECK(d != NULL);
	if (!d)
		return -1;
	while ((e = readdir(d)) != NULL) {
		n++;
		found += strcmp(e->d_name, wanted) == 0 && e->d_type == type;
	}
	CHECK_EQ(found, 1);
	rewinddir(d);
	CHECK(readdir(d) != NULL);
	seekdir(d, 123456789);
	CHECK(readdir(d) == NULL);
	CHECK_EQ(closedir(d), 0);
	return n;
}

static void test_directories(void)
{
	char buf[10];
	int fd = open("/sub", O_RDONLY);

	CHECK(count_entries("/", "sub", DT_DIR) >= 7);
	CHECK_EQ(count_entries("/sub", "replaced", DT_REG), 4);
	CHECK(count_entries("/dev", "null", DT_CHR) >= 6);
	CHECK_ERRNO(read(fd, buf, 1), EISDIR);
	CHECK_EQ(close(fd), 0);
	CHECK(opendir("/text") == NULL);
	CHECK_EQ(errno, ENOTDIR);
}

static void test_devices(void)
{
	char a[32] = "x", b[32] = "x";
	int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDONLY);
	int full = open("/dev/full", O_WRONLY), random = open("/dev/urandom", O_RDONLY);

	CHECK_EQ(write(null, a, 32), 32);
	CHECK_EQ(read(null, a, 32), 0);
	CHECK_EQ(read(zero, a, 32), 32);
	CHECK_EQ(a[0], 0);
	CHECK_ERRNO(write(full, a, 1), ENOSPC);
	CHECK_EQ(read(random, a, 32), 32);
	CHECK_EQ(read(random, b, 32), 32);
	CHECK(memcmp(a, b, 32) != 0);
	CHECK_ERRNO(open("/dev/none", O_RDONLY), ENOENT);
	for (int fd = null; fd <= random; fd++)
		CHECK_EQ(close(fd), 0);
}

static void test_modules(void)
{
	struct unik_module m;

	CHECK_EQ(unik_module(1, &m), 0);
	CHECK(m.size > 110);
	CHECK_EQ(memcmp(m.data, "070701", 6), 0);
	CHECK_EQ(unik_module(2, &m), -1);
}

/* The lowest free descriptor is used; hundreds of them can be open. */
static void test_descriptors(void)
{
	static int fd[500];
	int n = 500;

	for (int i = 0; i < n; i++)
		CHECK_EQ(fd[i] = open("/text", O_RDONLY), 3 + i);
	CHECK_EQ(close(fd[70]), 0);
	CHECK_EQ(close(fd[300]), 0);
	CHECK_EQ(dup(1), fd[70]);
	CHECK_EQ(dup(1), fd[300]);
	CHECK_EQ(fcntl(1, F_DUPFD, 1000), 1000);
	CHECK_EQ(dup2(1, 1001), 1001);
	CHECK_ERRNO(dup2(1, -1), EBADF);
	CHECK_ERRNO(dup2(999, 5), EBADF);
	CHECK_EQ(close(1000), 0);
	CHECK_EQ(close(1001), 0);
	for (int i = 0; i < n; i++)
		CHECK_EQ(close(fd[i]), 0);
}

static void test_no_leak(void)
{
	size_t before, after;

	unik_memory(NULL, &before);
	for (int i = 0; i < 3000; i++)
		close(open("/sub/kept", O_RDONLY));
	unik_memory(NULL, &after);
	CHECK_EQ(before, after);
}

int main(void)
{
	RUN(test_read);
	RUN(test_streams);
	RUN(test_overlay);
	RUN(test_paths);
	RUN(test_stat);
	RUN(test_directories);
	RUN(test_devices);
	RUN(test_modules);
	RUN(test_descriptors);
	RUN(test_no_leak);
	return check_done();
}
