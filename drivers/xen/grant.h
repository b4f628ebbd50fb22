// SPDX-License-Identifier: BSD-2-Clause
/*
 * grant.h - letting another domain use pages of ours: the grant table (public/grant_table.h).
 *
 * A reference is the number of an entry. A driver takes as many as it has slots when it starts,
 * and sets and clears them for each request, which costs no hypercall: the table is shared memory.
 * Whole pages are shared: what else lies in a page can be read by the peer, and written unless
 * the grant is read-only.
 *
 * Threading: any context; alloc and free take a spinlock, set and clear belong to the reference's
 * owner. Errors: -ENOSPC the table is full (Xen bounds it, 64 frames of 512 by default), -ENODEV
 * no Xen, or its table is none of version 1 and cannot be made one, -ENOMEM.
 */
#pragma once
#include "drivers/xen/hypercall.h"

typedef uint32_t grant_ref_t; /* 0 is none: Xen's own entries come first */

/*
 * grant_alloc() - a reference that grants nothing yet.
 * grant_free()  - give it back; it must grant nothing.
 *
 * grant_alloc() returns 0 and *ref; -ENOSPC, -ENOMEM, -ENODEV. Context: thread (the table may
 * grow).
 */
int grant_alloc(grant_ref_t *ref) UNIK_MUST_CHECK;
void grant_free(grant_ref_t ref);

/*
 * grant_set() - from now on domain `peer` may use a page, until grant_clear().
 *
 * ref         from grant_alloc(), granting nothing
 * p           any byte of the page, in the direct map or in the image
 * read_only   the peer may not write
 */
void grant_set(grant_ref_t ref, xen_domid_t peer, const void *p, bool read_only);

/*
 * grant_clear() - the peer may not begin to use the page any more.
 *
 * Returns true: nobody uses it; false: the peer still has it mapped or is copying, and the grant
 * stands as it was: the page must not be freed or used for anything else, and the reference not
 * freed. Try again later, or keep both for ever.
 */
bool grant_clear(grant_ref_t ref) UNIK_MUST_CHECK;

/* grant_page() - alloc and set in one, for a ring's page. 0 and *ref, or as grant_alloc(). */
int grant_page(grant_ref_t *ref, xen_domid_t peer, const void *p, bool read_only) UNIK_MUST_CHECK;
