// SPDX-License-Identifier: BSD-2-Clause
/* lib/base/chacha20.c against RFC 8439; kernel/random.c, whose state the tests look at. */
// link: lib/base/chacha20.c lib/libc/entropy.c kernel/mutex.c kernel/wait.c
#include <errno.h>
#include <sys/random.h>
#include "kernel/random.c"
#include "tests/host/fake/fake.h"

struct boot_info boot_info;

static size_t device_bytes; /* what the entropy device gives */
static unsigned device_reads;
static bool device_wants_numbers;

size_t entropy_device_read(void *out, size_t len)
{
	uint8_t own[8];

	device_reads++;
	if (device_wants_numbers)
		random_bytes(own, sizeof(own));
	memset(out, 0x5a, MIN(device_bytes, len));
	return MIN(device_bytes, len);
}

static void start(unsigned cpu_numbers, size_t from_device)
{
	static struct thread self;

	host_cpu.current = &self;
	memset(&generator, 0, sizeof(generator));
	memset(&timing, 0, sizeof(timing));
	seeded = false;
	device_reads = 0;
	device_wants_numbers = false;
	device_bytes = from_device;
	boot_info.seed_bytes = 0;
	host_cpu.nrandom = cpu_numbers;
	host_cpu.random = 0x123456789abcdef0;
	host_cpu.cycles = 0;
	host_cpu.cycles_step = 0;
}

/* RFC 8439, 2.3.2. */
static void test_block(void)
{
	static const uint32_t expect[16] = {
		0xe4e7f110, 0x15593bd1, 0x1fdd0f50, 0xc47120a3, 0xc7f4d1c7, 0x0368c033,
		0x9aaa2204, 0x4e6cd4c3, 0x466482d2, 0x09aa9f07, 0x05d7c214, 0xa2028bd9,
		0xd19c12b5, 0xb94e16de, 0xe883d0cb, 0x4e3c50a2,
	};
	static const uint8_t nonce_bytes[12] = { 0, 0, 0, 9, 0, 0, 0, 0x4a, 0, 0, 0, 0 };
	uint8_t key_bytes[32];
	uint32_t key[8], nonce[3], out[16];

	for (unsigned i = 0; i < 32; i++)
		key_bytes[i] = i;
	memcpy(key, key_bytes, sizeof(key));
	memcpy(nonce, nonce_bytes, sizeof(nonce));
	chacha20_block(key, 1, nonce, out);
	CHECK(memcmp(out, expect, sizeof(out)) == 0);
}

/* RFC 8439, A.1, test vectors 1 and 3 to 5: the first four words. */
static void test_more_blocks(void)
{
	static const uint32_t expect[4][4] = {
		{ 0xade0b876, 0x903df1a0, 0xe56a5d40, 0x28bd8653 },
		{ 0x2452eb3a, 0x9249f8ec, 0x8d829d9b, 0xddd4ceb1 },
		{ 0xfb4dd572, 0x4bc42ef1, 0xdf922636, 0x327f1394 },
		{ 0x374dc6c2, 0x3736d58c, 0xb904e24a, 0xcd3f93ef },
	};
	static const uint32_t counters[4] = { 0, 1, 2, 0 };

	for (unsigned i = 0; i < 4; i++) {
		uint8_t key_bytes[32] = { 0 }, nonce_bytes[12] = { 0 };
		uint32_t key[8], nonce[3], out[16];

		key_bytes[1] = i == 2 ? 0xff : 0;
		key_bytes[31] = i == 1;
		nonce_bytes[11] = i == 3 ? 2 : 0;
		memcpy(key, key_bytes, sizeof(key));
		memcpy(nonce, nonce_bytes, sizeof(nonce));
		chacha20_block(key, counters[i], nonce, out);
		CHECK(memcmp(out, expect[i], sizeof(expect[i])) == 0);
	}
}

static void test_seeded_once(void)
{
	uint32_t a;

	start(100, 32);
	a = random_u32();
	CHECK_EQ(device_reads, 1);
	CHECK(a != random_u32());
	CHECK_EQ(device_reads, 1);
	CHECK_EQ(fake_log_lines(), 0);
}

static void test_loader_seed(void)
{
	static const uint8_t none[BOOT_SEED_BYTES];
	uint64_t before;

	start(0, 0);
	before = random_u64();
	start(0, 0);
	memset(boot_info.seed, 0x33, sizeof(boot_info.seed));
	boot_info.seed_bytes = BOOT_SEED_BYTES;
	CHECK(random_u64() != before);
	CHECK_EQ(fake_log_lines(), 1); /* of the run without */
	CHECK_EQ(boot_info.seed_bytes, 0);
	CHECK(memcmp(boot_info.seed, none, sizeof(none)) == 0);
}

