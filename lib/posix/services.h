// SPDX-License-Identifier: BSD-2-Clause
/*
 * services.h - the few services whose names programs use. No state, any thread.
 */
#pragma once
#include "lib/base/compiler.h"

/* service_port() - the port of a name or a decimal number, or -1. */
int service_port(const char *name, bool numeric_only);

/* service_name() - the name of a port, or NULL. */
const char *service_name(unsigned port);
