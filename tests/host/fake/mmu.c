// SPDX-License-Identifier: BSD-2-Clause
#include "arch/mmu.h"
#include "tests/host/fake/fake.h"

uintptr_t mmu_direct_base;
void *(*fake_map_device)(paddr_t pa, size_t len);

paddr_t mmu_dma_addr(const void *p)
{
	return virt_to_phys(p);
}

void *mmu_map_device(paddr_t pa, size_t len)
{
	return fake_map_device ? fake_map_device(pa, len) : phys_to_virt(pa);
}

const void *mmu_map_firmware(paddr_t pa, size_t len)
{
	return mmu_map_device(pa, len);
}
