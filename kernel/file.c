// SPDX-License-Identifier: BSD-2-Clause
#include "kernel/file.h"

void file_dispose(struct file *f)
{
	wait_queue_wake_all(&f->wait);
	f->ops->release(f);
}
