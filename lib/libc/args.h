// SPDX-License-Identifier: BSD-2-Clause
/*
 * args.h - from the command line to argv and environ.
 *
 * Words that begin with `unik.` are the system's and left out; `env.NAME=value` goes to the
 * environment; the rest are the arguments. A word `--` ends our interpretation: everything
 * behind it is an argument.
 *
 * Threading: none. Errors: -ENOMEM.
 */
#pragma once
#include "lib/base/compiler.h"

struct args {
	int argc;
	char **argv; /* argv[argc] is NULL; argv[0] names the program, which knows no file name */
	char **envp; /* NULL-terminated */
};

/* args_parse() - split cmdline into *out; the memory is one block, argv, never freed. */
int args_parse(struct args *out, const char *cmdline) UNIK_MUST_CHECK;
