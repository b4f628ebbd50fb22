// SPDX-License-Identifier: BSD-2-Clause
/*
 * dir.c - <dirent.h>: directories over descriptors.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "lib/fs/vfs.h"
#include "lib/libc/fd.h"
#include "lib/libc/file_io.h"
#include "lib/libc/result.h"

struct __unik_dir {
	int fd;
	struct dirent entry; /* what readdir() returned last */
};

UNIK_API DIR *fdopendir(int fd)
{
	struct stat st;
	DIR *d;

	if (fstat(fd, &st))
		return NULL;
	if (!S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		return NULL;
	}
	d = malloc(sizeof(*d));
	if (d)
		d->fd = fd;
	return d;
}

UNIK_API DIR *opendir(const char *path)
{
	int fd = __unik_open_read(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);

	if (fd >= 0 && !d)
		close(fd);
	return d;
}

UNIK_API int closedir(DIR *d)
{
	int fd = d->fd;

	free(d);
	return close(fd);
}

/* 1, 0 at the end, or -errno. */
static int read_entry(DIR *d, struct dirent *out)
{
	struct file *f = fd_get(d->fd);
	int n = -EBADF;

	if (f) {
		n = file_control(f, FILE_CONTROL_READ_ENTRY, out);
		file_put(f);
	}
	return n;
}

UNIK_API struct dirent *readdir(DIR *d)
{
	return posix_result(read_entry(d, &d->entry)) == 1 ? &d->entry : NULL;
}

UNIK_API int readdir_r(DIR *d, struct dirent *entry, struct dirent **out)
{
	int n = read_entry(d, entry);

	*out = n == 1 ? entry : NULL;
	return n < 0 ? -n : 0;
}

UNIK_API void rewinddir(DIR *d)
{
	lseek(d->fd, 0, SEEK_SET);
}

UNIK_API long telldir(DIR *d)
{
	return lseek(d->fd, 0, SEEK_CUR);
}

UNIK_API void seekdir(DIR *d, long position)
{
	lseek(d->fd, position, SEEK_SET);
}

UNIK_API int dirfd(DIR *d)
{
	return d->fd;
}
