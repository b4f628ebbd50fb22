// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/xen/shutdown.h"
#include <errno.h>
#include <string.h>
#include "drivers/xen/hypercall.h"
#include "drivers/xen/xenstore.h"
#include "kernel/log.h"
#include "kernel/sealed.h"

static const char node[] = "control/shutdown";
static void (*SEALED on_press)(void);

/* The request is the node's text; emptying it says that it was understood. */
static void look(struct xenstore_watch *w UNIK_UNUSED)
{
	char asked[16];
	int len = xenstore_read(XENSTORE_NO_TX, node, NULL, asked, sizeof(asked));
	bool reboot = len > 0 && strcmp(asked, "reboot") == 0;

	if (len <= 0)
		return;
	if (!reboot && strcmp(asked, "poweroff") != 0 && strcmp(asked, "halt") != 0) {
		log_warn("xen: cannot %s", asked);
		return;
	}
	if (xenstore_write(XENSTORE_NO_TX, node, NULL, "%s", ""))
		log_warn("xen: %s is not acknowledged", asked);
	xen_exit_reboots = reboot;
	on_press();
}

int xen_watch_shutdown(void (*pressed)(void))
{
	static struct xenstore_watch watch = { .changed = look };

	sealed_set(&on_press, pressed);
	return xenstore_watch(&watch, node, NULL);
}
