// SPDX-License-Identifier: BSD-2-Clause
// link: lib/fs/path.c
#include <errno.h>
#include <limits.h>
#include "lib/fs/path.h"
#include "tests/host/fake/fake.h"

static void check(const char *cwd, const char *path, const char *want)
{
	/* What a later ".." takes back needs room as well. */
	size_t size = strlen(cwd) + strlen(path) + 2;
	char *out = malloc(size);

	CHECK_EQ(path_normalise(out, size, cwd, path), strlen(want));
	CHECK_STR(out, want);
	free(out);
}

static void test_absolute(void)
{
	check("/x", "/", "/");
	check("/x", "///", "/");
	check("/x", "/a", "/a");
	check("/x", "//a///b//", "/a/b");
	check("/x", "/a/./b/.", "/a/b");
	check("/x", "/.../..a/a..", "/.../..a/a..");
}

static void test_dot_dot(void)
{
	check("/", "/..", "/");
	check("/", "/a/..", "/");
	check("/", "/../../a", "/a");
	check("/", "/a/b/../../c/../d", "/d");
	check("/", "/a/b/..", "/a");
}

static void test_relative(void)
{
	check("/", "a", "/a");
	check("/cwd", "a", "/cwd/a");
	check("/cwd/sub", "../a", "/cwd/a");
	check("/cwd", ".", "/cwd");
	check("/cwd", "../..", "/");
}

static void test_limits(void)
{
	char out[PATH_MAX], name[NAME_MAX + 3];

	CHECK_EQ(path_normalise(out, sizeof(out), "/", ""), -ENOENT);
	CHECK_EQ(path_normalise(out, 2, "/", "/ab"), -ENAMETOOLONG);
	CHECK_EQ(path_normalise(out, 3, "/", "/ab"), -ENAMETOOLONG);
	CHECK_EQ(path_normalise(out, 4, "/", "/ab"), 3);
	CHECK_EQ(path_normalise(out, 3, "/ab", "c"), -ENAMETOOLONG);
	memset(name, 'n', sizeof(name));
	name[NAME_MAX + 1] = '\0';
	CHECK_EQ(path_normalise(out, sizeof(out), "/", name), -ENAMETOOLONG);
	name[NAME_MAX] = '\0';
	CHECK_EQ(path_normalise(out, sizeof(out), "/", name), NAME_MAX + 1);
}

static void test_wants_directory(void)
{
	CHECK(path_wants_directory("/"));
	CHECK(path_wants_directory("a/"));
	CHECK(path_wants_directory("a/."));
	CHECK(path_wants_directory(".."));
	CHECK(!path_wants_directory("a"));
	CHECK(!path_wants_directory("a/..b"));
	CHECK(!path_wants_directory("a."));
}

int main(void)
{
	RUN(test_absolute);
	RUN(test_dot_dot);
	RUN(test_relative);
	RUN(test_limits);
	RUN(test_wants_directory);
	return check_done();
}
