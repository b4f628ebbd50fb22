// SPDX-License-Identifier: BSD-2-Clause
/*
 * compiler.h - what C leaves to the compiler, and the few macros every file wants.
 *
 * No state, no locks, no errors. Runs anywhere.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define likely(x)          __builtin_expect(!!(x), 1)
#define unlikely(x)        __builtin_expect(!!(x), 0)
#define UNIK_PACKED        __attribute__((packed))
#define UNIK_ALIGNED(n)    __attribute__((aligned(n)))
#define UNIK_ALWAYS_INLINE inline __attribute__((always_inline))
#define UNIK_NORETURN      __attribute__((noreturn))
#define UNIK_PRINTF(f, a)  __attribute__((format(printf, f, a)))
#define UNIK_NOINLINE      __attribute__((noinline))
/* Everything that the function calls is inlined, also in a file that is compiled for size. */
#define UNIK_FLATTEN __attribute__((flatten))
#define UNIK_COLD    __attribute__((cold, noinline))
#define UNIK_UNUSED  __attribute__((unused))
/* Reads what is no object, such as the words of a stack. */
#define UNIK_UNSANITIZED __attribute__((no_sanitize("address")))
#define UNIK_MUST_CHECK  __attribute__((warn_unused_result))
#define UNIK_WEAK        __attribute__((weak))
/* A symbol that applications may call; everything else is made local in libunik.a. */
#ifndef UNIK_API
#define UNIK_API __attribute__((visibility("default")))
#endif

#define ARRAY_SIZE(a)                 (sizeof(a) / sizeof((a)[0]))
#define container_of(p, type, member) ((type *)((char *)(p)-offsetof(type, member)))

#define MIN(a, b)                                  \
	({                                         \
		__typeof__(a) min_a_ = (a);        \
		__typeof__(b) min_b_ = (b);        \
		min_a_ < min_b_ ? min_a_ : min_b_; \
	})
#define MAX(a, b)                                  \
	({                                         \
		__typeof__(a) max_a_ = (a);        \
		__typeof__(b) max_b_ = (b);        \
		max_a_ > max_b_ ? max_a_ : max_b_; \
	})

/* n is a power of two. */
#define ALIGN_DOWN(x, n) ((x) & ~((__typeof__(x))(n)-1))
#define ALIGN_UP(x, n)   ALIGN_DOWN((x) + ((__typeof__(x))(n)-1), n)
#define IS_POW2(x)       ((x) != 0 && ((x) & ((x)-1)) == 0)

/* Read or write once, as written: for values that another CPU, an interrupt or a device changes. */
#define READ_ONCE(x)     __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, v) __atomic_store_n(&(x), (v), __ATOMIC_RELAXED)
