// SPDX-License-Identifier: BSD-2-Clause
/* lib/base/list.h. */
#include "lib/base/list.h"
#include "tests/host/fake/fake.h"

struct item {
	int value;
	struct list node;
};

static struct list head = LIST_INIT(head);

static void expect(const char *text)
{
	char got[32] = "", back[32] = "";
	size_t n = 0, len = strlen(text);

	list_for_each (it, &head)
		got[n++] = '0' + list_entry(it, struct item, node)->value;
	CHECK_STR(got, text);
	n = 0;
	for (struct list *it = head.prev; it != &head; it = it->prev)
		back[len - ++n] = '0' + list_entry(it, struct item, node)->value;
	CHECK_STR(back, text);
}

static void test_order(void)
{
	struct item a = { .value = 1 }, b = { .value = 2 }, c = { .value = 3 };

	list_init(&head);
	CHECK(list_empty(&head));
	CHECK(list_pop_front(&head) == NULL);
	list_push_back(&head, &b.node);
	list_push_back(&head, &c.node);
	list_push_front(&head, &a.node);
	CHECK(!list_empty(&head));
	expect("123");
	list_remove(&b.node);
	expect("13");
	list_remove(&b.node); /* harmless */
	expect("13");
	list_insert_between(&b.node, &a.node, &c.node);
	expect("123");
	CHECK(list_pop_front(&head) == &a.node);
	expect("23");
	list_remove(&c.node);
	list_remove(&b.node);
	CHECK(list_empty(&head));
	expect("");
}

static void test_remove_while_walking(void)
{
	struct item items[9];

	list_init(&head);
	for (int i = 0; i < 9; i++) {
		items[i].value = i;
		list_push_back(&head, &items[i].node);
	}
	list_for_each_safe (it, &head)
		if (list_entry(it, struct item, node)->value % 2)
			list_remove(it);
	expect("02468");
	list_for_each_safe (it, &head)
		list_remove(it);
	expect("");
}

int main(void)
{
	RUN(test_order);
	RUN(test_remove_while_walking);
	return check_done();
}
