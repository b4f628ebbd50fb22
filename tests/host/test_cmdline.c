// SPDX-License-Identifier: BSD-2-Clause
/* lib/base/cmdline.c, and what kernel/boot_option.c and lib/libc/args.c make of it. */
// link: lib/base/cmdline.c kernel/boot_option.c lib/libc/args.c
#include <errno.h>
#include "kernel/boot_info.h"
#include "kernel/heap.h"
#include "lib/base/cmdline.h"
#include "lib/libc/args.h"
#include "tests/host/fake/fake.h"

struct boot_info boot_info;

static void set_line(const char *text)
{
	snprintf(boot_info.text, sizeof(boot_info.text), "%s", text);
}

/* The words of the text, each in brackets. From memory that ends with it, so that ASan sees any
 * look behind the end. */
static const char *words(const char *text)
{
	static char out[512];
	char *copy = strdup(text), word[64];
	const char *at = copy;

	out[0] = '\0';
	while (cmdline_word(&at, word, sizeof(word)))
		snprintf(out + strlen(out), sizeof(out) - strlen(out), "[%s]", word);
	free(copy);
	return out;
}

static void test_words(void)
{
	CHECK_STR(words(""), "");
	CHECK_STR(words(" \t\n "), "");
	CHECK_STR(words("one"), "[one]");
	CHECK_STR(words("  one\ttwo  three "), "[one][two][three]");
}

static void test_quotes(void)
{
	CHECK_STR(words("'a b' \"c d\""), "[a b][c d]");
	CHECK_STR(words("a'b c'd\"e f\"g"), "[ab cde fg]");
	CHECK_STR(words("'' \"\" x"), "[][][x]");
	CHECK_STR(words("'\"' \"'\""), "[\"][']");
	CHECK_STR(words("a\\ b \\'c\\' \\\\"), "[a b]['c'][\\]");
	CHECK_STR(words("\"a\\\"b\" 'a\\b'"), "[a\"b][a\\b]");
}

static void test_hostile(void)
{
	CHECK_STR(words("'open end"), "[open end]");
	CHECK_STR(words("\"open"), "[open]");
	CHECK_STR(words("'"), "[]");
	CHECK_STR(words("\\"), "[\\]");
	CHECK_STR(words("\"\\"), "[\\]");
	CHECK_STR(words("\xff\x01\x80"), "[\xff\x01\x80]");
}

static void test_cut(void)
{
	const char *at = "abcdef gh";
	char word[4];

	CHECK(cmdline_word(&at, word, sizeof(word)));
	CHECK_STR(word, "abc");
	CHECK(cmdline_word(&at, word, 1));
	CHECK_STR(word, "");
	CHECK(!cmdline_word(&at, word, sizeof(word)));
}

static void test_random_bytes(void)
{
	static const char alphabet[] = "ab '\"\\\t=.-";
	char text[40], word[40];

	for (int round = 0; round < 20000; round++) {
		size_t len = rand() % (sizeof(text) - 1), total = 0;
		const char *at = text;

		for (size_t i = 0; i < len; i++)
			text[i] = alphabet[rand() % (sizeof(alphabet) - 1)];
		text[len] = '\0';
		while (cmdline_word(&at, word, sizeof(word)))
			total += strlen(word);
		CHECK(total <= len && at == text + len);
	}
}

static void test_option(void)
{
	char out[8];

	set_line("prog unik.ip=10.0.0.2/24 unik.log=info 'unik.log=a b' unik.ipx=1 x");
	CHECK(boot_option("unik.log", out, sizeof(out)));
	CHECK_STR(out, "a b"); /* the last one counts */
	CHECK(boot_option("unik.ip", out, sizeof(out)));
	CHECK_STR(out, "10.0.0."); /* cut */
	CHECK(!boot_option("unik.i", out, sizeof(out)));
	CHECK(!boot_option("x", out, sizeof(out)));
	set_line("unik.log=");
	CHECK(boot_option("unik.log", out, sizeof(out)));
	CHECK_STR(out, "");
}

static void test_args(void)
{
	struct args a;

	CHECK_EQ(args_parse(&a, "one unik.ip=x env.HOME=/ 'two three' env.bad "
				"virtio_mmio.device=4K@0xfeb00000:5 -- unik.y env.z=1"),
		 0);
	CHECK_EQ(a.argc, 6);
	CHECK_STR(a.argv[1], "one");
	CHECK_STR(a.argv[2], "two three");
	CHECK_STR(a.argv[3], "env.bad");
	CHECK_STR(a.argv[4], "unik.y");
	CHECK_STR(a.argv[5], "env.z=1");
	CHECK(a.argv[6] == NULL);
	CHECK_STR(a.envp[0], "HOME=/");
	CHECK(a.envp[1] == NULL);
	kfree(a.argv);
}

static void test_args_many(void)
{
	char text[801] = "";
	struct args a;

	for (int i = 0; i < 400; i++)
		memcpy(text + 2 * i, i % 2 ? "''" : " x", 2);
	CHECK_EQ(args_parse(&a, text), 0);
	CHECK_EQ(a.argc, 201);
	kfree(a.argv);
	CHECK_EQ(args_parse(&a, ""), 0);
	CHECK_EQ(a.argc, 1);
	CHECK(a.argv[1] == NULL && a.envp[0] == NULL);
	kfree(a.argv);
}

static void test_args_without_memory(void)
{
	struct args a;

	fake_fail_all();
	CHECK_EQ(args_parse(&a, "one"), -ENOMEM);
}

int main(void)
{
	RUN(test_words);
	RUN(test_quotes);
	RUN(test_hostile);
	RUN(test_cut);
	RUN(test_random_bytes);
	RUN(test_option);
	RUN(test_args);
	RUN(test_args_many);
	RUN(test_args_without_memory);
	return check_done();
}
