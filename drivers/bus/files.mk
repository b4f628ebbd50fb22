# SPDX-License-Identifier: BSD-2-Clause
src-y += drivers/bus/acpi.c
src-y += drivers/bus/acpi_dsdt.c
src-y += drivers/bus/pci.c
cold-y += drivers/bus/acpi.c
cold-y += drivers/bus/acpi_dsdt.c
cold-y += drivers/bus/pci.c
