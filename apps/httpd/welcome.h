// SPDX-License-Identifier: BSD-2-Clause
/*
 * The page that is there when no file is: "/" without an index.html, and "/bench.html".
 *
 * It has 612 bytes, which is what web servers are commonly measured with.
 */
#pragma once

enum { WELCOME_BYTES = 612 };

extern const char welcome_page[WELCOME_BYTES + 1];
