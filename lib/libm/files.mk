# SPDX-License-Identifier: BSD-2-Clause
# Functions of long double that newlib lacks: members of libunik.a, compiled as programs are, for
# they use the FPU.
float-y += lib/libm/elementary.c
float-y += lib/libm/exact.c
float-y += $(wildcard lib/libm/$(CPU)/strtold.c)
float-y += lib/libm/$(CPU)/kernel.c
