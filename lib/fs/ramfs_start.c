// SPDX-License-Identifier: BSD-2-Clause
/*
 * ramfs_start.c - what is in the root file system at the first path: the boot archives, /dev,
 * /tmp, and the parts that the program has.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "arch/mmu.h"
#include "kernel/boot_info.h"
#include "kernel/log.h"
#include "lib/fs/archive.h"
#include "lib/fs/device.h"
#include "lib/fs/parts.h"

static void add_module(const struct boot_module *m)
{
	const void *bytes = phys_to_virt(m->start);
	size_t len = m->end - m->start;
	int err;

	if (!archive_is(bytes, len))
		return; /* something else, for <unik/module.h> */
	err = archive_add(bytes, len);
	if (err)
		log_warn("boot archive %s: %s", &boot_info.text[m->args],
			 err == -ENOMEM ? "out of memory" : "malformed or cut short");
}

/* The devices replace what archives have under their names. */
static int add_devices(void)
{
	struct ramfs_node *dev = ramfs_make(&ramfs.root, "dev", 3, S_IFDIR | 0755), *n;

	if (!dev)
		return -ENOMEM;
	if (!S_ISDIR(dev->vnode.mode))
		return 0; /* so be it */
	for (uint32_t i = 0; i < dev_table_len; i++) {
		const char *name = dev_table[i]->name;

		n = ramfs_make(dev, name, strlen(name), S_IFCHR | 0666);
		if (!n)
			return -ENOMEM;
		n->device = i;
	}
	return 0;
}

static int add_parts(void)
{
	int err = 0;

	FS_ACCEPT(__unik_part_block_devices);
	for (fs_part *const *part = fs_parts; part < fs_parts_end && !err; part++)
		err = (*part)();
	return err;
}

int ramfs_start(void)
{
	static bool started;
	int err;

	if (started)
		return 0;
	if (!ramfs.bucket) {
		err = ramfs_init();
		if (err)
			return err;
		for (unsigned i = 0; i < boot_info.nmodule; i++)
			add_module(&boot_info.module[i]);
	}
	err = add_devices();
	if (!err && !ramfs_make(&ramfs.root, "tmp", 3, S_IFDIR | 01777))
		err = -ENOMEM;
	if (!err)
		err = add_parts();
	started = !err;
	return err;
}
