// SPDX-License-Identifier: BSD-2-Clause
#include "lib/fs/parts.h"

static int start(void)
{
	return 0;
}

FS_PART(generated, start);
