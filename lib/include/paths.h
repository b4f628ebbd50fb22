// SPDX-License-Identifier: BSD-2-Clause
/*
 * paths.h - where things are, or would be.
 */
#pragma once
#include_next <paths.h>

#define _PATH_CONSOLE "/dev/console"
#define _PATH_DEFPATH "/bin"
#define _PATH_STDPATH "/bin"
#define _PATH_TTY     "/dev/tty"
#define _PATH_TMP     "/tmp/"
#define _PATH_VARRUN  "/run/"
#define _PATH_VARTMP  "/tmp/"
#define _PATH_UNIX    "/"
