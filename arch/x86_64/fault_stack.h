// SPDX-License-Identifier: BSD-2-Clause
/* fault_stack.h - a stack of their own for page faults. Ref: Intel SDM vol. 3, 6.14.5. */
#pragma once
#include "lib/base/compiler.h"

struct trap_frame;

/* As fault_or_panic() in traps.c: the frame to go on with, or NULL: a page has come. */
typedef struct trap_frame *page_fault_handler(struct trap_frame *f, uintptr_t address);

/* What gets page faults, and where fault_set_hook() puts its own handler. */
extern page_fault_handler *trap_page_fault, **trap_mapping_fault;

/* fault_stack_start() - page faults go to the stack that ends at `top` from now on.
 * fault_stack_move() - while a fault is handled: the next one gets another part of it. */
void fault_stack_start(void *top);
void fault_stack_move(long bytes);
