// SPDX-License-Identifier: BSD-2-Clause
/*
 * cmdline.h - words of a command line.
 *
 * Words are separated by blanks. Between '...' nothing is special; between "..." and outside of
 * quotes a backslash takes the next character as it is. Quotes may stand inside of a word and
 * make an empty word possible. What a loader passes is not trusted: an open quote ends with the
 * line.
 *
 * No state, no allocation. Any context, also before relocation.
 */
#pragma once
#include "lib/base/compiler.h"

/*
 * cmdline_word() - the next word.
 *
 * at     where to go on; moved behind the word
 * out    the word without its quotes, terminated, cut at size
 * size   >= 1; one more than the rest of the line is always enough
 *
 * Returns whether there was a word.
 */
bool cmdline_word(const char **at, char *out, size_t size);
