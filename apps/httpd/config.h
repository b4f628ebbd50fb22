// SPDX-License-Identifier: BSD-2-Clause
/*
 * What the command line says. Written once by main(), read by everything else.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct config {
	const char *root; /* directory to serve, without a '/' at its end */
	uint16_t port;
	bool log_requests;
	uint32_t idle_s; /* how long a connection may be silent, or take for a request */
	unsigned int max_connections;
};

extern struct config config;
