// SPDX-License-Identifier: BSD-2-Clause
/*
 * stack.h - the porting contract, part 10: large stacks that get their pages on first touch.
 *
 * A program that chooses how large its threads' stacks are often asks for megabytes and uses a few
 * pages. Only the top of such a stack has memory from the beginning. The rest is promised, as an
 * anonymous mapping is; a touch that finds no memory ends the program with a panic that says so.
 * Small stacks have all their memory from the beginning.
 */
#pragma once

/*
 * stack_promise_start() - from now on do so for the stacks of new threads, by thread_stack_alloc in
 * kernel/thread.h; or nothing, where the architecture has no way to. Later calls do nothing.
 * Context: thread.
 */
void stack_promise_start(void);
