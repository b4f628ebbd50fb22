// SPDX-License-Identifier: BSD-2-Clause
/*
 * malloc() and its family: the program's own instance of the heap in kernel/heap.h, which says
 * how blocks are laid out. The forms with a struct _reent are what newlib calls itself; errno is
 * thread-local here, so they need not look at it.
 */
#include <errno.h>
#include <malloc.h>
#include <reent.h>
#include <stdlib.h>
#include <string.h>
#include "kernel/heap_fast.h"
#include "lib/libc/result.h"

static struct heap user_heap;

static UNIK_COLD void *or_enomem(void *p)
{
	if (!p)
		posix_failed(-ENOMEM);
	return p;
}

static void *alloc_slowly(struct heap *h, size_t size)
{
	return or_enomem(heap_alloc(h, size));
}

UNIK_API void *malloc(size_t size)
{
	if (unlikely(size > HEAP_STEP_MAX))
		return alloc_slowly(&user_heap, size);
	return heap_cache_take(&user_heap, heap_small_class(size), size, -size % 16, alloc_slowly);
}

UNIK_API void free(void *p)
{
	heap_free(&user_heap, p);
}

UNIK_API void *calloc(size_t n, size_t size)
{
	size_t bytes;
	void *p = NULL;

	if (!__builtin_mul_overflow(n, size, &bytes))
		p = heap_alloc(&user_heap, bytes);
	return p ? memset(p, 0, bytes) : or_enomem(p);
}

/* A block moves when it grows out of its class, or shrinks to less than half of it. No bytes means
 * free, as programs written for other C libraries expect. */
UNIK_API void *realloc(void *p, size_t size)
{
	size_t have;
	void *q;

	if (!p)
		return alloc_slowly(&user_heap, size);
	if (size == 0) {
		heap_free(&user_heap, p);
		return NULL;
	}
	if (heap_resize(&user_heap, p, size))
		return p;
	have = heap_usable_bytes(&user_heap, p);
	q = heap_alloc(&user_heap, size);
	if (!q)
		return size <= have ? p : or_enomem(NULL);
	memcpy(q, p, MIN(have, size));
	heap_free(&user_heap, p);
	return q;
}

UNIK_API void *reallocarray(void *p, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return or_enomem(NULL);
	return realloc(p, bytes);
}

UNIK_API UNIK_COLD void *memalign(size_t align, size_t size)
{
	if (!IS_POW2(align)) {
		errno = EINVAL;
		return NULL;
	}
	return or_enomem(heap_alloc_aligned(&user_heap, align, size));
}

UNIK_API void *aligned_alloc(size_t align, size_t size)
{
	return memalign(align, size);
}

UNIK_API int posix_memalign(void **out, size_t align, size_t size)
{
	void *p;

	if (!IS_POW2(align) || align % sizeof(void *) != 0)
		return EINVAL;
	p = heap_alloc_aligned(&user_heap, align, size);
	if (!p) {
		posix_log_exhausted(-ENOMEM);
		return ENOMEM;
	}
	*out = p;
	return 0;
}

UNIK_API size_t malloc_usable_size(void *p)
{
	return p ? heap_block_bytes(&user_heap, p, heap_usable_bytes) : 0;
}

/* malloc_trim() - give memory kept for reuse back to the machine; 1 when there was some. */
UNIK_API int malloc_trim(size_t pad)
{
	(void)pad;
	return heap_trim(&user_heap);
}

UNIK_API void *_malloc_r(struct _reent *r, size_t size)
{
	(void)r;
	return alloc_slowly(&user_heap, size);
}

UNIK_API void _free_r(struct _reent *r, void *p)
{
	(void)r;
	heap_free(&user_heap, p);
}

UNIK_API void *_calloc_r(struct _reent *r, size_t n, size_t size)
{
	(void)r;
	return calloc(n, size);
}

UNIK_API void *_realloc_r(struct _reent *r, void *p, size_t size)
{
	(void)r;
	return realloc(p, size);
}

UNIK_API void *_memalign_r(struct _reent *r, size_t align, size_t size)
{
	(void)r;
	return memalign(align, size);
}
