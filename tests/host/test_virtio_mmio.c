// SPDX-License-Identifier: BSD-2-Clause
/* drivers/virtio/virtio_mmio.c: where devices are, from the command line, and what they are. */
// link: drivers/virtio/vring.c drivers/virtio/virtio.c drivers/virtio/virtio_pci.c
// link: drivers/bus/pci.c kernel/boot_info.c lib/base/ranges.c
#include <errno.h>
#include "tests/host/fake/virtio.h"
#include "drivers/virtio/virtio_mmio.c"
#include "kernel/boot_info.h"

static void set_cmdline(const char *text)
{
	boot_info_reset("test");
	boot_info.cmdline = boot_info_add_text(text, strlen(text));
	memset(place, 0, sizeof(place));
	nplace = 0;
	find_places();
}

static void check_place(unsigned i, paddr_t base, uint64_t bytes, unsigned gsi)
{
	CHECK_EQ(place[i].base, base);
	CHECK_EQ(place[i].bytes, bytes);
	CHECK_EQ(place[i].gsi, gsi);
	CHECK_EQ(place[i].trigger, IRQ_EDGE_HIGH);
}

static void test_cmdline(void)
{
	set_cmdline("a virtio_mmio.device=4K@0xd0000000:5 virtio_mmio.device=512@4274000384:12 b");
	CHECK_EQ(nplace, 2);
	check_place(0, 0xd0000000, 4096, 5);
	check_place(1, 0xfec01200, 512, 12);
	set_cmdline("virtio_mmio.device=0x1000@0x10D0001000:6:3");
	CHECK_EQ(nplace, 1);
	check_place(0, 0x10d0001000, 4096, 6);
}

static void test_bad_words(void)
{
	static const char *const bad[] = {
		"",
		"virtio_mmio.device",
		"virtio_mmio.device=",
		"virtio_mmio.device=4K",
		"virtio_mmio.device=4K@",
		"virtio_mmio.device=4K@0xd0000000",
		"virtio_mmio.device=4K@0xd0000000:",
		"virtio_mmio.device=4K@0xd0000000:5x",
		"virtio_mmio.device=4G@0xd0000000:5",
		"virtio_mmio.device=K@0xd0000000:5",
		"virtio_mmio.device=4K@0x:5",
		"virtio_mmio.device=4K@0:5",
		"virtio_mmio.device=4K@0xd0000001:5",
		"virtio_mmio.device=4K@0xffffffffffff0000:5",
		"virtio_mmio.device=4K@0xffffffffffffffffffffff:5",
		"virtio_mmio.device=4K@0xfffffffffff00:5",
		"virtio_mmio.device=1M@0xd0000000:5",
		"virtio_mmio.device=255@0xd0000000:5",
		"virtio_mmio.device=0@0xd0000000:5",
		"virtio_mmio.device=4K@0xd0000000:-5",
		"virtio_mmio.device=4K@0xd0000000:65536",
		"virtio_mmio.device=4K@0xd0000000:99999999999999999999",
		"xvirtio_mmio.device=4K@0xd0000000:5",
		"virtio_mmio.device =4K@0xd0000000:5",
	};

	for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
		set_cmdline(bad[i]);
		/* Then the platform is asked. */
		if (nplace != 1 || place[0].base != FAKE_MMIO_BASE || place[0].gsi != FAKE_MMIO_GSI)
			CHECK_FAIL("\"%s\" is taken", bad[i]);
	}
}

static void test_many_words(void)
{
	char text[BOOT_CMDLINE_BYTES] = "", word[64];

	for (unsigned i = 0; i < 40; i++) {
		snprintf(word, sizeof(word), "virtio_mmio.device=512@0x%x:%u ",
			 0xd0000000 + i * 512, i);
		strcat(text, word);
	}
	set_cmdline(text);
	CHECK_EQ(nplace, MAX_DEVICES);
	check_place(31, 0xd0000000 + 31 * 512, 512, 31);
}

static int open_net(unsigned n)
{
	struct virtio_dev d = { .name = "test" };

	return virtio_open(&d, VIRTIO_NET, n);
}

static void test_opens(void)
{
	looked = true;
	set_cmdline("");
	fake_virtio_mmio(VIRTIO_NET, VIRTIO_F_VERSION_1);
	CHECK_EQ(open_net(0), 0);
	CHECK_EQ(open_net(1), -ENODEV);
	fake_virtio.version = 1;
	CHECK_EQ(open_net(0), -ENODEV);
	fake_virtio.version = 2;
	fake_virtio.magic++;
	CHECK_EQ(open_net(0), -ENODEV);
	fake_virtio.magic--;
	fake_virtio.type = VIRTIO_RNG;
	CHECK_EQ(open_net(0), -ENODEV);
	set_cmdline("");
	fake_fail_all();
	CHECK_EQ(open_net(0), -ENOMEM);
}

/* Fields are read in their width, and all of one generation. */
static void test_config(void)
{
	struct virtio_dev d = { .name = "test" };
	uint8_t b[8];
	uint16_t h[2];
	uint32_t w;

	set_cmdline("");
	fake_virtio_mmio(VIRTIO_NET, VIRTIO_F_VERSION_1);
	for (unsigned i = 0; i < 256; i++)
		fake_virtio.config[i] = (uint8_t)i;
	CHECK_EQ(virtio_open(&d, VIRTIO_NET, 0), 0);
	CHECK_EQ(virtio_config_read(&d, 3, 1, 4, b), 0);
	CHECK_EQ(memcmp(b, "\3\4\5\6", 4), 0);
	CHECK_EQ(virtio_config_read(&d, 2, 2, 2, h), 0);
	CHECK_EQ(h[1], 0x0504);
	CHECK_EQ(virtio_config_read(&d, 252, 4, 1, &w), 0);
	CHECK_EQ(w, 0xfffefdfc);
	CHECK_EQ(virtio_config_read(&d, 253, 4, 1, &w), -EIO);
	CHECK_EQ(virtio_config_read(&d, 0xffffffff, 1, 1, b), -EIO);
	CHECK_EQ(virtio_config_read(&d, 0, 4, 0x40000001, &w), -EIO);
	fake_virtio.generation_runs = true;
	CHECK_EQ(virtio_config_read(&d, 0, 1, 1, b), -EIO);
}

int main(void)
{
	RUN(test_cmdline);
	RUN(test_bad_words);
	RUN(test_many_words);
	RUN(test_opens);
	RUN(test_config);
	return check_done();
}
