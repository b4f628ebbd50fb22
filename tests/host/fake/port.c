// SPDX-License-Identifier: BSD-2-Clause
#include <asm/port.h>

uint32_t (*fake_port_in)(uint16_t port, unsigned nbytes);
void (*fake_port_out)(uint16_t port, unsigned nbytes, uint32_t value);
