// SPDX-License-Identifier: BSD-2-Clause
/*
 * sys/personality.h - there is one: personality() is EINVAL for any other than PER_LINUX, and for
 * the question (0xffffffff) returns that.
 */
#pragma once
#include <sys/cdefs.h>

#define PER_LINUX         0x0000
#define ADDR_NO_RANDOMIZE 0x0040000

__BEGIN_DECLS

int personality(unsigned long __persona);

__END_DECLS
