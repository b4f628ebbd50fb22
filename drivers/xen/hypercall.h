// SPDX-License-Identifier: BSD-2-Clause
/*
 * hypercall.h - being a guest of Xen: whether we are, and the calls that everybody here makes.
 *
 * Ref: Xen's public headers, cited as public/NAME.h: the ABI. Structures here are written from
 * them in our own form; a comment names the source.
 *
 * Threading: any context unless said otherwise. Errors: -errno.
 */
#pragma once
#include "arch/xen.h"
#include "kernel/page.h"

typedef uint16_t xen_domid_t;
#define XEN_DOMID_SELF 0x7ff0 /* public/xen.h, DOMID_SELF */

/* Hypercall numbers, public/xen.h. */
enum xen_call {
	XEN_MEMORY_OP = 12,
	XEN_VERSION = 17,
	XEN_CONSOLE_IO = 18,
	XEN_GRANT_TABLE_OP = 20,
	XEN_VCPU_OP = 24,
	XEN_SCHED_OP = 29,
	XEN_EVENT_CHANNEL_OP = 32,
	XEN_HVM_OP = 34,
};

/* xen_init() - find out, at boot. Returns what xen_present() says from then on. */
bool xen_init(void);

/* xen_present() - is this machine a guest of Xen? */
static inline bool xen_present(void)
{
	return unlikely(xen_is_guest);
}

/* xen_hypercall() - with up to three arguments; a pointer goes as its address. */
#define xen_hypercall(number, a, b, c) \
	arch_xen_hypercall(number, (unsigned long)(a), (unsigned long)(b), (unsigned long)(c))

/* Parameters of the domain, public/hvm/params.h. */
enum xen_param {
	XEN_PARAM_CALLBACK_IRQ = 0,
	XEN_PARAM_STORE_PFN = 1,
	XEN_PARAM_STORE_PORT = 2,
	XEN_PARAM_CONSOLE_PFN = 17,
	XEN_PARAM_CONSOLE_PORT = 18,
};

/* xen_get_param() - 0 and *value; -errno. xen_set_param() - 0 or -errno. */
int xen_get_param(enum xen_param which, uint64_t *value) UNIK_MUST_CHECK;
int xen_set_param(enum xen_param which, uint64_t value) UNIK_MUST_CHECK;

/*
 * xen_map_frame() - a frame that Xen has put into this machine's memory, and that is not RAM of
 *                   the memory map (rings of the console and of XenStore), read-write and cached.
 *
 * Returns its address, NULL without memory. For good. Context: thread or boot.
 */
void *xen_map_frame(uint64_t frame) UNIK_MUST_CHECK;

/* What xen_map_space() can show, public/memory.h. */
enum xen_space {
	XEN_SPACE_SHARED_INFO = 0,
	XEN_SPACE_GRANT_TABLE = 1,
};

/*
 * xen_map_space() - a page of Xen's own in place of one of ours, whose memory goes back to Xen.
 *
 * space, index   which page
 * page           from page_alloc(); keeps its address; never to be freed
 *
 * Returns 0 or -errno (then the page is as it was).
 */
int xen_map_space(enum xen_space space, unsigned long index, void *page) UNIK_MUST_CHECK;

/* xen_shared() - the page that Xen and this machine share; NULL: no memory. Context: any. */
struct xen_shared_info *xen_shared(void);

/* xen_yield() - let others have the CPU for a moment: in a loop that looks for a peer's answer
 * where sleeping is not possible. */
void xen_yield(void);

/* Why a machine ends, public/sched.h. */
enum xen_shutdown { XEN_SHUTDOWN_POWEROFF = 0, XEN_SHUTDOWN_REBOOT = 1, XEN_SHUTDOWN_CRASH = 3 };
/* xen_shutdown() - end the machine so; returns only when Xen refuses. */
void xen_shutdown(enum xen_shutdown reason);

/*
 * xen_exit() - end the machine with a status: it goes to XenStore as data/exit-status and the
 *              domain powers off; after a panic (PANIC_STATUS) it counts as crashed. What is on
 *              the way to the console is waited for, a second or two.
 *
 * Returns only when this is not Xen. Context: any, interrupts off.
 */
void xen_exit(int status);

/* xen_exit_reboots - the machine is to start again after xen_exit(), unless it crashed. */
extern bool xen_exit_reboots;
