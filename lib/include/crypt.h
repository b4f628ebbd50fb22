// SPDX-License-Identifier: BSD-2-Clause
/*
 * crypt.h - passwords: no method is here, every call is ENOSYS.
 */
#pragma once
#include <sys/cdefs.h>

struct crypt_data {
	char initialized;
	char output[384];
};

__BEGIN_DECLS

char *crypt(const char *__key, const char *__salt);
char *crypt_r(const char *__key, const char *__salt, struct crypt_data *__data);

__END_DECLS
