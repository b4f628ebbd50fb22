// SPDX-License-Identifier: BSD-2-Clause
#include "drivers/xen/hypercall.h"
#include <errno.h>
#include "arch/mmu.h"
#include "kernel/area.h"
#include "kernel/spinlock.h"

/* public/hvm/hvm_op.h */
#define HVMOP_SET_PARAM 0
#define HVMOP_GET_PARAM 1

/* public/memory.h */
#define XENMEM_ADD_TO_PHYSMAP 7

/* public/sched.h */
#define SCHEDOP_YIELD    0
#define SCHEDOP_SHUTDOWN 2

struct hvm_param {
	xen_domid_t domain;
	uint16_t pad;
	uint32_t index;
	uint64_t value;
};

struct add_to_physmap {
	xen_domid_t domain;
	uint16_t size; /* of other spaces than ours */
	uint32_t space;
	unsigned long index;
	unsigned long frame;
};

bool xen_is_guest;

bool xen_init(void)
{
	xen_is_guest = arch_xen_start();
	return xen_is_guest;
}

int xen_get_param(enum xen_param which, uint64_t *value)
{
	struct hvm_param p = { .domain = XEN_DOMID_SELF, .index = which };
	long ret = xen_hypercall(XEN_HVM_OP, HVMOP_GET_PARAM, &p, 0);

	if (ret == 0)
		*value = p.value;
	return (int)ret;
}

int xen_set_param(enum xen_param which, uint64_t value)
{
	struct hvm_param p = { .domain = XEN_DOMID_SELF, .index = which, .value = value };

	return (int)xen_hypercall(XEN_HVM_OP, HVMOP_SET_PARAM, &p, 0);
}

void *xen_map_frame(uint64_t frame)
{
	void *va;

	if (frame == 0 || frame >> (52 - PAGE_SHIFT))
		return NULL;
	va = area_alloc(1);
	if (va && mmu_map(va, frame << PAGE_SHIFT, 1, MMU_WRITE)) {
		area_free(va, 1);
		va = NULL;
	}
	return va;
}

int xen_map_space(enum xen_space space, unsigned long index, void *page)
{
	struct add_to_physmap a = { .domain = XEN_DOMID_SELF,
				    .space = space,
				    .index = index,
				    .frame = mmu_dma_addr(page) >> PAGE_SHIFT };

	return (int)xen_hypercall(XEN_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP, &a, 0);
}

struct xen_shared_info *xen_shared(void)
{
	static struct xen_shared_info *shared;
	unsigned long irqs = cpu_irq_save();
	void *page;

	if (!shared) {
		page = page_alloc(0);
		if (page && xen_map_space(XEN_SPACE_SHARED_INFO, 0, page)) {
			page_free(page, 0);
			page = NULL;
		}
		shared = page;
	}
	cpu_irq_restore(irqs);
	return shared;
}

void xen_yield(void)
{
	(void)xen_hypercall(XEN_SCHED_OP, SCHEDOP_YIELD, 0, 0);
}

void xen_shutdown(enum xen_shutdown reason)
{
	uint32_t arg = reason;

	(void)xen_hypercall(XEN_SCHED_OP, SCHEDOP_SHUTDOWN, &arg, 0);
}
