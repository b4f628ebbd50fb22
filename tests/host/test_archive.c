// SPDX-License-Identifier: BSD-2-Clause
/* lib/fs/archive.c: good archives, and every way to be bad. */
// link: lib/fs/archive.c
#include <errno.h>
#include <sys/stat.h>
#include "lib/fs/archive.h"
#include "tests/host/fake/fake.h"

static uint8_t image[65536];
static size_t image_len;

static void pad(void)
{
	while (image_len % 4)
		image[image_len++] = 0;
}

static void add_links(const char *name, unsigned mode, const char *data, unsigned ino,
		      unsigned nlink)
{
	size_t size = strlen(data), name_bytes = strlen(name) + 1;

	image_len += (size_t)sprintf((char *)&image[image_len],
				     "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
				     ino, mode, 0, 0, nlink, 1234, (unsigned)size, 0, 0, 0, 0,
				     (unsigned)name_bytes, 0);
	memcpy(&image[image_len], name, name_bytes);
	image_len += name_bytes;
	pad();
	memcpy(&image[image_len], data, size);
	image_len += size;
	pad();
}

static void add(const char *name, unsigned mode, const char *data)
{
	add_links(name, mode, data, 1, 1);
}

static void add_end(void)
{
	add("TRAILER!!!", 0, "");
}

static void start_image(void)
{
	image_len = 0;
}

/* Read the first len bytes, from memory that ends with them. */
static int read_image(struct archive *a, size_t len)
{
	static uint8_t *copy; /* the tree points into it until the next call */

	free(copy);
	copy = malloc(len ? len : 1);
	memcpy(copy, image, len);
	return archive_add(a, copy, len);
}

static struct archive_node *find(const struct archive *a, const char *path)
{
	const struct archive_node *n = &a->root;

	while (n && *path) {
		size_t len = strcspn(path, "/");

		n = archive_lookup(a, n, path, len);
		path += len + (path[len] == '/');
	}
	return (struct archive_node *)n;
}

/* Touch everything that the tree says is there. Returns how many nodes. */
static unsigned walk(const struct archive_node *dir, unsigned depth)
{
	unsigned n = 1, sum = 0;

	if (depth > 100)
		return 0;
	for (uint32_t i = 0; i < dir->size; i++)
		sum += dir->data[i];
	for (uint32_t i = 0; i < dir->name_len; i++)
		sum += (unsigned char)dir->name[i];
	for (const struct archive_node *c = dir->child; c; c = c->next) {
		CHECK(c->parent == dir);
		n += walk(c, depth + 1);
	}
	return n + (sum == UINT32_MAX);
}

static void check_file(const struct archive *a, const char *path, const char *data)
{
	struct archive_node *n = find(a, path);

	CHECK(n != NULL);
	if (!n)
		return;
	CHECK(S_ISREG(n->vnode.mode));
	CHECK_EQ(n->size, strlen(data));
	CHECK_EQ(memcmp(n->data, data, n->size), 0);
}

static void make_good(void)
{
	start_image();
	add(".", S_IFDIR | 0755, "");
	add("./a", S_IFREG | 0644, "content of a");
	add("dir", S_IFDIR | 0700, "");
	add("dir/b", S_IFREG | 0755, "b");
	add("implied/deep/c", S_IFREG | 0644, "cc");
	add("/abs", S_IFREG | 0644, "");
	add_end();
}

static void test_good(void)
{
	struct archive a;

	make_good();
	CHECK(archive_is(image, image_len));
	CHECK_EQ(archive_init(&a, NULL), 0);
	CHECK_EQ(read_image(&a, image_len), 0);
	check_file(&a, "a", "content of a");
	check_file(&a, "dir/b", "b");
	check_file(&a, "implied/deep/c", "cc");
	check_file(&a, "abs", "");
	CHECK_EQ(find(&a, "dir")->vnode.mode, S_IFDIR | 0700);
	CHECK_EQ(find(&a, "implied")->vnode.mode, S_IFDIR | 0755);
	CHECK_EQ(find(&a, "a")->mtime_s, 1234);
	CHECK(find(&a, "b") == NULL);
	CHECK(find(&a, "dir/a") == NULL);
	CHECK_EQ(walk(&a.root, 0), a.nnode);
	archive_destroy(&a);
}

static void test_overlay(void)
{
	struct archive a;

	CHECK_EQ(archive_init(&a, NULL), 0);
	make_good();
	CHECK_EQ(archive_add(&a, memcpy(image + 32768, image, image_len), image_len), 0);
	start_image();
	add("dir/b", S_IFREG | 0644, "new b");
	add("a/below", S_IFREG | 0644, "a is a directory now");
	add("implied/deep", S_IFREG | 0644, "and this a file");
	add_end();
	CHECK_EQ(read_image(&a, image_len), 0);
	check_file(&a, "dir/b", "new b");
	check_file(&a, "abs", "");
	check_file(&a, "a/below", "a is a directory now");
	CHECK(S_ISDIR(find(&a, "a")->vnode.mode));
	check_file(&a, "implied/deep", "and this a file");
	CHECK(archive_mkdir(&a, "dev") == find(&a, "dev"));
	CHECK(archive_mkdir(&a, "dir") == find(&a, "dir"));
	archive_destroy(&a);
}

