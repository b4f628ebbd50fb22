// SPDX-License-Identifier: BSD-2-Clause
/*
 * mmap.c - mapped memory: arguments and errors by POSIX.1-2017 (XSH chapter 3, under each name)
 * and, for what it does not have, by Linux's manual pages; the work is in kernel/vm.c.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include "kernel/vm.h"
#include "lib/libc/fd.h"
#include "lib/libc/file_io.h"
#include "lib/libc/result.h"

_Static_assert(PROT_READ == (int)VM_READ && PROT_WRITE == (int)VM_WRITE &&
		       PROT_EXEC == (int)VM_EXEC,
	       "the kernel's rights are the program's");

#define PROT_ALL (PROT_READ | PROT_WRITE | PROT_EXEC)
#define MAP_KNOWN                                                                             \
	(MAP_TYPE | MAP_FIXED | MAP_ANONYMOUS | MAP_DENYWRITE | MAP_EXECUTABLE | MAP_LOCKED | \
	 MAP_NORESERVE | MAP_POPULATE | MAP_NONBLOCK | MAP_STACK | MAP_FIXED_NOREPLACE)

static bool touch_future; /* mlockall(MCL_FUTURE) */
static bool all_locked;   /* mlockall(MCL_CURRENT) */

/* len in whole pages; false: 0 or more than there are addresses. */
static bool round_up(size_t *len)
{
	size_t whole = ALIGN_UP(*len, PAGE_SIZE);

	if (*len == 0 || whole < *len)
		return false;
	*len = whole;
	return true;
}

static bool is_aligned(const void *p)
{
	return (uintptr_t)p % PAGE_SIZE == 0;
}

/* May f be mapped so? A shared mapping of a file that nobody can write is as good as a copy. */
static int check_file(const struct file *f, int prot, bool *shared)
{
	if (!f->ops->get_page && !f->ops->read_at)
		return -ENODEV;
	if (!file_may_read(f) || (*shared && prot & PROT_WRITE && !file_may_write(f)))
		return -EACCES;
	if (*shared && f->ops->get_page)
		return 0;
	if (*shared && (f->ops->write_at || f->ops->write))
		return -ENODEV;
	*shared = false;
	return f->ops->read_at ? 0 : -ENODEV;
}

static int check_flags(void *addr, int prot, int flags, off_t offset)
{
	int type = flags & MAP_TYPE;

	if (type != MAP_SHARED && type != MAP_PRIVATE && type != MAP_SHARED_VALIDATE)
		return -EINVAL;
	if (prot & ~PROT_ALL || flags & ~MAP_KNOWN)
		return -EINVAL;
	if (offset % (off_t)PAGE_SIZE != 0)
		return -EINVAL;
	if (offset < 0)
		return -EOVERFLOW;
	return flags & (MAP_FIXED | MAP_FIXED_NOREPLACE) && !is_aligned(addr) ? -EINVAL : 0;
}

static unsigned vm_flags_of(int flags)
{
	return (flags & MAP_FIXED ? VM_FIXED : 0) |
	       (flags & MAP_FIXED_NOREPLACE ? VM_NO_REPLACE : 0) |
	       (flags & (MAP_POPULATE | MAP_LOCKED) || READ_ONCE(touch_future) ? VM_POPULATE : 0);
}

/* The file's time of the last access is that of the mapping at least (POSIX.1-2017, mmap()). A copy
 * reads it anyway. */
static void mark_read(struct file *f, off_t at)
{
	char byte;
	struct iovec iov = { &byte, 1 };

	if (f->ops->read_at)
		(void)f->ops->read_at(f, &iov, 1, at);
}

static int map_file(struct vm_request *r, int flags, int fd, uintptr_t *out)
{
	bool shared = (flags & MAP_TYPE) != MAP_PRIVATE;
	struct file *f = fd_get(fd);
	uint64_t end;
	int err;

	if (!f)
		return -EBADF;
	err = check_file(f, (int)r->prot, &shared);
	if (err == 0 && __builtin_add_overflow(r->index, r->len >> PAGE_SHIFT, &end))
		err = -EOVERFLOW;
	if (err == 0 && end > (uint64_t)INT64_MAX >> PAGE_SHIFT)
		err = -EOVERFLOW;
	r->file = f;
	r->flags |= shared ? VM_SHARED : 0;
	if (err == 0)
		err = vm_map(r, out);
	if (err == 0 && shared)
		mark_read(f, (off_t)(r->index << PAGE_SHIFT));
	file_put(f);
	return err;
}

static int map(void *addr, size_t len, int prot, int flags, int fd, off_t offset, uintptr_t *out)
{
	struct vm_request r = { (uintptr_t)addr, len, (unsigned)prot, vm_flags_of(flags), NULL, 0 };
	int err = check_flags(addr, prot, flags, offset);

	if (err)
		return err;
	if (!round_up(&r.len))
		return len ? -ENOMEM : -EINVAL;
	if (r.len > MMU_USER_END)
		return -ENOMEM;
	r.index = (uint64_t)offset >> PAGE_SHIFT;
	return flags & MAP_ANONYMOUS ? vm_map(&r, out) : map_file(&r, flags, fd, out);
}

static void *pointer_result(int err, uintptr_t value)
{
	return posix_result(err) < 0 ? MAP_FAILED : (void *)value;
}

UNIK_API void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
	uintptr_t out = 0;
	int err = map(addr, len, prot, flags, fd, offset, &out);

	return pointer_result(err, out);
}

UNIK_API int munmap(void *addr, size_t len)
{
	if (!is_aligned(addr) || !round_up(&len))
		return (int)posix_result(-EINVAL);
	return (int)posix_result(vm_unmap((uintptr_t)addr, len));
}

