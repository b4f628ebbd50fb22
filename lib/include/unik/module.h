// SPDX-License-Identifier: BSD-2-Clause
/*
 * unik/module.h - files that the boot loader put into memory beside the image, as they are.
 *
 * A module that is a cpio archive is also seen as files below "/", so most programs do not need
 * this. The bytes are read-only and stay where they are.
 *
 * Threading: any thread. Errors: as each says.
 */
#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct unik_module {
	const void *data;
	size_t size;      /* bytes */
	const char *args; /* what the loader was given with it, often a file name; may be "" */
};

/*
 * unik_module() - the module number i, counted from 0 in the order of the loader.
 *
 * Returns 0 and *out; -1 when there are not that many.
 */
int unik_module(unsigned i, struct unik_module *out);

#ifdef __cplusplus
}
#endif
