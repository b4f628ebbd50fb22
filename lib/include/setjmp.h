// SPDX-License-Identifier: BSD-2-Clause
/*
 * setjmp.h - newlib's, and jumps that restore the signal mask (POSIX.1-2017, <setjmp.h>).
 */
#ifndef _UNIK_SETJMP_H
#define _UNIK_SETJMP_H
#include_next <setjmp.h>
#include <sys/_sigset.h>
#include <sys/cdefs.h>

__BEGIN_DECLS

typedef struct {
	jmp_buf __registers;
	int __has_mask;
	__sigset_t __mask;
} sigjmp_buf[1];

/* __unik_save_mask() - keep the caller's mask in env, or note that there is none. */
void __unik_save_mask(sigjmp_buf __env, int __save);
#define sigsetjmp(env, save) (__unik_save_mask((env), (save)), setjmp((env)[0].__registers))
void siglongjmp(sigjmp_buf __env, int __value) __attribute__((__noreturn__));

#define _setjmp(env) setjmp(env)
void _longjmp(jmp_buf __env, int __value) __attribute__((__noreturn__));

__END_DECLS
#endif
