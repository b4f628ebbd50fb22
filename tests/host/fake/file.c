// SPDX-License-Identifier: BSD-2-Clause
/* The real one: every test with files has it. */
#include "kernel/file.c"
