// SPDX-License-Identifier: BSD-2-Clause
/*
 * sync.h - what sync() has to see to.
 *
 * Threading: set before it can be called. Errors: none that sync() could tell.
 */
#pragma once

/* fs_sync_devices() - flush all devices; NULL while there are none. */
extern int (*fs_sync_devices)(void);