UNIK_API int mprotect(void *addr, size_t len, int prot)
{
	if (!is_aligned(addr) || prot & ~PROT_ALL)
		return (int)posix_result(-EINVAL);
	if (len == 0)
		return 0;
	if (!round_up(&len))
		return (int)posix_result(-ENOMEM);
	return (int)posix_result(vm_protect((uintptr_t)addr, len, (unsigned)prot));
}

UNIK_API void *mremap(void *old, size_t old_len, size_t new_len, int flags, ...)
{
	struct vm_resize r = { .start = (uintptr_t)old };
	uintptr_t out = 0;
	va_list args;
	int err;

	r.may_move = flags & MREMAP_MAYMOVE;
	r.fixed = flags & MREMAP_FIXED;
	if (r.fixed) {
		va_start(args, flags);
		r.to = (uintptr_t)va_arg(args, void *);
		va_end(args);
	}
	if (!is_aligned(old) || !round_up(&old_len) || !round_up(&new_len) ||
	    flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED) || (r.fixed && !r.may_move) ||
	    !is_aligned((void *)r.to))
		return pointer_result(-EINVAL, 0);
	r.old_len = old_len;
	r.new_len = new_len;
	err = vm_resize(&r, &out);
	return pointer_result(err, out);
}

static int advise(uintptr_t start, size_t len, int advice)
{
	switch (advice) {
	case MADV_DONTNEED:
	case MADV_FREE:
		return vm_drop(start, len);
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
		return vm_touch(start, len);
	case MADV_NORMAL:
	case MADV_RANDOM:
	case MADV_SEQUENTIAL:
	case MADV_WILLNEED:
	case MADV_DONTFORK:
	case MADV_DOFORK:
	case MADV_MERGEABLE:
	case MADV_UNMERGEABLE:
	case MADV_HUGEPAGE:
	case MADV_NOHUGEPAGE:
	case MADV_DONTDUMP:
	case MADV_DODUMP:
	case MADV_COLD:
	case MADV_PAGEOUT:
		return vm_covers(start, len) ? 0 : -ENOMEM;
	default:
		return -EINVAL;
	}
}

UNIK_API int madvise(void *addr, size_t len, int advice)
{
	if (!is_aligned(addr) || (len && !round_up(&len)))
		return (int)posix_result(-EINVAL);
	return (int)posix_result(len ? advise((uintptr_t)addr, len, advice) : 0);
}

/* Advice in POSIX's sense never changes what is read, so none of it does anything here. */
UNIK_API int posix_madvise(void *addr, size_t len, int advice)
{
	if (!is_aligned(addr) || advice < POSIX_MADV_NORMAL || advice > POSIX_MADV_DONTNEED)
		return EINVAL;
	if (len == 0)
		return 0;
	return round_up(&len) && vm_covers((uintptr_t)addr, len) ? 0 : ENOMEM;
}

/* The pages of a shared mapping are the file's: there is nothing to write back. */
UNIK_API int msync(void *addr, size_t len, int flags)
{
	if (!is_aligned(addr) || flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) ||
	    (flags & MS_ASYNC && flags & MS_SYNC))
		return (int)posix_result(-EINVAL);
	if (len == 0)
		return 0;
	if (!round_up(&len) || !vm_covers((uintptr_t)addr, len))
		return (int)posix_result(-ENOMEM);
	return (int)posix_result(flags & MS_INVALIDATE && READ_ONCE(all_locked) ? -EBUSY : 0);
}

UNIK_API int mincore(void *addr, size_t len, unsigned char *resident)
{
	if (!is_aligned(addr))
		return (int)posix_result(-EINVAL);
	if (len == 0)
		return 0;
	if (!round_up(&len))
		return (int)posix_result(-ENOMEM);
	return (int)posix_result(vm_resident((uintptr_t)addr, len, resident));
}

/* The pages that [addr, addr + len) touches; false: there are none. */
static bool whole_pages(const void *addr, size_t *len, uintptr_t *start)
{
	*start = ALIGN_DOWN((uintptr_t)addr, PAGE_SIZE);
	*len += (uintptr_t)addr - *start;
	return round_up(len);
}

/* Is the address one that mappings may have? Of the lower half, the image and the heap have none:
 * there only mappings are. */
static bool is_mappable(const void *addr)
{
	return (intptr_t)addr >= 0;
}

/* Memory stays where it is once it is there. What was not mapped here, the image and the heap, is
 * there always. */
UNIK_API int mlock(const void *addr, size_t len)
{
	uintptr_t start;

	if (len == 0 || !is_mappable(addr))
		return 0;
	if (!whole_pages(addr, &len, &start))
		return (int)posix_result(-ENOMEM);
	return (int)posix_result(vm_touch(start, len));
}

UNIK_API int munlock(const void *addr, size_t len)
{
	uintptr_t start;

	if (len == 0 || !is_mappable(addr))
		return 0;
	return (int)posix_result(
		whole_pages(addr, &len, &start) && vm_covers(start, len) ? 0 : -ENOMEM);
}

UNIK_API int mlockall(int flags)
{
	if (flags == 0 || flags & ~(MCL_CURRENT | MCL_FUTURE))
		return (int)posix_result(-EINVAL);
	if (flags & MCL_FUTURE)
		WRITE_ONCE(touch_future, true);
	if (flags & MCL_CURRENT)
		WRITE_ONCE(all_locked, true);
	return (int)posix_result(flags & MCL_CURRENT ? vm_touch_all() : 0);
}

UNIK_API int munlockall(void)
{
	WRITE_ONCE(touch_future, false);
	WRITE_ONCE(all_locked, false);
	return 0;
}
