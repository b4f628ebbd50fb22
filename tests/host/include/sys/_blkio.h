// SPDX-License-Identifier: BSD-2-Clause
/* The host has no such header: ours. */
#pragma once
#include "lib/include/sys/_blkio.h"
