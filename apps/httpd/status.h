// SPDX-License-Identifier: BSD-2-Clause
/*
 * The page that tells how the server is doing: /status, and /status.json for programs.
 *
 * Model: written anew for each request from the counters in stats.h.
 * Units: seconds, bytes. Memory is 0 where it is not known.
 * Threads: the event loop's only.
 * Errors: what does not fit is cut off; it fits.
 */
#pragma once

#include "text.h"

/* status_write_html() - the page, with its figures already in it. */
void status_write_html(struct text *t);

/*
 * status_write_json() - the figures.
 *
 * {"uptime_s", "memory_total_bytes", "memory_free_bytes", "connections", "connections_peak",
 * "connections_max", "accepted", "requests", "refused", "sent_bytes", "rps": [60 numbers, the
 * latest last], "bps": [likewise, bytes per second]}
 */
void status_write_json(struct text *t);
