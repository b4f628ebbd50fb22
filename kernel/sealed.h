// SPDX-License-Identifier: BSD-2-Clause
/*
 * sealed.h - pointers to functions, or to tables of them, that are chosen while the program runs:
 * hooks, and the drivers that were found. They lie among the read-only data, so that a stray write
 * is a fault; sealed_set() opens their page for the one store.
 *
 * For what is set once or seldom: a store costs two TLB entries. What comes and goes by the
 * connection (callbacks, timers, interrupt handlers) is in the objects that it belongs to.
 *
 * ARCH=host: the pointers can be written.
 */
#pragma once
#include "lib/base/compiler.h"

/* Before the name of a variable of the size of a pointer, or of an array of such. */
#define SEALED __attribute__((section(".sealed")))

/* sealed_set() - *pointer = value, if it is not so already. Context: any, the final page tables are
 * in use. */
#define sealed_set(pointer, value)                                         \
	do {                                                               \
		typeof(*(pointer)) value_ = (value);                       \
		sealed_write((uintptr_t *)(pointer), (uintptr_t)(value_)); \
	} while (0)

/* sealed_write() - the same for a word. One that is not SEALED is a panic. */
void sealed_write(uintptr_t *word, uintptr_t value);
