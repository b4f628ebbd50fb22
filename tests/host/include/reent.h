// SPDX-License-Identifier: BSD-2-Clause
/* reent.h on the host, where newlib is not: enough to declare functions that take one. */
#pragma once

struct _reent;
