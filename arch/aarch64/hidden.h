/* SPDX-License-Identifier: BSD-2-Clause
 *
 * Included before every C file of the library: all symbols lie in the image, so none is reached
 * through the global offset table, whose entries are wrong until the image has been relocated.
 * What a program may call has no other visibility; lib/exports decides that.
 */
#define UNIK_API
#pragma GCC visibility push(hidden)
