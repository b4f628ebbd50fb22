// SPDX-License-Identifier: BSD-2-Clause
/*
 * pl011.c - the PrimeCell UART, and the subset of it that servers have. Ref: Arm DDI 0183, 3.3;
 * Server Base System Architecture (DEN 0029), appendix B.
 *
 * The one that the device tree calls standard output, else the first. Output is polled. Input
 * comes by interrupt into a small ring; when the ring is full the receive interrupt goes off
 * until somebody has read, so the sender is held back instead of bytes being lost.
 *
 * The line's speed is the firmware's: who switched the UART on has set it.
 */
#include <errno.h>
#include "arch/mmio.h"
#include "drivers/arm/consoles.h"
#include "drivers/bus/dt.h"
#include "kernel/irq.h"
#include "kernel/spinlock.h"

#define MAP_BYTES 0x48

#define REG_DATA    0x00
#define REG_FLAGS   0x18
#define REG_LINE    0x2c
#define REG_CONTROL 0x30
#define REG_MASK    0x38 /* of interrupts; 1: let through */
#define REG_PENDING 0x40 /* after the mask */
#define REG_CLEAR   0x44

#define DATA_BAD       0x700 /* framing, parity, break: bits of what is read */
#define FLAG_BUSY      (1u << 3)
#define FLAG_RX_EMPTY  (1u << 4)
#define FLAG_TX_FULL   (1u << 5)
#define LINE_FIFO      (1u << 4)
#define LINE_8N1       (3u << 5)
#define CONTROL_ENABLE (1u << 0)
#define CONTROL_TX     (1u << 8)
#define CONTROL_RX     (1u << 9)
#define IRQ_RX         (1u << 4)
#define IRQ_RX_TIMEOUT (1u << 6) /* fewer bytes than the FIFO's mark, and the line is quiet */
#define IRQ_ALL        0x7ff

#define INPUT_BYTES 64     /* a power of two */
#define LOOKS_MAX   200000 /* about 0.1 s on hardware; a byte at 9600 baud takes 1 ms */

static struct {
	char *regs;
	fdt_node_t node;
	bool stuck; /* did not drain last time: one look only until it does */

	struct spinlock lock;
	uint32_t head, tail; /* under lock: bytes put in, bytes taken out */
	char input[INPUT_BYTES];
} uart;

static uint32_t reg_read(unsigned reg)
{
	return mmio_read32(uart.regs + reg);
}

static void reg_write(unsigned reg, uint32_t v)
{
	mmio_write32(uart.regs + reg, v);
}

static bool is_uart(fdt_node_t node)
{
	const struct fdt *f = dt_get();

	return fdt_is_compatible(f, node, "arm,pl011") ||
	       fdt_is_compatible(f, node, "arm,sbsa-uart");
}

static fdt_node_t find_uart(void)
{
	struct fdt_chosen chosen;
	fdt_node_t node;

	if (!dt_get())
		return FDT_NONE;
	fdt_chosen(dt_get(), &chosen);
	if (is_uart(chosen.stdout_node))
		return chosen.stdout_node;
	node = dt_find(FDT_NONE, "arm,pl011");
	return node != FDT_NONE ? node : dt_find(FDT_NONE, "arm,sbsa-uart");
}

/* Waits until there is room for a byte, or with FLAG_BUSY until everything has left. */
static bool wait_clear(uint32_t flag)
{
	unsigned looks = uart.stuck ? 1 : LOOKS_MAX;

	while (reg_read(REG_FLAGS) & flag)
		if (--looks == 0) {
			uart.stuck = true;
			return false;
		}
	uart.stuck = false;
	return true;
}

/* Into the ring what waits in the receiver. Returns whether there was any. Under the lock. */
static bool receive(void)
{
	uint32_t before = uart.head;

	for (unsigned n = 0; n < INPUT_BYTES && uart.head - uart.tail < INPUT_BYTES; n++) {
		uint32_t v;

		if (reg_read(REG_FLAGS) & FLAG_RX_EMPTY)
			break;
		v = reg_read(REG_DATA);
		if (!(v & DATA_BAD))
			uart.input[uart.head++ % INPUT_BYTES] = (char)v;
	}
	return uart.head != before;
}

