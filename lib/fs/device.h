// SPDX-License-Identifier: BSD-2-Clause
/*
 * device.h - what appears in /dev.
 *
 * Each open of a device makes a file with the device's ops; those of a device without state of
 * its own end in device_release().
 *
 * Threading: the table is constant. Errors: -errno.
 */
#pragma once
#include "kernel/file.h"
#include "lib/fs/vnode.h"

struct device {
	const char *name;
	const struct file_ops *ops; /* of the file that open() makes; NULL: open() below */
	int (*open)(uint32_t flags, struct file **out);
};

/* All devices; lib/fs/dev_table.c. */
extern const struct device *const dev_table[];
extern const size_t dev_table_len;

void device_release(struct file *f);

extern const struct device device_null, device_zero, device_full, device_random, device_urandom;
extern const struct device device_console, device_tty;
