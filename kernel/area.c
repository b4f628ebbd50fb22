// SPDX-License-Identifier: BSD-2-Clause
#include "kernel/area.h"
#include "arch/mmu.h"
#include "kernel/heap.h"
#include "kernel/spinlock.h"

#define AREA_BYTES (1UL << 40)

struct free_run {
	struct free_run *next;
	char *va;
	size_t npages;
};

uintptr_t area_base;
static uintptr_t area_used; /* bytes handed out for the first time, under lock */
static struct free_run *free_runs;
static struct spinlock lock;

static struct free_run *take_free_run(size_t npages)
{
	struct free_run **link, *run = NULL;
	irq_state_t s = spin_lock_irqsave(&lock);

	for (link = &free_runs; *link; link = &(*link)->next)
		if ((*link)->npages == npages) {
			run = *link;
			*link = run->next;
			break;
		}
	spin_unlock_irqrestore(&lock, s);
	return run;
}

void *area_alloc(size_t npages)
{
	struct free_run *run = take_free_run(npages);
	size_t bytes = (npages + 1) * PAGE_SIZE;
	char *va = NULL;
	irq_state_t s;

	if (run) {
		va = run->va;
		kfree(run);
		return va;
	}
	s = spin_lock_irqsave(&lock);
	if (npages < AREA_BYTES / PAGE_SIZE && bytes < AREA_BYTES - area_used) {
		va = (char *)area_base + area_used + PAGE_SIZE;
		area_used += bytes;
	}
	spin_unlock_irqrestore(&lock, s);
	return va;
}

/* Without memory to remember the run its addresses are lost, which hurts nobody: there are
 * 2^28 pages of them. */
void area_free(void *va, size_t npages)
{
	struct free_run *run = kalloc(sizeof(*run));
	irq_state_t s;

	if (!run)
		return;
	run->va = va;
	run->npages = npages;
	s = spin_lock_irqsave(&lock);
	run->next = free_runs;
	free_runs = run;
	spin_unlock_irqrestore(&lock, s);
}

void *area_alloc_pages(size_t npages)
{
	void *mem = page_alloc_exact(npages), *va;

	if (!mem)
		return NULL;
	va = area_alloc(npages);
	if (!va)
		goto free_mem;
	if (mmu_map(va, virt_to_phys(mem), npages, MMU_WRITE))
		goto free_area;
	return va;

free_area:
	mmu_unmap(va, npages);
	area_free(va, npages);
free_mem:
	page_free_exact(mem, npages);
	return NULL;
}

void area_free_pages(void *va, size_t npages)
{
	void *mem = phys_to_virt(mmu_dma_addr(va));

	mmu_unmap(va, npages);
	page_free_exact(mem, npages);
	area_free(va, npages);
}
