// SPDX-License-Identifier: BSD-2-Clause
#include "lib/fs/device.h"

const struct device *const dev_table[] = {
	&device_console, &device_full, &device_null,    &device_random,
	&device_tty,     &device_zero, &device_urandom,
};
const size_t dev_table_len = ARRAY_SIZE(dev_table);
