// SPDX-License-Identifier: BSD-2-Clause
/*
 * The generator makes POOL_BYTES of key stream at a time. The first 32 of them become the next
 * key, mixed with what interrupts and the CPU supplied meanwhile, so the generator is seeded anew
 * each time and a key that leaks tells nothing about what was given out before. Bytes that were
 * given out are erased.
 */
#include <string.h>
#include "arch/cpu.h"
#include "drivers/entropy.h"
#include "kernel/boot_info.h"
#include "kernel/log.h"
#include "kernel/mutex.h"
#include "kernel/random.h"
#include "lib/base/chacha20.h"

#define POOL_BYTES   256 /* a multiple of CHACHA20_BLOCK_BYTES */
#define SEED_BYTES   CHACHA20_KEY_BYTES
#define JITTER_LOOKS 64 /* looks at the cycle counter for a seed where nothing better is */

static struct {
	struct spinlock lock;
	uint32_t key[8];
	uint8_t pool[POOL_BYTES]; /* the last `left` bytes are to be given out */
	size_t left;
} generator;

static struct {
	uint32_t n;
	uint64_t word[4]; /* written without a lock: a lost update loses only itself */
} timing;

static struct mutex seed_lock = MUTEX_INIT(seed_lock);
static struct thread *seeder; /* who is fetching the first seed */
static bool seeded;

/* memset() that is done although nobody reads the memory again. */
static void erase(void *p, size_t len)
{
	memset(p, 0, len);
	__asm__ volatile("" ::"r"(p) : "memory");
}

void random_add_timing(void)
{
	uint32_t n = __atomic_fetch_add(&timing.n, 1, __ATOMIC_RELAXED);
	uint64_t *word = &timing.word[n % ARRAY_SIZE(timing.word)], old = READ_ONCE(*word);

	WRITE_ONCE(*word, (old << 19 | old >> 45) + cpu_cycles());
}

/* Key stream of a key, from block `counter` on. */
static void key_stream(const uint32_t key[8], uint32_t counter, void *out, size_t len)
{
	static const uint32_t no_nonce[3];
	uint32_t block[16];
	uint8_t *p = out;

	while (len > 0) {
		size_t n = MIN(len, sizeof(block));

		chacha20_block(key, counter++, no_nonce, block);
		memcpy(p, block, n);
		p += n;
		len -= n;
	}
	erase(block, sizeof(block));
}

/* A new key, into which up to SEED_BYTES go, and a pool of `fill` bytes. Under the lock. */
static void generator_turn(const void *seed, size_t len, size_t fill)
{
	const uint8_t *bytes = seed;
	uint8_t *pool = generator.pool + POOL_BYTES - fill;

	key_stream(generator.key, 0, pool, fill);
	for (size_t i = 0; i < len; i++)
		pool[i] ^= bytes[i];
	memcpy(generator.key, pool, sizeof(generator.key));
	erase(pool, sizeof(generator.key));
	generator.left = fill - sizeof(generator.key);
}

/* What is mixed in here counts from the next turn on. */
static void generator_refill(void)
{
	uint64_t seed[4], hardware;

	for (unsigned i = 0; i < ARRAY_SIZE(seed); i++)
		seed[i] = READ_ONCE(timing.word[i]);
	seed[0] ^= cpu_cycles();
	if (cpu_random(&hardware))
		seed[3] ^= hardware;
	generator_turn(seed, sizeof(seed), POOL_BYTES);
	erase(seed, sizeof(seed));
}

/* len <= POOL_BYTES - SEED_BYTES. */
static void generator_take(void *out, size_t len)
{
	irq_state_t state = spin_lock_irqsave(&generator.lock);
	uint8_t *from;

	if (generator.left < len)
		generator_refill();
	from = generator.pool + POOL_BYTES - generator.left;
	memcpy(out, from, len);
	erase(from, len);
	generator.left -= len;
	spin_unlock_irqrestore(&generator.lock, state);
}

void random_add(const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	irq_state_t state;

	do {
		size_t n = MIN(len, (size_t)SEED_BYTES);

		state = spin_lock_irqsave(&generator.lock);
		generator_turn(p, n, SEED_BYTES); /* an empty pool: what comes next depends on it */
		spin_unlock_irqrestore(&generator.lock, state);
		p += n;
		len -= n;
	} while (len > 0);
}

/* Numbers of the CPU, and when they came. Returns whether the CPU has any. */
static bool add_cpu_seed(void)
{
	uint64_t seed[4];
	bool found = false;

	for (unsigned i = 0; i < ARRAY_SIZE(seed); i++) {
		uint64_t hardware = 0;

		found |= cpu_random(&hardware);
		seed[i] = hardware ^ cpu_cycles();
	}
	random_add(seed, sizeof(seed));
	erase(seed, sizeof(seed));
	return found;
}

/* What the loader gave, once. Returns whether it gave any. */
static bool add_loader_seed(void)
{
	size_t got = boot_info.seed_bytes;

	boot_info.seed_bytes = 0;
	random_add(boot_info.seed, got);
	erase(boot_info.seed, got);
	return got > 0;
}

static bool add_device_seed(void)
{
	uint8_t seed[SEED_BYTES];
	size_t got = entropy_device_read(seed, sizeof(seed));

	random_add(seed, MIN(got, sizeof(seed)));
	erase(seed, sizeof(seed));
	return got > 0;
}

/* Caches, interrupts and the host make each look a little different: not much, but not nothing. */
static void add_jitter(void)
{
	for (unsigned i = 0; i < JITTER_LOOKS; i++)
		random_add_timing();
}

static UNIK_COLD void seed(void)
{
	bool found;

	mutex_lock(&seed_lock);
	if (!seeded) {
		seeder = thread_current();
		found = add_cpu_seed();
		found |= add_loader_seed();
		found |= add_device_seed();
		if (!found) {
			add_jitter();
			log_warn("random: no entropy source; numbers may be guessed");
		}
		random_add(timing.word, sizeof(timing.word));
		seeder = NULL;
		WRITE_ONCE(seeded, true);
	}
	mutex_unlock(&seed_lock);
}

void random_bytes(void *out, size_t len)
{
	uint32_t key[8];

	/* The entropy device's driver may itself want numbers: it gets what there is so far. So
	 * does whoever runs before the first thread, when nothing can be waited for. */
	if (unlikely(!READ_ONCE(seeded)) && seeder != thread_current())
		seed();
	if (len <= POOL_BYTES - SEED_BYTES) {
		generator_take(out, len);
		return;
	}
	generator_take(key, sizeof(key));
	key_stream(key, 0, out, len);
	erase(key, sizeof(key));
}

uint32_t random_u32(void)
{
	uint32_t v;

	random_bytes(&v, sizeof(v));
	return v;
}

uint64_t random_u64(void)
{
	uint64_t v;

	random_bytes(&v, sizeof(v));
	return v;
}
