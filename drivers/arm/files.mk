# SPDX-License-Identifier: BSD-2-Clause
src-aarch64 += drivers/arm/buses.c
src-aarch64 += drivers/arm/clocks.c
src-aarch64 += drivers/arm/consoles.c
src-aarch64 += drivers/arm/pl011.c
src-aarch64 += drivers/arm/pl031.c
