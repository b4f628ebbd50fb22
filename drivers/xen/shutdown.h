// SPDX-License-Identifier: BSD-2-Clause
/*
 * shutdown.h - what the tool stack asks of a domain by the node control/shutdown ("xl shutdown",
 * "xl reboot"). Ref: docs/misc/xenstore-paths, "Domain Controlled Paths".
 *
 * "poweroff", "halt" and "reboot" are acknowledged and call pressed(), as the power button of a
 * computer; after "reboot" the machine's end, whatever the status, is a reboot. Others ("suspend",
 * "crash") are left unanswered, which the tool stack takes for a refusal after a minute, and are
 * said on the log.
 */
#pragma once

/* xen_watch_shutdown() - call pressed() in a thread, from now on. 0 or -errno. Once. */
int xen_watch_shutdown(void (*pressed)(void));
