// SPDX-License-Identifier: BSD-2-Clause
#include <string.h>
#include "kernel/boot_info.h"
#include "lib/base/cmdline.h"

bool boot_option(const char *name, char *out, size_t size)
{
	const char *at = boot_cmdline();
	size_t len = strlen(name);
	char word[256]; /* the longest option that means something: a list of addresses */
	bool found = false;

	while (cmdline_word(&at, word, sizeof(word))) {
		if (strncmp(word, name, len) != 0 || word[len] != '=')
			continue;
		strncpy(out, &word[len + 1], size - 1);
		out[size - 1] = '\0';
		found = true;
	}
	return found;
}
