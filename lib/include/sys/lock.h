// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/lock.h - the locks inside newlib (streams, environment, time zone, atexit).
 *
 * A lock is all zero when free, so it needs no constructor and lives inside what it guards. The
 * functions are the library's, on kernel mutexes; a free lock is taken without sleeping and
 * without memory. The plain kind may not be taken twice by one thread, the recursive kind counts.
 *
 * Threading: any thread, never an interrupt. Errors: none; try_ returns 0 when it got the lock.
 * Part of the ABI: FILE contains a lock.
 */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

struct __unik_lock {
	unsigned int state; /* 0 free, 1 held, 2 held and somebody waits */
	unsigned int count; /* recursive kind: how often the owner holds it */
	void *owner;        /* recursive kind: the thread that holds it */
};

void __unik_lock_acquire(struct __unik_lock *lock);
int __unik_lock_try_acquire(struct __unik_lock *lock);
void __unik_lock_release(struct __unik_lock *lock);
void __unik_lock_acquire_recursive(struct __unik_lock *lock);
int __unik_lock_try_acquire_recursive(struct __unik_lock *lock);
void __unik_lock_release_recursive(struct __unik_lock *lock);

#ifdef __cplusplus
}
#endif

/* The names that newlib's sources use; it passes the lock itself, not its address. */
typedef struct __unik_lock _LOCK_T;
typedef struct __unik_lock _LOCK_RECURSIVE_T;

#define __LOCK_INIT(class, lock)           class _LOCK_T lock;
#define __LOCK_INIT_RECURSIVE(class, lock) class _LOCK_RECURSIVE_T lock;

#define __lock_init(lock)                  ((void)((lock) = (struct __unik_lock){ 0, 0, 0 }))
#define __lock_init_recursive(lock)        __lock_init(lock)
#define __lock_close(lock)                 ((void)0)
#define __lock_close_recursive(lock)       ((void)0)
#define __lock_acquire(lock)               __unik_lock_acquire(&(lock))
#define __lock_try_acquire(lock)           __unik_lock_try_acquire(&(lock))
#define __lock_release(lock)               __unik_lock_release(&(lock))
#define __lock_acquire_recursive(lock)     __unik_lock_acquire_recursive(&(lock))
#define __lock_try_acquire_recursive(lock) __unik_lock_try_acquire_recursive(&(lock))
#define __lock_release_recursive(lock)     __unik_lock_release_recursive(&(lock))
