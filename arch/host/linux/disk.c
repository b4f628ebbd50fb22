// SPDX-License-Identifier: BSD-2-Clause
/*
 * disk.c - files as disks.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "arch/host/linux/linux.h"

#define SECTOR_BYTES 512

static int fds[HOST_DISKS] = { -1, -1, -1, -1, -1, -1, -1, -1 };

bool disk_open(void *host, unsigned n, struct host_disk_info *out)
{
	static const char suffix[] = ",ro";
	struct linux_host *h = host;
	char path[PATH_MAX];
	struct stat st;
	size_t len;

	if (n >= h->ndisk)
		return false;
	len = strlen(h->disk[n]);
	if (len >= sizeof(path))
		fail("%s: too long a name", h->disk[n]);
	strcpy(path, h->disk[n]);
	out->read_only = len >= strlen(suffix) && !strcmp(path + len - strlen(suffix), suffix);
	if (out->read_only)
		path[len - strlen(suffix)] = 0;
	fds[n] = open(path, (out->read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	if (fds[n] < 0) {
		out->read_only = true;
		fds[n] = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (fds[n] < 0 || fstat(fds[n], &st) || !S_ISREG(st.st_mode))
		fail("%s: no file to be a disk", h->disk[n]);
	out->nsectors = (uint64_t)st.st_size / SECTOR_BYTES;
	return true;
}

int disk_transfer(void *host, unsigned n, bool write, uint64_t offset, void *data, size_t len)
{
	char *at = data;

	(void)host;
	while (len > 0) {
		ssize_t done = write ? pwrite(fds[n], at, len, (off_t)offset)
				     : pread(fds[n], at, len, (off_t)offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return -1;
		at += done;
		offset += (uint64_t)done;
		len -= (size_t)done;
	}
	return 0;
}

int disk_flush(void *host, unsigned n)
{
	(void)host;
	return fdatasync(fds[n]);
}
