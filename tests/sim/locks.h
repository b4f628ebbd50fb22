// SPDX-License-Identifier: BSD-2-Clause
/* locks.h - locks_forget(): there are no locks in this memory any more. */
#pragma once
#include <stddef.h>

void locks_forget(const void *start, size_t len);
