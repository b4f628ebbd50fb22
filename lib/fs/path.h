// SPDX-License-Identifier: BSD-2-Clause
/*
 * path.h - path names as text: the absolute form without ".", ".." and doubled slashes.
 *
 * For names that are only compared: ".." is resolved in the text, symbolic links are not known
 * here. lib/fs/walk.c finds files.
 *
 * No state, no allocation, any context. Errors: -errno.
 */
#pragma once
#include "lib/base/compiler.h"

/*
 * path_normalise() - the absolute, shortest form of path.
 *
 * out       "/" or "/a/b", terminated
 * size      of out [bytes]
 * cwd       what a relative path starts from; in normal form
 * path      as the program gave it
 *
 * Returns the length of out; -ENOENT path is empty; -ENAMETOOLONG it or a component is too long.
 */
int path_normalise(char *out, size_t size, const char *cwd, const char *path) UNIK_MUST_CHECK;

/* path_wants_directory() - does path end in a slash, "." or ".."? Then it names a directory. */
bool path_wants_directory(const char *path);
