// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/bus/dt.h"
#include "drivers/entropy.h"
#include "drivers/virtio/virtio_rng.h"

/* What the loader left for us in the tree (the binding chosen, rng-seed): it took it from where we
 * would have to look. */
static size_t dt_seed_read(void *out, size_t len)
{
	struct fdt_chosen chosen = { .rng_seed = NULL };
	static bool given; /* the same bytes twice would be none the second time */

	if (dt_get())
		fdt_chosen(dt_get(), &chosen);
	if (!chosen.rng_seed || given)
		return 0;
	given = true;
	len = MIN(len, (size_t)chosen.rng_seed_len);
	__builtin_memcpy(out, chosen.rng_seed, len);
	return len;
}

size_t (*const entropy_table[])(void *out, size_t len) = { dt_seed_read, virtio_rng_read, NULL };