/* Nothing interrupts while the ring is full. */
static void update_mask(void)
{
	bool full = uart.head - uart.tail == INPUT_BYTES;

	reg_write(REG_MASK, full ? 0 : IRQ_RX | IRQ_RX_TIMEOUT);
}

/* 3.3.8: off, drained, and only then changed. A server's UART has no such registers. */
static void set_up(void)
{
	const uint32_t wanted = CONTROL_ENABLE | CONTROL_TX | CONTROL_RX;
	uint32_t control = reg_read(REG_CONTROL);

	if ((control & wanted) == wanted && (reg_read(REG_LINE) & LINE_FIFO))
		return;
	if (control & CONTROL_ENABLE)
		wait_clear(FLAG_BUSY);
	reg_write(REG_CONTROL, control & ~CONTROL_ENABLE);
	reg_write(REG_LINE, LINE_8N1 | LINE_FIFO);
	reg_write(REG_CONTROL, control | wanted);
}

static struct wait_queue *reader;

static bool pl011_probe(const struct console *c UNIK_UNUSED)
{
	uart.node = find_uart();
	if (uart.node == FDT_NONE)
		return false;
	uart.regs = dt_map(uart.node, 0, MAP_BYTES);
	if (!uart.regs)
		return false;
	reg_write(REG_MASK, 0);
	receive(); /* a change of the line control would lose it */
	if (fdt_is_compatible(dt_get(), uart.node, "arm,pl011"))
		set_up();
	return true;
}

static void pl011_write(const struct console *c UNIK_UNUSED, const char *text, size_t len)
{
	for (; len > 0 && wait_clear(FLAG_TX_FULL); text++, len--)
		reg_write(REG_DATA, (uint8_t)*text);
}

static bool pl011_irq(void *arg UNIK_UNUSED)
{
	irq_state_t s;
	bool got;

	if (!(reg_read(REG_PENDING) & (IRQ_RX | IRQ_RX_TIMEOUT)))
		return false;
	s = spin_lock_irqsave(&uart.lock);
	reg_write(REG_CLEAR, IRQ_RX | IRQ_RX_TIMEOUT);
	got = receive();
	update_mask();
	spin_unlock_irqrestore(&uart.lock, s);
	if (got)
		wait_queue_wake_all(reader);
	return true;
}

/* What was left in the receiver when the ring was full has had its interrupt, so it is taken over
 * here. */
static size_t pl011_read(const struct console *c UNIK_UNUSED, char *out, size_t len)
{
	irq_state_t s = spin_lock_irqsave(&uart.lock);
	bool was_full = uart.head - uart.tail == INPUT_BYTES;
	size_t n = 0;

	while (n < len && uart.tail != uart.head)
		out[n++] = uart.input[uart.tail++ % INPUT_BYTES];
	if (was_full && n > 0) {
		receive();
		update_mask();
	}
	spin_unlock_irqrestore(&uart.lock, s);
	return n;
}

static int pl011_listen(const struct console *c UNIK_UNUSED)
{
	static struct irq_handler handler;
	enum irq_trigger trigger;
	irq_state_t s;
	unsigned gsi;
	int ret;

	if (!dt_line(uart.node, 0, &gsi, &trigger))
		return -ENODEV;
	handler.handle = pl011_irq;
	ret = irq_connect_line(gsi, trigger, &handler);
	if (ret)
		return ret;
	s = spin_lock_irqsave(&uart.lock);
	reg_write(REG_CLEAR, IRQ_ALL);
	receive();
	update_mask();
	spin_unlock_irqrestore(&uart.lock, s);
	return 0;
}

const struct console pl011 = {
	.name = "pl011",
	.probe = pl011_probe,
	.write = pl011_write,
	.read = pl011_read,
	.listen = pl011_listen,
	.input = &reader,
};
