// SPDX-License-Identifier: BSD-2-Clause
/* drivers/pc/uart16550.c and kernel/console.c against a UART that is slow, absent or rabid. */
// link: drivers/pc/uart16550.c kernel/console.c kernel/wait.c
#include <asm/port.h>
#include <errno.h>
#include "drivers/pc/consoles.h"
#include "kernel/irq.h"
#include "tests/host/fake/fake.h"

static bool none_probe(const struct console *c)
{
	return false;
}
static const struct console none = { .name = "none", .probe = none_probe };
static struct wait_queue reader;

const struct console *const console_table[] = { &none, &uart16550, NULL };

static struct irq_handler *handler;

int irq_connect_line(unsigned gsi, enum irq_trigger trigger, struct irq_handler *h)
{
	CHECK_EQ(gsi, 4);
	CHECK_EQ(trigger, IRQ_EDGE_HIGH);
	handler = h;
	return 0;
}

static struct {
	bool there, loopback, stuck, rabid;
	uint8_t ier, lcr, mcr, fcr, scratch, divisor;
	unsigned fifo; /* free bytes of the transmitter */
	unsigned busy; /* looks until it is empty again */
	unsigned looks;
	char sent[10000];
	size_t nsent;
	char input[1000];
	size_t ninput, taken;
} u;

static bool receiving(void)
{
	return u.rabid || u.taken < u.ninput;
}

static uint8_t look_lsr(void)
{
	u.looks++;
	if (u.fifo < 16 && !u.stuck && (u.busy == 0 || --u.busy == 0))
		u.fifo = 16;
	return (receiving() ? 1 : 0) | (u.fifo == 16 ? 0x60 : 0);
}

static uint32_t in(uint16_t port, unsigned nbytes)
{
	CHECK_EQ(nbytes, 1);
	if (!u.there || port < 0x3f8 || port > 0x3ff)
		return 0xff;
	switch (port & 7) {
	case 0:
		return u.rabid ? 'x' : u.taken < u.ninput ? (uint8_t)u.input[u.taken++] : 0;
	case 1:
		return u.ier;
	case 2:
		return (u.fcr & 1 ? 0xc0 : 0) | (u.ier & 1 && receiving() ? 4 : 1);
	case 3:
		return u.lcr;
	case 4:
		return u.mcr;
	case 5:
		return look_lsr();
	case 6:
		return u.mcr & 0x10 ? (u.mcr & 2 ? 0x10 : 0) | (u.mcr & 8 ? 0x80 : 0) |
					      (u.mcr & 1 ? 0x20 : 0) | (u.mcr & 4 ? 0x40 : 0)
				    : 0;
	default:
		return u.scratch;
	}
}

static void transmit(uint8_t v)
{
	CHECK(u.fifo > 0);
	if (u.fifo > 0)
		u.fifo--;
	u.busy = 20;
	if (u.nsent < sizeof(u.sent) - 1)
		u.sent[u.nsent++] = (char)v;
}

static void out(uint16_t port, unsigned nbytes, uint32_t v)
{
	CHECK_EQ(nbytes, 1);
	if (!u.there)
		return;
	switch (port) {
	case 0x3f8:
		if (u.lcr & 0x80)
			u.divisor = v;
		else
			transmit(v);
		break;
	case 0x3f9:
		if (!(u.lcr & 0x80))
			u.ier = v;
		break;
	case 0x3fa:
		u.fcr = v;
		break;
	case 0x3fb:
		u.lcr = v;
		break;
	case 0x3fc:
		u.mcr = v;
		break;
	case 0x3ff:
		u.scratch = v;
		break;
	default:
		CHECK_FAIL("write to port 0x%x", port);
	}
}

static void start(void)
{
	char rest[64];

	memset(&u, 0, sizeof(u));
	u.there = true;
	u.fifo = 16;
	fake_port_in = in;
	fake_port_out = out;
	while (uart16550.read(&uart16550, rest, sizeof(rest)) > 0)
		;
	console_init();
}

