// SPDX-License-Identifier: BSD-2-Clause
/*
 * socket_name.h - paths that sockets are bound to. They are a table of the sockets'
 * (lib/posix/unix_socket.c), which is in an image only when a program uses it: unlink() asks it
 * through this word.
 */
#pragma once

/* fs_unlink_socket() - remove the name; 0, or -ENOENT when it is no socket's. NULL: there are no
 * sockets with paths. */
extern int (*fs_unlink_socket)(const char *path);
