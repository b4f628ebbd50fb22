// SPDX-License-Identifier: BSD-2-Clause
/*
 * xen.c - calls of Xen. Ref: public/arch-arm.h, "Hypercall Calling Convention". The rest of the
 * contract in arch/xen.h is drivers/arm/xen.c.
 */
#include "arch/xen.h"

/* Xen may overwrite x16 and the registers of the arguments. */
long arch_xen_hypercall(unsigned number, unsigned long a, unsigned long b, unsigned long c)
{
	register unsigned long x0 __asm__("x0") = a;
	register unsigned long x1 __asm__("x1") = b;
	register unsigned long x2 __asm__("x2") = c;
	register unsigned long x16 __asm__("x16") = number;

	__asm__ volatile("hvc #0xea1" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x16)::"memory");
	return (long)x0;
}
