// SPDX-License-Identifier: BSD-2-Clause
#include "kernel/file.h"

void file_dispose(struct file *f)
{
	wait_queue_wake(&f->wait, true);
	f->ops->release(f);
}
