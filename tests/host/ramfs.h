// SPDX-License-Identifier: BSD-2-Clause
/*
 * ramfs.h - the root file system in a host test: what stands in for the machine around it, and
 * an end after each test. Include it in one file of a test that links lib/fs/ramfs.c.
 */
#pragma once
#include <string.h>
#include <sys/stat.h>
#include "kernel/boot_info.h"
#include "kernel/heap.h"
#include "lib/fs/device.h"
#include "lib/fs/parts.h"
#include "lib/fs/ramfs.h"
#include "tests/host/fake/fake.h"

static size_t ram_total = 1u << 20, ram_free = 1u << 20; /* pages */

void page_get_stats(struct page_stats *out)
{
	out->total_pages = ram_total;
	out->free_pages = ram_free;
}

static const char *ramfs_option; /* unik.ramfs= */

bool boot_option(const char *name, char *out, size_t size)
{
	if (strcmp(name, "unik.ramfs") != 0 || !ramfs_option)
		return false;
	strncpy(out, ramfs_option, size);
	return true;
}

const struct device *const dev_table[] = { NULL };
const size_t dev_table_len = 0;

/* The table that the image's linker script makes, lib/fs/parts.h: with one entry, or none. */
#ifdef RAMFS_TEST_CHANGES
#define FS_CHANGE_ENTRY ".quad ramfs_change_ops\n"
#else
#define FS_CHANGE_ENTRY ""
#endif
asm(".pushsection .data.rel.ro, \"aw\"\n"
    ".balign 8\n"
    ".globl fs_change, fs_change_end\n"
    "fs_change:\n" FS_CHANGE_ENTRY "fs_change_end:\n"
    ".popsection");

int ramfs_start(void)
{
	return ramfs.bucket ? 0 : ramfs_init();
}

/* Called for each node once, its names forgotten; frees it. */
static void end_node(struct ramfs_node *n)
{
	if (n->vnode.refs != 1)
		CHECK_FAIL("node %u mode %o: refs %u", (unsigned)n->number, n->vnode.mode,
			   n->vnode.refs);
	if (!S_ISDIR(n->vnode.mode)) {
#ifdef RAMFS_TEST_CHANGES
		ramfs_free_pages(n);
#endif
		if (n->file.owns_base)
			kfree((void *)n->file.base);
	}
	ramfs.used_bytes -= sizeof(*n);
	if (n != &ramfs.root)
		kfree(n);
}

/* Take a directory's contents out of the tree. */
static void empty_directory(struct ramfs_node *dir)
{
	list_for_each_safe (l, &dir->dir.entries) {
		struct ramfs_entry *e = list_entry(l, struct ramfs_entry, sibling);
		struct ramfs_node *n = e->node;

		CHECK(ramfs_find(dir, e->name, e->len) == e);
		CHECK(e->dir == dir);
		if (S_ISDIR(n->vnode.mode)) {
			CHECK(n->dir.parent == dir);
			empty_directory(n);
			CHECK_EQ(n->nlink, 2);
			dir->vnode.refs--;
			dir->nlink--;
			end_node(n);
		} else if (--n->nlink == 0) {
			end_node(n);
		} else {
			n->vnode.refs--;
		}
		ramfs_unchain(e);
		ramfs.used_bytes -= sizeof(*e) + e->len;
		kfree(e);
	}
	list_init(&dir->dir.entries);
}

/* The file system as it was before its first use; nothing may be open. */
static void ramfs_end(void)
{
	if (ramfs.bucket) {
		empty_directory(&ramfs.root);
		CHECK_EQ(ramfs.root.nlink, 2);
		CHECK_EQ(ramfs.nentries, 0);
		ramfs.used_bytes += sizeof(ramfs.root); /* the root is not counted */
		end_node(&ramfs.root);
		CHECK_EQ(ramfs.used_bytes, 0);
		kfree(ramfs.bucket);
	}
	CHECK_EQ(ramfs.depth, 0);
	memset(&ramfs, 0, sizeof(ramfs));
	wait_queue_init(&ramfs.lock.waiters);
}
