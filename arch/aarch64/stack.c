// SPDX-License-Identifier: BSD-2-Clause
/*
 * stack.c - stacks have all their memory from the beginning here: the interrupt entry writes to the
 * thread's stack with the interrupted state still in the CPU's registers, which a fault there would
 * overwrite.
 */
#include "arch/stack.h"

void stack_promise_start(void)
{
}
