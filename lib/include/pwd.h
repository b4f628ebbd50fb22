// SPDX-License-Identifier: BSD-2-Clause
/*
 * pwd.h - newlib's, with what it lacks. Users are those of /etc/passwd in the image's files, and
 * root and nobody where there is none.
 */
#pragma once
#include_next <pwd.h>
