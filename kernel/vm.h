// SPDX-License-Identifier: BSD-2-Clause
/*
 * vm.h - the program's own mappings: what mmap() and its family are made of.
 *
 * Addresses are those between MMU_USER_START and MMU_USER_END, which nothing else uses. An area
 * is a promise: anonymous memory gets its pages, zeroed, one by one on their first touch, so a
 * reservation costs nothing but an entry of the area map. Promises are not counted against the
 * memory there is; a touch that finds none left ends the program. Rights are what the program
 * asked for, also writing and execution together.
 *
 * A private mapping of a file is a copy that is read in when it is made. The pages of a shared
 * mapping are the file's (file_ops.get_page); those that the file has are mapped at once, so that
 * a call which copies from such memory with locks of the file system held does not fault.
 * Touching pages behind the file's end is FAULT_BUS.
 *
 * Threading: one mutex for changes, which comes before the locks of files; a spinlock for the
 * area map, which the fault handler takes. Errors: -errno. Lengths and addresses are whole pages.
 */
#pragma once
#include "kernel/file.h"
#include "kernel/page.h"
#include "arch/mmu.h"

/* The values of PROT_READ, PROT_WRITE, PROT_EXEC. */
enum vm_prot { VM_READ = 1, VM_WRITE = 2, VM_EXEC = 4 };

enum vm_flags {
	VM_FIXED = 1 << 0,      /* at this address, replacing what is there */
	VM_NO_REPLACE = 1 << 1, /* at this address, if nothing is there */
	VM_SHARED = 1 << 2,     /* the file's own pages */
	VM_POPULATE = 1 << 3,   /* touch it all now, as far as there is memory */
};

struct vm_request {
	uintptr_t address; /* a wish, or with the two flags above a must */
	size_t len;
	unsigned prot, flags;
	struct file *file; /* the area takes a reference of its own; NULL: anonymous */
	uint64_t index;    /* the file's page that comes first */
};

/*
 * vm_map() - a new area.
 *
 * Returns 0 and *out; -ENOMEM no addresses, no memory, or fixed and outside of the program's
 * region; -EEXIST for VM_NO_REPLACE; what reading the file says.
 */
int vm_map(const struct vm_request *r, uintptr_t *out) UNIK_MUST_CHECK;

/* vm_unmap() - nothing is there any more. 0; -EINVAL outside of the program's region; -ENOMEM
 * no memory to cut an area in two. */
int vm_unmap(uintptr_t start, size_t len) UNIK_MUST_CHECK;

/* vm_protect() - new rights. 0; -ENOMEM not all of it is mapped, or as vm_unmap(). */
int vm_protect(uintptr_t start, size_t len, unsigned prot) UNIK_MUST_CHECK;

/* vm_drop() - forget what is in it: anonymous memory reads zero afterwards, and a private copy of
 * a file is read in again. 0; -ENOMEM not all of it is mapped. */
int vm_drop(uintptr_t start, size_t len) UNIK_MUST_CHECK;

/* vm_touch() - get all pages now. 0; -ENOMEM not all of it is mapped or no memory left. */
int vm_touch(uintptr_t start, size_t len) UNIK_MUST_CHECK;

/* vm_touch_all() - the same for all areas that may be accessed. */
int vm_touch_all(void) UNIK_MUST_CHECK;

/* vm_covers() - is all of it mapped? */
bool vm_covers(uintptr_t start, size_t len);

/* vm_resident() - for each page one byte: 1 when it is there. 0; -ENOMEM not all is mapped. */
int vm_resident(uintptr_t start, size_t len, unsigned char *out) UNIK_MUST_CHECK;

struct vm_resize {
	uintptr_t start;
	size_t old_len, new_len;
	bool may_move;
	bool fixed; /* move to `to`, replacing what is there */
	uintptr_t to;
};

/*
 * vm_resize() - make a part of one area shorter or longer, moving its pages, not their bytes.
 *
 * Returns 0 and *out, the new start; -EFAULT it is not in one area; -EINVAL overlap; -ENOMEM no
 * room and may not move, or no memory.
 */
int vm_resize(const struct vm_resize *r, uintptr_t *out) UNIK_MUST_CHECK;
