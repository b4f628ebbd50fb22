// SPDX-License-Identifier: BSD-2-Clause
/*
 * accounts.h - lines of /etc/passwd and /etc/group, or of what stands in for them.
 *
 * Threading: any thread. Errors: -errno.
 */
#pragma once
#include "lib/base/compiler.h"

#define ACCOUNT_FIELDS 7

struct account_table {
	const char *path;
	const char *builtin; /* the lines where there is no such file */
	unsigned nfields;    /* 4..ACCOUNT_FIELDS, separated by colons; field 2 is the number */
};

struct account_query {
	const char *name;   /* or NULL: by number */
	const char *member; /* or NULL; a name among those of the last field */
	unsigned id;
	bool any;      /* instead: whatever it is, */
	unsigned skip; /* after so many that match */
};

/*
 * account_find() - the first line that matches, as terminated strings.
 *
 * buf, size   where the strings are put
 * field       [t->nfields], pointing into buf
 *
 * Returns how many bytes of buf are used; 0 no such line; -ERANGE it does not fit; what reading
 * the file says.
 */
int account_find(const struct account_table *t, const struct account_query *q, char *buf,
		 size_t size, char **field);

/* account_id() - a number as it stands in a line. */
unsigned account_id(const char *text);
