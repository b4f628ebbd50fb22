// SPDX-License-Identifier: BSD-2-Clause
/*
 * devices.c - the devices that every machine has.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "kernel/heap.h"
#include "kernel/random.h"
#include "lib/fs/device.h"
#include "lib/libc/console_file.h"

static ssize_t iov_len(const struct iovec *iov, int niov)
{
	size_t len = 0;

	for (int i = 0; i < niov; i++)
		len += iov[i].iov_len;
	return (ssize_t)len;
}

static ssize_t read_nothing(struct file *f, const struct iovec *iov, int niov)
{
	return 0;
}

static ssize_t read_zeros(struct file *f, const struct iovec *iov, int niov)
{
	for (int i = 0; i < niov; i++)
		memset(iov[i].iov_base, 0, iov[i].iov_len);
	return iov_len(iov, niov);
}

static ssize_t read_random(struct file *f, const struct iovec *iov, int niov)
{
	for (int i = 0; i < niov; i++)
		random_bytes(iov[i].iov_base, iov[i].iov_len);
	return iov_len(iov, niov);
}

static ssize_t write_anything(struct file *f, const struct iovec *iov, int niov)
{
	return iov_len(iov, niov);
}

static ssize_t write_no_space(struct file *f, const struct iovec *iov, int niov)
{
	return -ENOSPC;
}

static ssize_t write_random(struct file *f, const struct iovec *iov, int niov)
{
	for (int i = 0; i < niov; i++)
		random_add(iov[i].iov_base, iov[i].iov_len);
	return iov_len(iov, niov);
}

static off_t seek_nowhere(struct file *f, off_t offset, int whence)
{
	return 0;
}

static int stat_device(struct file *f, struct stat *out)
{
	out->st_mode = S_IFCHR | 0666;
	out->st_nlink = 1;
	out->st_blksize = 4096;
	return 0;
}

void device_release(struct file *f)
{
	kfree(f);
}

#define DEVICE(id, read_op, write_op)             \
	static const struct file_ops id##_ops = { \
		.read = read_op,                  \
		.write = write_op,                \
		.seek = seek_nowhere,             \
		.stat = stat_device,              \
		.release = device_release,        \
	};                                        \
	const struct device device_##id = { .name = #id, .ops = &id##_ops }

DEVICE(null, read_nothing, write_anything);
DEVICE(zero, read_zeros, write_anything);
DEVICE(full, read_zeros, write_no_space);
DEVICE(random, read_random, write_random);
DEVICE(urandom, read_random, write_random);

/* The console is one open file for everybody, as standard input and output are. */
static int open_console(uint32_t flags, struct file **out)
{
	*out = file_get(&console_file);
	return 0;
}

const struct device device_console = { .name = "console", .open = open_console };
const struct device device_tty = { .name = "tty", .open = open_console };
