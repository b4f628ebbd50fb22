/* SPDX-License-Identifier: BSD-2-Clause
 *
 * search.h - the names that a name may stand for: with the domains of unik.search= behind it, or of
 * the last line of /etc/resolv.conf that begins with `search` or `domain`.
 *
 * A name with a dot in it is tried as it is first, another one last; one that ends with a dot is
 * not tried otherwise.
 *
 * Threading: no state but the caller's. Errors: what cannot be read or understood is not there.
 */
#pragma once
#include "lib/base/compiler.h"

struct search {
	char name[256]; /* what search_next() found */
	/* Private. */
	const char *node, *at;
	enum { SEARCH_FIRST, SEARCH_DOMAINS, SEARCH_LAST, SEARCH_OVER } step;
	char domains[256]; /* the room of the command line for one option */
};

/* search_start() - look for node, which the caller keeps. search_next() - the next s->name, or
 * false. Context: thread, opens a file. */
void search_start(struct search *s, const char *node);
bool search_next(struct search *s);
