// SPDX-License-Identifier: BSD-2-Clause
/*
 * exit.c - the ways in which a program ends the machine.
 *
 * exit() must run what atexit() registered and flush the streams, but a program without atexit()
 * or streams shall contain neither. The references to newlib's halves of the job are weak: they
 * are there when something else has pulled them in.
 */
#include <assert.h>
#include <reent.h>
#include <stdlib.h>
#include <unistd.h>
#include "arch/boot.h"
#include "kernel/panic.h"
#include "kernel/sealed.h"
#include "lib/base/compiler.h"
#include "lib/libc/exit.h"

void __call_exitprocs(int status, void *dso) UNIK_WEAK; /* newlib, with atexit() */
#pragma weak _global_impure_ptr                         /* newlib, with streams */

/* From linker.ld. */
extern void (*const image_fini_array_start[])(void);
extern void (*const image_fini_array_end[])(void);

void (*SEALED posix_at_end)(void);

UNIK_API void _exit(int status)
{
	if (posix_at_end)
		posix_at_end();
	machine_exit(status & 0xff); /* what POSIX lets a parent see */
}

UNIK_API void exit(int status)
{
	if (__call_exitprocs)
		__call_exitprocs(status, NULL);
	for (void (*const *fini)(void) = image_fini_array_end; fini > image_fini_array_start;)
		(*--fini)();
	if (&_global_impure_ptr && _GLOBAL_REENT->__cleanup)
		_GLOBAL_REENT->__cleanup(_GLOBAL_REENT);
	_exit(status);
}

void (*SEALED posix_abort)(void);

UNIK_API void abort(void)
{
	if (posix_abort)
		posix_abort();
	panic("abort() called");
}

UNIK_API void __assert_func(const char *file, int line, const char *function, const char *expr)
{
	panic("assertion failed: %s, file %s, line %d, %s", expr, file, line,
	      function ? function : "?");
}
