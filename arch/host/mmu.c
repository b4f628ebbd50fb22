// SPDX-License-Identifier: BSD-2-Clause
/*
 * mmu.c - address translation by the host: RAM is a file in memory, a page of it can be mapped at
 * any number of addresses.
 */
#include "arch/mmu.h"
#include <errno.h>
#include "arch/fault.h"
#include "arch/host/machine.h"
#include "arch/stack.h"
#include "kernel/area.h"
#include "kernel/panic.h"
#include <asm/pagetable.h>

uintptr_t mmu_direct_base;
uint64_t *pagetable_root;
struct spinlock pagetable_lock;

void __asan_unpoison_memory_region(const void *p, size_t len) UNIK_WEAK;

static uint64_t *table_below(uint64_t *entry, bool make)
{
	if (!*entry) {
		void *table = make ? page_alloc(0) : NULL;

		if (!table)
			return NULL;
		__builtin_memset(table, 0, PAGE_SIZE);
		*entry = virt_to_phys(table) | PTE_PRESENT | PTE_WRITE;
	}
	return phys_to_virt(*entry & PTE_ADDRESS);
}

static uint64_t *entry_of(uintptr_t va, bool make)
{
	uint64_t *table = pagetable_root;

	for (unsigned level = 4; table && level > 1; level--)
		table = table_below(&table[va >> LEVEL_SHIFT(level) & 511], make);
	return table ? &table[va >> PAGE_SHIFT & 511] : NULL;
}

uint64_t *pagetable_entry(uintptr_t va)
{
	return entry_of(va, true);
}

uint64_t pagetable_flags(unsigned flags)
{
	return PTE_PRESENT | (flags & MMU_WRITE ? PTE_WRITE : 0) | (flags & MMU_EXEC ? 0 : PTE_NX);
}

void pagetable_init(void)
{
	pagetable_root = page_alloc(0);
	if (!pagetable_root)
		panic("no memory for page tables");
	__builtin_memset(pagetable_root, 0, PAGE_SIZE);
}

static unsigned rights_of(uint64_t entry)
{
	return HOST_MAP_READ | (entry & PTE_WRITE ? HOST_MAP_WRITE : 0) |
	       (entry & PTE_NX ? 0 : HOST_MAP_EXEC);
}

static int map_by_host(uintptr_t va, paddr_t pa, size_t npages, unsigned rights)
{
	return host_machine->ops->map(host_machine->host, va, pa, npages * PAGE_SIZE, rights);
}

void pagetable_invalidate(uintptr_t va)
{
	(void)map_by_host(va, 0, 1, 0);
}

bool pagetable_fill(uintptr_t va, unsigned access, bool *known)
{
	uint64_t *at = va < MMU_USER_END ? entry_of(va, false) : NULL, entry = at ? *at : 0;
	unsigned want = access & FAULT_WRITE  ? HOST_MAP_WRITE
			: access & FAULT_EXEC ? HOST_MAP_EXEC
					      : HOST_MAP_READ;

	*known = entry & PTE_PRESENT;
	if (!*known || !(rights_of(entry) & want))
		return false;
	return map_by_host(ALIGN_DOWN(va, PAGE_SIZE), entry & PTE_ADDRESS, 1, rights_of(entry)) ==
	       0;
}

/* What was at these addresses before may have left marks. */
static void forget_marks(void *va, size_t npages)
{
	if (__asan_unpoison_memory_region)
		__asan_unpoison_memory_region(va, npages * PAGE_SIZE);
}

static void unmap_locked(uintptr_t va, size_t npages)
{
	for (; npages-- > 0; va += PAGE_SIZE) {
		uint64_t *entry = entry_of(va, false);

		if (entry && *entry) {
			*entry = 0;
			pagetable_invalidate(va);
		}
	}
}

int mmu_map(void *va, paddr_t pa, size_t npages, unsigned flags)
{
	uint64_t bits = pagetable_flags(flags), *entry;
	irq_state_t s = spin_lock_irqsave(&pagetable_lock);
	int ret = map_by_host((uintptr_t)va, pa, npages, rights_of(bits));

	for (size_t i = 0; ret == 0 && i < npages; i++) {
		entry = pagetable_entry((uintptr_t)va + i * PAGE_SIZE);
		if (entry)
			*entry = (pa + i * PAGE_SIZE) | bits;
		else
			ret = -1;
	}
	if (ret == 0)
		forget_marks(va, npages);
	spin_unlock_irqrestore(&pagetable_lock, s);
	return ret ? -ENOMEM : 0;
}

void mmu_unmap(void *va, size_t npages)
{
	irq_state_t s = spin_lock_irqsave(&pagetable_lock);

	unmap_locked((uintptr_t)va, npages);
	spin_unlock_irqrestore(&pagetable_lock, s);
}

/* Only what lies in RAM has such an address: there are no devices. */
paddr_t mmu_dma_addr(const void *p)
{
	uintptr_t va = (uintptr_t)p;
	uint64_t *entry;

	if (page_is_ram(p))
		return virt_to_phys(p);
	entry = va < MMU_USER_END ? entry_of(va, false) : NULL;
	return entry && *entry ? (*entry & PTE_ADDRESS) | (va & (PAGE_SIZE - 1)) : 0;
}

/* A signal cannot put its frame on a stack without memory. */
void stack_promise_start(void)
{
}

void *mmu_map_device(paddr_t pa UNIK_UNUSED, size_t len UNIK_UNUSED)
{
	return NULL;
}

const void *mmu_map_firmware(paddr_t pa UNIK_UNUSED, size_t len UNIK_UNUSED)
{
	return NULL;
}

void mmu_write_sealed(uintptr_t *word, uintptr_t value)
{
	*word = value;
}
