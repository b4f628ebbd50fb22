// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/sendfile.h - from a file to a socket, or any other descriptor.
 *
 * Threading: any thread. Errors: -1 and errno.
 */
#pragma once
#include <sys/cdefs.h>
#include <sys/types.h>

__BEGIN_DECLS

/*
 * sendfile() - write up to `len` bytes of `in` to `out`.
 *
 * at   where to begin; moved behind what was written, and the file's offset stays. NULL: at the
 *      file's offset, which is moved
 *
 * Returns the bytes written, less when `out` does not wait or the file ends; EINVAL `in` has no
 * offsets.
 */
ssize_t sendfile(int __out, int __in, off_t *__at, size_t __len);

__END_DECLS
