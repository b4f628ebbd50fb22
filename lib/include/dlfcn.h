// SPDX-License-Identifier: BSD-2-Clause
/*
 * dlfcn.h - loading code at run time (POSIX.1-2017, <dlfcn.h>), which there is none of: every call
 * fails, and dlerror() says why.
 */
#pragma once
#include <sys/cdefs.h>

#define RTLD_LAZY     1
#define RTLD_NOW      2
#define RTLD_NOLOAD   4
#define RTLD_DEEPBIND 8
#define RTLD_GLOBAL   0x100
#define RTLD_LOCAL    0
#define RTLD_NODELETE 0x1000

#define RTLD_DEFAULT ((void *)0)
#define RTLD_NEXT    ((void *)-1L)

typedef struct {
	const char *dli_fname;
	void *dli_fbase;
	const char *dli_sname;
	void *dli_saddr;
} Dl_info;

__BEGIN_DECLS

void *dlopen(const char *__file, int __mode);
void *dlsym(void *__restrict __handle, const char *__restrict __name);
int dlclose(void *__handle);
char *dlerror(void);
int dladdr(const void *__addr, Dl_info *__out);

__END_DECLS
