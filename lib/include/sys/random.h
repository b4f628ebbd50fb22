// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/random.h - random bytes fit for keys.
 *
 * Threading: any thread. Errors: -1 and errno; both wait until the generator is seeded, unless
 * GRND_NONBLOCK asks for EAGAIN.
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/types.h>

#define GRND_NONBLOCK 1
#define GRND_RANDOM   2 /* the same source here */

__BEGIN_DECLS

ssize_t getrandom(void *__buf, size_t __len, unsigned int __flags);
int getentropy(void *__buf, size_t __len);

__END_DECLS
