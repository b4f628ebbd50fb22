// SPDX-License-Identifier: BSD-2-Clause
#include "lib/fs/block_range.h"

void block_ranges_init(struct block_ranges *s)
{
	mutex_init(&s->lock);
	list_init(&s->all);
	wait_queue_init(&s->wait);
}

/* Is everybody gone who came before r and overlaps it? */
static bool is_first(struct block_ranges *s, const struct block_range *r)
{
	const struct block_range *other;
	bool first = true;

	mutex_lock(&s->lock);
	for (struct list *l = s->all.next; l != &r->node; l = l->next) {
		other = list_entry(l, struct block_range, node);
		if (other->first <= r->last && r->first <= other->last)
			first = false;
	}
	mutex_unlock(&s->lock);
	return first;
}

void block_range_lock(struct block_ranges *s, struct block_range *r)
{
	mutex_lock(&s->lock);
	list_push_back(&s->all, &r->node);
	mutex_unlock(&s->lock);
	wait_event(&s->wait, is_first(s, r));
}

void block_range_unlock(struct block_ranges *s, struct block_range *r)
{
	mutex_lock(&s->lock);
	list_remove(&r->node);
	mutex_unlock(&s->lock);
	wait_queue_wake_all(&s->wait);
}
