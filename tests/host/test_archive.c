// SPDX-License-Identifier: BSD-2-Clause
/* lib/fs/archive*.c: good archives, and every way to be bad. */
// link: lib/fs/archive.c lib/fs/archive_cpio.c lib/fs/archive_tar.c lib/fs/ramfs.c
// link: lib/fs/pagemap.c lib/fs/vnode_file.c lib/fs/walk.c kernel/mutex.c kernel/wait.c
// flags: -DSYMLOOP_MAX=40
#include <errno.h>
#include <sys/stat.h>
#include "lib/fs/archive.h"
#include "lib/fs/vfs.h"
#include "tests/host/ramfs.h"

/* Nothing here goes by path. */
struct vnode *vfs_root(void)
{
	return NULL;
}

struct vnode *vfs_cwd(void)
{
	return NULL;
}

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
static int read_image(size_t len)
{
	static uint8_t *copy; /* the tree points into it until the next call */

	free(copy);
	copy = malloc(len ? len : 1);
	memcpy(copy, image, len);
	return archive_is(copy, len) ? archive_add(copy, len) : -EINVAL;
}

static struct ramfs_node *find(const char *path)
{
	return archive_find(path, strlen(path));
}

/* Touch everything that the tree says is there. Returns how many names. */
static unsigned walk(struct ramfs_node *dir, unsigned depth)
{
	unsigned n = 0, sum = 0;

	if (depth > 100)
		return 0;
	list_for_each (l, &dir->dir.entries) {
		struct ramfs_entry *e = list_entry(l, struct ramfs_entry, sibling);

		n++;
		for (unsigned i = 0; i < e->len; i++)
			sum += (unsigned char)e->name[i];
		if (S_ISDIR(e->node->vnode.mode)) {
			n += walk(e->node, depth + 1);
			continue;
		}
		for (uint64_t i = 0; i < e->node->file.size; i++)
			sum += e->node->file.base[i];
	}
	return n + (sum == UINT32_MAX);
}

static void check_file(const char *path, const char *data)
{
	struct ramfs_node *n = find(path);

	CHECK(n != NULL);
	if (!n)
		return;
	CHECK(S_ISREG(n->vnode.mode));
	CHECK_EQ(n->file.size, strlen(data));
	CHECK(n->file.size == 0 || memcmp(n->file.base, data, n->file.size) == 0);
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
	make_good();
	CHECK(archive_is(image, image_len));
	CHECK_EQ(ramfs_init(), 0);
	CHECK_EQ(read_image(image_len), 0);
	check_file("a", "content of a");
	check_file("dir/b", "b");
	check_file("implied/deep/c", "cc");
	check_file("abs", "");
	CHECK_EQ(find("dir")->vnode.mode, S_IFDIR | 0700);
	CHECK_EQ(find("implied")->vnode.mode, S_IFDIR | 0755);
	CHECK_EQ(find("a")->mtime, 1234 * NS_PER_S);
	CHECK(find("b") == NULL);
	CHECK(find("dir/a") == NULL);
	CHECK_EQ(walk(&ramfs.root, 0), ramfs.nentries);
	ramfs_end();
}

static void test_overlay(void)
{
	CHECK_EQ(ramfs_init(), 0);
	make_good();
	CHECK_EQ(archive_add(memcpy(image + 32768, image, image_len), image_len), 0);
	start_image();
	add("dir/b", S_IFREG | 0644, "new b");
	add("a/below", S_IFREG | 0644, "a is a directory now");
	add_end();
	CHECK_EQ(read_image(image_len), 0);
	check_file("dir/b", "new b");
	check_file("abs", "");
	check_file("a/below", "a is a directory now");
	CHECK(S_ISDIR(find("a")->vnode.mode));
	start_image();
	add("implied/deep", S_IFREG | 0644, "a directory does not become a file");
	add_end();
	CHECK_EQ(read_image(image_len), -EINVAL);
	check_file("implied/deep/c", "cc");
	ramfs_end();
}

static void test_hard_links(void)
{
	CHECK_EQ(ramfs_init(), 0);
	start_image();
	add_links("one", S_IFREG | 0644, "", 7, 3);
	add_links("other", S_IFREG | 0644, "", 8, 2);
	add_links("dir", S_IFDIR | 0755, "", 7, 3);
	add_links("two", S_IFREG | 0644, "", 7, 3);
	add_links("three", S_IFREG | 0644, "the data", 7, 3);
	add_end();
	CHECK_EQ(read_image(image_len), 0);
	check_file("one", "the data");
	check_file("two", "the data");
	check_file("three", "the data");
	check_file("other", "");
	CHECK(find("one") == find("three"));
	CHECK_EQ(find("one")->nlink, 3);
	CHECK(S_ISDIR(find("dir")->vnode.mode));
	ramfs_end();
}

