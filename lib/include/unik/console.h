// SPDX-License-Identifier: BSD-2-Clause
/*
 * unik/console.h - consoles beside the one that standard input and output are.
 *
 * Bytes go through as they are: no lines, no echo. What is read has left the device.
 *
 * Threading: any thread. Errors: errno.
 */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/*
 * unik_console_open() - a descriptor for a console of the machine, for read(), write(), poll().
 *
 * name    "hvc0": the first virtio console
 * flags   O_RDWR, with O_NONBLOCK if wanted
 *
 * Returns the descriptor. Errors: ENODEV the machine has none; EBUSY it is open already; EMFILE,
 * ENOMEM. Ref: virtio 1.2, 5.3.
 */
int unik_console_open(const char *name, int flags);

#ifdef __cplusplus
}
#endif
