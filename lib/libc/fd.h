// SPDX-License-Identifier: BSD-2-Clause
/*
 * fd.h - the table of descriptors.
 *
 * Threading: any thread. Errors: as each says; errno is not touched here.
 */
#pragma once
#include "kernel/file.h"

#define FD_MAX 65536 /* descriptors a program may have open at once */

/*
 * fd_alloc() - the lowest free descriptor for f, whose reference the table takes over.
 *
 * Returns the number; -EMFILE or -ENOMEM (the reference stays the caller's).
 */
int fd_alloc(struct file *f, bool close_on_exec) UNIK_MUST_CHECK;

/* fd_alloc_from() - the same, not below `min` (0..FD_MAX-1). */
int fd_alloc_from(struct file *f, int min, bool close_on_exec) UNIK_MUST_CHECK;

/*
 * fd_replace() - make fd refer to f, whose reference the table takes over; what fd referred to
 * before is closed. Nobody sees fd free in between.
 *
 * Returns fd; -EBADF out of range, -ENOMEM (the reference stays the caller's).
 */
int fd_replace(int fd, struct file *f, bool close_on_exec) UNIK_MUST_CHECK;

/* fd_has_room() - would fd_alloc() find a number within the limit just now? */
bool fd_has_room(void);

/* fd_limit(), fd_set_limit() - no descriptor from this number on is given out (1..FD_MAX). Those
 * that are open stay. */
unsigned fd_limit(void);
void fd_set_limit(unsigned limit);

/* fd_get() - the file of a descriptor with a reference for this call (file_put() it), or NULL. */
struct file *fd_get(int fd);

/* fd_close() - free the descriptor and drop the table's reference. Returns 0 or -EBADF. */
int fd_close(int fd);

/* fd_close_on_exec(), fd_set_close_on_exec() - the descriptor's own flag. There is no exec: it
 * is kept for the program to read. Return the flag or 0; -EBADF. */
int fd_close_on_exec(int fd);
int fd_set_close_on_exec(int fd, bool on);

/* fd_end() - no descriptor is open at or above this. */
unsigned fd_end(void);

/* fd_set_standard() - make 0, 1 and 2 refer to f, which has a reference for each. At start. */
void fd_set_standard(struct file *f);
