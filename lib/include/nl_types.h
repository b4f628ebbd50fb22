// SPDX-License-Identifier: BSD-2-Clause
/*
 * nl_types.h - message catalogues (POSIX.1-2017, <nl_types.h>), which there are none of: catopen()
 * is ENOENT, and catgets() returns the text that it is given.
 */
#pragma once
#include <langinfo.h>
#include <sys/cdefs.h>

typedef void *nl_catd;

#define NL_SETD       1
#define NL_CAT_LOCALE 1

__BEGIN_DECLS

nl_catd catopen(const char *__name, int __flag);
char *catgets(nl_catd __catalog, int __set, int __message, const char *__text);
int catclose(nl_catd __catalog);

__END_DECLS