static void test_many(void)
{
	char name[32];

	CHECK_EQ(ramfs_init(), 0);
	start_image();
	for (int i = 0; i < 400; i++) {
		sprintf(name, "d%d/f%d", i % 7, i);
		add(name, S_IFREG | 0644, name);
	}
	add_end();
	CHECK_EQ(read_image(image_len), 0);
	for (int i = 0; i < 400; i++) {
		sprintf(name, "d%d/f%d", i % 7, i);
		check_file(name, name);
	}
	CHECK_EQ(ramfs.nentries, 7 + 400);
	CHECK_EQ(walk(&ramfs.root, 0), ramfs.nentries);
	ramfs_end();
}

static void test_truncated(void)
{
	make_good();
	for (size_t len = 0; len < image_len; len++) {
		CHECK_EQ(ramfs_init(), 0);
		CHECK_EQ(read_image(len), -EINVAL);
		CHECK_EQ(walk(&ramfs.root, 0), ramfs.nentries);
		ramfs_end();
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
			image[at] = wrong[i];
			CHECK_EQ(ramfs_init(), 0);
			(void)!read_image(image_len);
			CHECK(walk(&ramfs.root, 0) <= ramfs.nentries);
			ramfs_end();
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
	start_image();
	add("file", S_IFREG | 0644, "data");
	add_end();
	set_field(field, value);
	CHECK_EQ(ramfs_init(), 0);
	CHECK_EQ(read_image(image_len), -EINVAL);
	ramfs_end();
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
	memset(long_name, 'x', sizeof(long_name));
	long_name[256] = '\0';
	for (size_t i = 0; i <= 3; i++) {
		start_image();
		add(i < 3 ? names[i] : long_name, S_IFREG | 0644, "data");
		add_end();
		CHECK_EQ(ramfs_init(), 0);
		CHECK_EQ(read_image(image_len), -EINVAL);
		ramfs_end();
	}
	start_image();
	add("./", S_IFREG | 0644, "the root as a file");
	add_end();
	CHECK_EQ(ramfs_init(), 0);
	CHECK_EQ(read_image(image_len), -EINVAL);
	CHECK(S_ISDIR(ramfs.root.vnode.mode));
	ramfs_end();
}

static void test_no_memory(void)
{
	make_good();
	FAKE_FAIL_EACH
	{
		if (ramfs_init() == 0) {
			int err = read_image(image_len);

			CHECK_EQ(err, fake_failed() ? -ENOMEM : 0);
			CHECK_EQ(walk(&ramfs.root, 0), ramfs.nentries);
		} else {
			CHECK(fake_failed());
		}
		ramfs_end();
	}
}

/* --- tar ------------------------------------------------------------------------------------ */

static void tar_sum(uint8_t *h)
{
	unsigned sum = 0;

	memset(h + 148, ' ', 8);
	for (int i = 0; i < 512; i++)
		sum += h[i];
	sprintf((char *)h + 148, "%06o", sum);
}

static uint8_t *tar(const char *name, char type, const char *link, const void *data, size_t size)
{
	uint8_t *h = &image[image_len];

	memset(h, 0, 512);
	strncpy((char *)h, name, 100);
	sprintf((char *)h + 100, "%07o", type == '5' ? 0750 : 0640);
	sprintf((char *)h + 124, "%011o", (unsigned)size);
	sprintf((char *)h + 136, "%011o", 1234);
	h[156] = (uint8_t)type;
	strncpy((char *)h + 157, link, 100);
	memcpy(h + 257, "ustar\00000", 8);
	tar_sum(h);
	image_len += 512;
	memset(&image[image_len], 0, ALIGN_UP(size, 512));
	memcpy(&image[image_len], data, size);
	image_len += ALIGN_UP(size, 512);
	return h;
}

static void tar_end(void)
{
	memset(&image[image_len], 0, 1024);
	image_len += 1024;
}

static void make_tar(void)
{
	static const char pax[] = "20 path=pax/renamed\n22 linkpath=../pax/up\n";
	uint8_t *h;

	start_image();
	tar("./", '5', "", "", 0);
	tar("./a", '0', "", "content of a", 12);
	tar("dir/", '5', "", "", 0);
	tar("dir/link", '2', "../a", "", 0);
	tar("same", '1', "./a", "", 0);
	tar("x", 'x', "", pax, sizeof(pax) - 1);
	tar("short", '2', "short", "", 0);
	tar("././@LongLink", 'L', "", "gnu/long", 9);
	tar("gnu", '0', "", "g", 1);
	tar("node", '3', "", "", 0);
	h = tar("name", '0', "", "prefixed", 8);
	strcpy((char *)h + 345, "pre/fix");
	tar_sum(h);
	tar_end();
}

static void test_tar(void)
{
	make_tar();
	CHECK_EQ(ramfs_init(), 0);
	CHECK_EQ(read_image(image_len), 0);
	check_file("a", "content of a");
	check_file("same", "content of a");
	check_file("gnu/long", "g");
	check_file("pre/fix/name", "prefixed");
	CHECK(find("a") == find("same"));
	CHECK_EQ(find("a")->nlink, 2);
	CHECK_EQ(find("a")->mtime, 1234 * NS_PER_S);
	CHECK_EQ(find("dir")->vnode.mode, S_IFDIR | 0750);
	CHECK_EQ(find("dir/link")->vnode.mode, S_IFLNK | 0640);
	CHECK_EQ(memcmp(find("dir/link")->file.base, "../a", 4), 0);
	CHECK_EQ(find("dir/link")->file.size, 4);
	CHECK_EQ(memcmp(find("pax/renamed")->file.base, "../pax/up", 9), 0);
	CHECK_EQ(find("pax/renamed")->file.size, 9);
	CHECK(find("node") == NULL);
	CHECK(find("short") == NULL);
	ramfs_end();
}

static void test_tar_truncated(void)
{
	make_tar();
	for (size_t len = 0; len <= image_len - 1024; len += 37) {
		CHECK_EQ(ramfs_init(), 0);
		CHECK_EQ(read_image(len), -EINVAL);
		CHECK_EQ(walk(&ramfs.root, 0), ramfs.nentries);
		ramfs_end();
	}
}

/* Each byte in turn is wrong, the sum of its header wrong or right. */
static void test_tar_damaged(void)
{
	static const uint8_t wrong[] = { 0, '0', '7', '9', '/', '.', 0xff };

	make_tar();
	for (size_t at = 0; at < image_len; at++) {
		uint8_t was[512], *h = &image[ALIGN_DOWN(at, 512)];

		memcpy(was, h, 512);
		for (size_t i = 0; i < 2 * sizeof(wrong); i++) {
			image[at] = wrong[i / 2];
			if (i % 2)
				tar_sum(h);
			CHECK_EQ(ramfs_init(), 0);
			(void)!read_image(image_len);
			CHECK(walk(&ramfs.root, 0) <= ramfs.nentries);
			ramfs_end();
			memcpy(h, was, 512);
		}
	}
}

/* What a header may say that must not be believed. */
static void test_tar_hostile(void)
{
	static const char *const pax[] = {
		"99 path=x\n",
		"0 path=x\n",
		"9 path=x",
		"13 path=../x\n",
		"18446744073709551616 ",
		"x",
		"9999999999 path=x\n",
	};

	for (size_t i = 0; i < ARRAY_SIZE(pax); i++) {
		start_image();
		tar("x", 'x', "", pax[i], strlen(pax[i]));
		tar("f", '0', "", "data", 4);
		tar_end();
		CHECK_EQ(ramfs_init(), 0);
		CHECK_EQ(read_image(image_len), -EINVAL);
		ramfs_end();
	}
	for (int i = 0; i < 4; i++) {
		start_image();
		tar("d", '5', "", "", 0);
		if (i == 0)
			tar("l", '1', "nowhere", "", 0);
		else if (i == 1)
			tar("l", '1', "d", "", 0);
		else if (i == 2)
			tar("../up", '0', "", "", 0);
		else
			tar("d", '0', "", "a directory", 11);
		tar_end();
		CHECK_EQ(ramfs_init(), 0);
		CHECK_EQ(read_image(image_len), -EINVAL);
		ramfs_end();
	}
}

static void test_tar_no_memory(void)
{
	make_tar();
	FAKE_FAIL_EACH
	{
		if (ramfs_init() == 0) {
			int err = read_image(image_len);

			CHECK_EQ(err, fake_failed() ? -ENOMEM : 0);
			CHECK_EQ(walk(&ramfs.root, 0), ramfs.nentries);
		} else {
			CHECK(fake_failed());
		}
		ramfs_end();
	}
}

/* Links are put in as they are: nothing is followed while an archive is read. */
static void test_symlinks(void)
{
	CHECK_EQ(ramfs_init(), 0);
	start_image();
	add("loop", S_IFLNK | 0777, "loop");
	add("up", S_IFLNK | 0777, "../../../etc");
	add("up/file", S_IFREG | 0644, "below what was a link");
	add("nothing", S_IFLNK | 0777, "");
	add_end();
	CHECK_EQ(read_image(image_len), 0);
	CHECK(S_ISLNK(find("loop")->vnode.mode));
	CHECK(S_ISDIR(find("up")->vnode.mode));
	check_file("up/file", "below what was a link");
	CHECK_EQ(find("nothing")->file.size, 0);
	ramfs_end();
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
	RUN(test_symlinks);
	RUN(test_tar);
	RUN(test_tar_truncated);
	RUN(test_tar_damaged);
	RUN(test_tar_hostile);
	RUN(test_tar_no_memory);
	return check_done();
}