static void test_hard_links(void)
{
	struct archive a;

	CHECK_EQ(archive_init(&a, NULL), 0);
	start_image();
	add_links("one", S_IFREG | 0644, "", 7, 3);
	add_links("other", S_IFREG | 0644, "", 8, 2);
	add_links("dir", S_IFDIR | 0755, "", 7, 3);
	add_links("two", S_IFREG | 0644, "", 7, 3);
	add_links("three", S_IFREG | 0644, "the data", 7, 3);
	add_end();
	CHECK_EQ(read_image(&a, image_len), 0);
	check_file(&a, "one", "the data");
	check_file(&a, "two", "the data");
	check_file(&a, "three", "the data");
	check_file(&a, "other", "");
	CHECK_EQ(find(&a, "dir")->size, 0);
	archive_destroy(&a);
}

static void test_many(void)
{
	struct archive a;
	char name[32];

	CHECK_EQ(archive_init(&a, NULL), 0);
	start_image();
	for (int i = 0; i < 400; i++) {
		sprintf(name, "d%d/f%d", i % 7, i);
		add(name, S_IFREG | 0644, name);
	}
	add_end();
	CHECK_EQ(read_image(&a, image_len), 0);
	for (int i = 0; i < 400; i++) {
		sprintf(name, "d%d/f%d", i % 7, i);
		check_file(&a, name, name);
	}
	CHECK_EQ(a.nnode, 1 + 7 + 400);
	for (uint32_t i = 2; i <= a.nnode; i++)
		CHECK_EQ(a.node[i]->number, i);
	CHECK_EQ(walk(&a.root, 0), a.nnode);
	archive_destroy(&a);
}

static void test_truncated(void)
{
	make_good();
	for (size_t len = 0; len < image_len; len++) {
		struct archive a;

		CHECK_EQ(archive_init(&a, NULL), 0);
		CHECK_EQ(read_image(&a, len), -EINVAL);
		CHECK_EQ(walk(&a.root, 0), a.nnode);
		archive_destroy(&a);
	}
}

/* Each byte of the archive in turn is wrong in several ways. */
static void test_damaged(void)
{
	static const uint8_t wrong[] = { 0, '0', '1', 'f', 'F', 'g', '/', '.', 0xff };

	make_good();
	for (size_t at = 0; at < image_len; at++) {
		uint8_t was = image[at];

		for (size_t i = 0; i < sizeof(wrong); i++) {
			struct archive a;

			image[at] = wrong[i];
			CHECK_EQ(archive_init(&a, NULL), 0);
			(void)!read_image(&a, image_len);
			CHECK(walk(&a.root, 0) <= a.nnode);
			archive_destroy(&a);
		}
		image[at] = was;
	}
}

static void set_field(unsigned field, uint32_t value)
{
	char text[9];

	sprintf(text, "%08X", value);
	memcpy(&image[6 + 8 * field], text, 8);
}

static void check_refused(unsigned field, uint32_t value)
{
	struct archive a;

	start_image();
	add("file", S_IFREG | 0644, "data");
	add_end();
	set_field(field, value);
	CHECK_EQ(archive_init(&a, NULL), 0);
	CHECK_EQ(read_image(&a, image_len), -EINVAL);
	archive_destroy(&a);
}

static void test_sizes(void)
{
	enum { FILE_SIZE = 6, NAME_SIZE = 11 };
	static const uint32_t sizes[] = { 0xffffffff, 0xfffffffc, 0x80000000, 0x7fffffff, 100000 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		check_refused(FILE_SIZE, sizes[i]);
		check_refused(NAME_SIZE, sizes[i]);
	}
	check_refused(NAME_SIZE, 0);
	check_refused(NAME_SIZE, 4); /* the name is not terminated */
}

static void test_bad_names(void)
{
	static const char *const names[] = { "../up", "a/../b", ".." };
	char long_name[300];
	struct archive a;

	memset(long_name, 'x', sizeof(long_name));
	long_name[256] = '\0';
	for (size_t i = 0; i <= 3; i++) {
		start_image();
		add(i < 3 ? names[i] : long_name, S_IFREG | 0644, "data");
		add_end();
		CHECK_EQ(archive_init(&a, NULL), 0);
		CHECK_EQ(read_image(&a, image_len), -EINVAL);
		archive_destroy(&a);
	}
	start_image();
	add("./", S_IFREG | 0644, "the root as a file");
	add_end();
	CHECK_EQ(archive_init(&a, NULL), 0);
	CHECK_EQ(read_image(&a, image_len), -EINVAL);
	CHECK(S_ISDIR(a.root.vnode.mode));
	archive_destroy(&a);
}

static void test_no_memory(void)
{
	make_good();
	FAKE_FAIL_EACH
	{
		struct archive a;

		if (archive_init(&a, NULL) == 0) {
			int err = read_image(&a, image_len);

			CHECK_EQ(err, fake_failed() ? -ENOMEM : 0);
			CHECK_EQ(walk(&a.root, 0), a.nnode);
			archive_destroy(&a);
		} else {
			CHECK(fake_failed());
		}
	}
}

int main(void)
{
	RUN(test_good);
	RUN(test_overlay);
	RUN(test_hard_links);
	RUN(test_many);
	RUN(test_truncated);
	RUN(test_damaged);
	RUN(test_sizes);
	RUN(test_bad_names);
	RUN(test_no_memory);
	return check_done();
}
