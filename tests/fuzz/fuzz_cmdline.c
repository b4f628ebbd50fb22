// SPDX-License-Identifier: BSD-2-Clause
/* The command line: words, options, argv and envp. */
// link: lib/base/cmdline.c kernel/boot_option.c lib/libc/args.c
#include "kernel/boot_info.h"
#include "kernel/heap.h"
#include "lib/base/cmdline.h"
#include "lib/libc/args.h"
#include "tests/fuzz/fuzz.h"

struct boot_info boot_info;

static void count(const struct args *a, size_t len)
{
	int n = 0;
	size_t total = 0;

	while (a->argv[n])
		total += strlen(a->argv[n++]) + 1;
	FUZZ_ASSERT(n == a->argc);
	for (char **e = a->envp; *e; e++) {
		FUZZ_ASSERT(strchr(*e, '='));
		total += strlen(*e) + 1;
	}
	FUZZ_ASSERT(total <= len + sizeof("program") + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *line = malloc(len + 1), value[40];
	const char *at = line;
	char *word = malloc(len + 1);
	struct args a;

	memcpy(line, data, len);
	line[len] = 0;
	while (cmdline_word(&at, word, len + 1))
		FUZZ_ASSERT(strlen(word) <= len);
	if (args_parse(&a, line) == 0) {
		count(&a, len);
		kfree(a.argv);
	}
	if (len < sizeof(boot_info.text)) {
		memcpy(boot_info.text, line, len + 1);
		if (boot_option("unik.ip", value, sizeof(value)))
			FUZZ_ASSERT(strlen(value) < sizeof(value));
	}
	free(word);
	free(line);
	return 0;
}
