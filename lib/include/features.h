// SPDX-License-Identifier: BSD-2-Clause
/*
 * features.h - which parts of the headers are seen: <sys/features.h>. For programs that ask the
 * version of a C library that this is not, it is none.
 */
#pragma once
#include <sys/features.h>

#ifndef __GLIBC_PREREQ
#define __GLIBC_PREREQ(major, minor) 0
#endif
