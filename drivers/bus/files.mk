# SPDX-License-Identifier: BSD-2-Clause
src-y += drivers/bus/acpi.c
src-x86_64 += drivers/bus/acpi_dsdt.c
src-y += drivers/bus/pci.c
src-aarch64 += drivers/bus/pci_dt.c
src-aarch64 += drivers/bus/pci_ecam.c
src-y += drivers/bus/dt.c
src-aarch64 += drivers/bus/dt_virtio.c
