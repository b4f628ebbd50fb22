// SPDX-License-Identifier: BSD-2-Clause
/*
 * virtio_console.h - the first port of the first virtio console, as a struct console.
 *
 * It needs memory and a mapped device, so its probe() is for after the start of the page
 * allocator: a second console, not the one for the first words.
 */
#pragma once
#include "drivers/console.h"

extern const struct console virtio_console;
