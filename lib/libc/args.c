// SPDX-License-Identifier: BSD-2-Clause
#include "lib/libc/args.h"
#include <errno.h>
#include <string.h>
#include "kernel/heap.h"
#include "lib/base/cmdline.h"

#define ENV_PREFIX "env."
#define OUR_PREFIX "unik."
/* Hypervisors without ACPI add these words themselves (drivers/virtio/virtio_mmio.h). */
#define DEVICE_PREFIX "virtio_mmio.device="

static char program_name[] = "program";

static bool has_prefix(const char *word, const char *prefix)
{
	return strncmp(word, prefix, strlen(prefix)) == 0;
}

/* Sort a word into argv, envp, or neither. Returns whether it was kept. */
static bool place_word(struct args *a, char ***env_end, char *word, bool *ours_ended)
{
	if (*ours_ended) {
		a->argv[a->argc++] = word;
	} else if (has_prefix(word, ENV_PREFIX) && strchr(word, '=')) {
		*(*env_end)++ = word + strlen(ENV_PREFIX);
	} else if (strcmp(word, "--") == 0) {
		*ours_ended = true;
		return false;
	} else if (has_prefix(word, OUR_PREFIX) || has_prefix(word, DEVICE_PREFIX)) {
		return false;
	} else {
		a->argv[a->argc++] = word;
	}
	return true;
}

int args_parse(struct args *out, const char *cmdline)
{
	/* A word takes two bytes of the line at least; with the program's name and a NULL for
	 * each array no line needs more pointers than this. */
	size_t len = strlen(cmdline), nwords = len / 2 + 2;
	char **block = kzalloc(2 * (nwords + 1) * sizeof(char *) + len + 1);
	char *text, **env_end;
	bool ours_ended = false;

	if (!block)
		return -ENOMEM;
	out->argc = 1;
	out->argv = block;
	out->argv[0] = program_name;
	out->envp = env_end = block + nwords + 1;
	text = (char *)(block + 2 * (nwords + 1));
	while (cmdline_word(&cmdline, text, len + 1))
		if (place_word(out, &env_end, text, &ours_ended))
			text += strlen(text) + 1;
	return 0;
}
