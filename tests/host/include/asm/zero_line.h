// SPDX-License-Identifier: BSD-2-Clause
/* asm/zero_line.h - a CPU with lines of 64 bytes. */
#pragma once

static inline unsigned cpu_zero_line_bytes(void)
{
	return 64;
}

static inline void cpu_zero_line(void *line)
{
	for (unsigned i = 0; i < 64; i++)
		((volatile char *)line)[i] = 0;
}
