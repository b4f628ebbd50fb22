// SPDX-License-Identifier: BSD-2-Clause
#include <stdlib.h>
#include "kernel/boot_info.h"
#include "kernel/panic.h"
#include "kernel/program.h"
#include "lib/libc/args.h"
#include "lib/libc/console_file.h"
#include "lib/libc/fd.h"

typedef void constructor(int argc, char **argv, char **envp);

/* .preinit_array and .init_array in this order; from linker.ld (System V ABI, "Initialization
 * and Termination Functions"). */
extern constructor *const image_init_array_start[];
extern constructor *const image_init_array_end[];

extern char **environ;
int main(int argc, char **argv, char **envp);

void program_start(void *unused)
{
	struct args args;

	(void)unused;
	if (args_parse(&args, boot_cmdline()))
		panic("not enough memory for the arguments");
	environ = args.envp;
	fd_set_standard(&console_file);
	for (constructor *const *c = image_init_array_start; c < image_init_array_end; c++)
		(*c)(args.argc, args.argv, environ);
	exit(main(args.argc, args.argv, environ));
}
