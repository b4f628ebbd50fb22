# SPDX-License-Identifier: BSD-2-Clause
src-host += drivers/host/clocks.c
src-host += drivers/host/console.c
src-host += drivers/host/disk.c
src-host += drivers/host/drivers.c
src-host += drivers/host/exit.c
src-host += drivers/host/net.c
