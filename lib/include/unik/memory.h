// SPDX-License-Identifier: BSD-2-Clause
/*
 * unik/memory.h - how much memory the machine has.
 *
 * Threading: any thread. Errors: none.
 */
#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * unik_memory() - the RAM that is given out in pages.
 *
 * total   bytes since boot, without the image; may be NULL
 * free    bytes in pages that nobody holds now; may be NULL
 */
void unik_memory(size_t *total, size_t *free);

#ifdef __cplusplus
}
#endif