static void test_warns_without_entropy(void)
{
	start(0, 0);
	random_u64();
	random_u64();
	CHECK(fake_log_has("no entropy source"));
	CHECK_EQ(fake_log_lines(), 1);
	start(0, 8); /* fewer bytes than asked for are better than none */
	random_u64();
	CHECK_EQ(fake_log_lines(), 1);
}

/* Everything that goes in changes what comes out. */
static void test_inputs_matter(void)
{
	uint64_t seen[6];

	start(0, 0);
	seen[0] = random_u64();
	start(0, 0);
	CHECK_EQ(random_u64(), seen[0]); /* the fakes do not vary by themselves */
	start(4, 0);
	seen[1] = random_u64();
	start(0, 32);
	seen[2] = random_u64();
	start(0, 0);
	host_cpu.cycles_step = 3;
	seen[3] = random_u64();
	start(0, 0);
	random_add("x", 1);
	seen[4] = random_u64();
	start(0, 0);
	host_cpu.cycles = 1;
	random_add_timing();
	host_cpu.cycles = 0;
	seen[5] = random_u64();
	for (unsigned i = 0; i < ARRAY_SIZE(seen); i++)
		for (unsigned j = 0; j < i; j++)
			if (seen[i] == seen[j])
				CHECK_FAIL("inputs %u and %u give the same", i, j);
}

static void test_added_bytes_count_at_once(void)
{
	uint64_t a;

	start(0, 0);
	random_u64();
	a = random_u64();
	start(0, 0);
	random_u64();
	random_add("a long text, of more than 32 bytes: two turns", 46);
	CHECK(random_u64() != a);
	random_add(NULL, 0);
}

static void test_all_lengths(void)
{
	start(1000, 32);
	for (size_t len = 0; len < 1000; len++) {
		uint8_t *p = calloc(1, len + 1), *q = calloc(1, len + 1);

		random_bytes(p, len);
		random_bytes(q, len);
		CHECK(len < 8 || memcmp(p, q, len) != 0);
		CHECK(p[len] == 0 && q[len] == 0);
		free(p);
		free(q);
	}
}

static void test_given_out_is_erased(void)
{
	uint8_t out[40];

	start(4, 32);
	random_bytes(out, sizeof(out));
	for (size_t i = 0; i + 8 <= POOL_BYTES; i++)
		CHECK(memcmp(generator.pool + i, out, 8) != 0);
}

static void test_bits_are_even(void)
{
	static uint8_t out[100000];
	unsigned ones = 0;

	start(1000, 32);
	for (size_t i = 0; i < sizeof(out); i += 100)
		random_bytes(out + i, 100);
	for (size_t i = 0; i < sizeof(out); i++)
		ones += __builtin_popcount(out[i]);
	CHECK(ones > 4 * sizeof(out) - 3000 && ones < 4 * sizeof(out) + 3000);
}

static void test_driver_that_wants_numbers(void)
{
	start(4, 32);
	device_wants_numbers = true;
	random_u64();
	CHECK_EQ(device_reads, 1);
}

static void test_before_threads(void)
{
	start(4, 32);
	host_cpu.current = NULL;
	CHECK(random_u64() != random_u64());
	CHECK_EQ(device_reads, 0);
	start(4, 32);
	random_u64();
	CHECK_EQ(device_reads, 1);
}

static void test_libc(void)
{
	static char buf[300];

	start(4, 32);
	CHECK_EQ(getentropy(buf, 256), 0);
	CHECK_EQ(getentropy(buf, 257), -1);
	CHECK_EQ(errno, EIO);
	CHECK_EQ(getrandom(buf, 300, GRND_NONBLOCK), 300);
	CHECK_EQ(getrandom(buf, 300, 0x100), -1);
	CHECK_EQ(errno, EINVAL);
}

int main(void)
{
	RUN(test_block);
	RUN(test_more_blocks);
	RUN(test_seeded_once);
	RUN(test_loader_seed);
	RUN(test_warns_without_entropy);
	RUN(test_inputs_matter);
	RUN(test_added_bytes_count_at_once);
	RUN(test_all_lengths);
	RUN(test_given_out_is_erased);
	RUN(test_bits_are_even);
	RUN(test_driver_that_wants_numbers);
	RUN(test_before_threads);
	RUN(test_libc);
	return check_done();
}