static void test_absent(void)
{
	start();
	u.there = false;
	CHECK(!uart16550.probe(&uart16550));
	u.there = true;
	u.mcr = 0;
	CHECK(uart16550.probe(&uart16550));
	CHECK_EQ(u.lcr, 3);
	CHECK_EQ(u.divisor, 1);
	CHECK_EQ(u.ier, 0);
	CHECK(!(u.mcr & 0x10));
}

static void test_newlines(void)
{
	start();
	CHECK(console_get() == &uart16550);
	console_write("one\n\ntwo", 8);
	CHECK_STR(u.sent, "one\r\n\r\ntwo");
	console_write("", 0);
	CHECK_EQ(u.nsent, 10);
}

static void test_long_text_waits_for_the_fifo(void)
{
	char text[4000];

	start();
	for (unsigned i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i % 26);
	console_write(text, sizeof(text));
	CHECK_EQ(u.nsent, sizeof(text));
	CHECK(memcmp(u.sent, text, sizeof(text)) == 0);
	CHECK(u.looks < sizeof(text) / 16 * 25); /* one wait for 16 bytes */
}

static void test_stuck_transmitter(void)
{
	char text[400] = { 'x' };
	unsigned first;

	start();
	u.stuck = true;
	console_write(text, sizeof(text));
	first = u.looks;
	CHECK(first < 1000000);
	for (unsigned i = 0; i < 100; i++)
		console_write(text, sizeof(text));
	CHECK(u.looks - first <= 100);
	u.stuck = false;
	u.busy = 0;
	u.nsent = 0;
	console_write(text, sizeof(text)); /* it drains again */
	CHECK_EQ(u.nsent, sizeof(text));
}

static void feed(const char *text)
{
	strcpy(&u.input[u.ninput], text);
	u.ninput += strlen(text);
	if (u.ier & 1 && u.mcr & 8)
		handler->handle(handler->arg);
}

static void test_input(void)
{
	char got[64];

	start();
	CHECK_EQ(uart16550.listen(&uart16550), 0);
	CHECK_EQ(uart16550.read(&uart16550, got, sizeof(got)), 0);
	feed("hello");
	CHECK_EQ(uart16550.read(&uart16550, got, 3), 3);
	CHECK(memcmp(got, "hel", 3) == 0);
	CHECK_EQ(uart16550.read(&uart16550, got, sizeof(got)), 2);
	CHECK(memcmp(got, "lo", 2) == 0);
	CHECK(!handler->handle(handler->arg)); /* had not asked */
}

static void test_full_ring_holds_the_sender_back(void)
{
	char got[600];
	size_t n = 0, more;

	start();
	CHECK_EQ(uart16550.listen(&uart16550), 0);
	for (unsigned i = 0; i < 50; i++)
		feed("0123456789");
	CHECK(!(u.ier & 1));
	while ((more = uart16550.read(&uart16550, got + n, 7)) > 0) {
		n += more;
		if (u.ier & 1)
			handler->handle(handler->arg);
	}
	CHECK_EQ(n, 500);
	for (unsigned i = 0; i < n; i++)
		CHECK_EQ(got[i], '0' + i % 10);
}

static void test_rabid_receiver(void)
{
	start();
	CHECK_EQ(uart16550.listen(&uart16550), 0);
	u.rabid = true;
	CHECK(handler->handle(handler->arg));
	CHECK(!(u.ier & 1));
	CHECK(!handler->handle(handler->arg));
}

int main(void)
{
	wait_queue_init(&reader);
	*uart16550.input = &reader;
	RUN(test_absent);
	RUN(test_newlines);
	RUN(test_long_text_waits_for_the_fifo);
	RUN(test_stuck_transmitter);
	RUN(test_input);
	RUN(test_full_ring_holds_the_sender_back);
	RUN(test_rabid_receiver);
	return check_done();
}
