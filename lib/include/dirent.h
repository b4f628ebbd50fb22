// SPDX-License-Identifier: BSD-2-Clause
/*
 * dirent.h - reading directories (POSIX.1-2017, <dirent.h>).
 *
 * Threading: any thread; one DIR is for one thread at a time. Errors: NULL or -1 and errno;
 * readdir_r() returns the error.
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/types.h>

struct dirent {
	ino_t d_ino;
	unsigned char d_type;
	char d_name[256];
};

/* d_type: the file type bits of st_mode. */
#define DT_UNKNOWN 0
#define DT_FIFO    1
#define DT_CHR     2
#define DT_DIR     4
#define DT_BLK     6
#define DT_REG     8
#define DT_LNK     10
#define DT_SOCK    12

#define _DIRENT_HAVE_D_TYPE 1

#define IFTODT(mode) (((mode) >> 12) & 15)
#define DTTOIF(type) ((type) << 12)

__BEGIN_DECLS

typedef struct __unik_dir DIR;

DIR *opendir(const char *__path);
DIR *fdopendir(int __fd);
int closedir(DIR *__dir);
struct dirent *readdir(DIR *__dir);
int readdir_r(DIR *__dir, struct dirent *__entry, struct dirent **__out);
void rewinddir(DIR *__dir);
long telldir(DIR *__dir);
void seekdir(DIR *__dir, long __position);
int dirfd(DIR *__dir);
int scandir(const char *__path, struct dirent ***__out, int (*__filter)(const struct dirent *),
	    int (*__compare)(const struct dirent **, const struct dirent **));
int alphasort(const struct dirent **__a, const struct dirent **__b);

__END_DECLS
