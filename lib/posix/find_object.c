// SPDX-License-Identifier: BSD-2-Clause
/*
 * find_object.c - where the unwinder of C++ exceptions finds the image's call frame information.
 *
 * The compiler's libgcc_eh.a asks the C library which object an address belongs to. Here it is
 * always the image; whatever else is asked about has no frames.
 *
 * Ref: glibc manual, "Dynamic Linker Introspection" (_dl_find_object).
 */
#include <stddef.h>
#include <string.h>
#include "lib/base/compiler.h"

struct dl_find_object {
	unsigned long long flags;
	void *map_start;
	void *map_end;
	void *link_map; /* there is no dynamic linker */
	void *eh_frame; /* the search table, PT_GNU_EH_FRAME elsewhere */
	unsigned long long reserved[7];
};

/* linker.ld */
extern char image_start[], image_end[], image_eh_frame_hdr[];

int _dl_find_object(void *pc, struct dl_find_object *out);

/*
 * _dl_find_object() - the object that an address of code belongs to.
 *
 * Returns 0 and *out, or -1 if the address is not the image's. Context: any.
 */
UNIK_API int _dl_find_object(void *pc, struct dl_find_object *out)
{
	if ((char *)pc < image_start || (char *)pc >= image_end)
		return -1;
	memset(out, 0, sizeof(*out));
	out->map_start = image_start;
	out->map_end = image_end;
	out->eh_frame = image_eh_frame_hdr;
	return 0;
}
