// SPDX-License-Identifier: BSD-2-Clause
/*
 * platform.h - the device by which an HVM guest tells its device model that it has drivers of Xen's
 * own ("xen platform", PCI 5853:0001). Until then the guest has each disk and interface twice: once
 * as Xen's, once imitated. In drivers/pc/xen_platform.c; elsewhere there are no such guests.
 *
 * Ref: Xen's docs/misc/hvm-emulated-unplug.
 *
 * Threading: threads, while devices are looked for.
 */
#pragma once
#include "drivers/xen/hypercall.h"

/* What can be taken away; CD drives stay. */
enum xen_unplug { XEN_UNPLUG_DISKS = 1, XEN_UNPLUG_NICS = 2 };

/*
 * xen_platform_start() - before XenStore is asked for devices: where Xen is too old to interrupt
 *                        by a vector (before 4.1), events will come by the device's line.
 */
void xen_platform_start(void);

/*
 * xen_platform_unplug() - take the imitated devices of these kinds away, because Xen's are to be
 *                         used; before anybody looks at PCI for devices of the class.
 *
 * Returns 0, also in a PVH guest, where nothing is imitated; -ENODEV a PC without the platform
 * device, by which its owner says that Xen's devices are not to be used (xen_platform_pci = 0);
 * -EPERM the device model does not want them to be used by us; -EPROTO it speaks of things that we
 * do not know. Then nothing has been taken away. Only for guests of Xen.
 */
int xen_platform_unplug(unsigned kinds) UNIK_MUST_CHECK;
