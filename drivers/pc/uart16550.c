// SPDX-License-Identifier: BSD-2-Clause
/*
 * uart16550.c - the first serial port. Ref: National Semiconductor PC16550D data sheet, 8.0.
 *
 * Output is polled. Input comes by interrupt into a small ring; when the ring is full the
 * receive interrupt goes off until somebody has read, so the sender is held back instead of
 * bytes being lost.
 */
#include "drivers/pc/consoles.h"
#include "kernel/irq.h"
#include "kernel/spinlock.h"
#include <asm/port.h>

#define UART_BASE    0x3f8
#define UART_GSI     4
#define UART_DIVISOR 1 /* 115200 baud */

/* Registers, 8.1 to 8.8 */
#define REG_DATA    (UART_BASE + 0)
#define REG_IER     (UART_BASE + 1)
#define REG_FCR     (UART_BASE + 2) /* written */
#define REG_IIR     (UART_BASE + 2) /* read */
#define REG_LCR     (UART_BASE + 3)
#define REG_MCR     (UART_BASE + 4)
#define REG_LSR     (UART_BASE + 5)
#define REG_MSR     (UART_BASE + 6)
#define REG_SCRATCH (UART_BASE + 7)

#define IER_RECEIVED  0x01
#define FCR_ENABLE    0x03 /* and empty the receiver */
#define IIR_IDLE      0x01
#define IIR_FIFO      0xc0
#define LCR_8N1       0x03
#define LCR_DIVISOR   0x80
#define MCR_DTR_RTS   0x03
#define MCR_OUT2      0x08 /* lets the interrupt through, on a PC */
#define MCR_LOOPBACK  0x10
#define LSR_RECEIVED  0x01
#define LSR_THR_EMPTY 0x20

#define FIFO_BYTES  16
#define INPUT_BYTES 64     /* a power of two */
#define LOOKS_MAX   100000 /* about 0.1 s on hardware; 16 bytes at 115200 baud take 1.4 ms */

static struct {
	uint8_t fifo_bytes;
	bool stuck; /* did not drain last time: one look only until it does */

	struct spinlock lock;
	uint32_t head, tail; /* under lock: bytes put in, bytes taken out */
	char input[INPUT_BYTES];
} uart;

static struct wait_queue *reader;

/* In loopback the modem control outputs come back as modem status inputs, so a register file
 * that is not there, or is something else, does not pass. */
static bool is_uart(void)
{
	bool ok;

	port_out8(REG_SCRATCH, 0x5a);
	if (port_in8(REG_SCRATCH) != 0x5a)
		return false;
	port_out8(REG_MCR, MCR_LOOPBACK | 0x0a); /* RTS and OUT2 are seen as CTS and DCD */
	ok = (port_in8(REG_MSR) & 0xf0) == 0x90;
	port_out8(REG_MCR, MCR_DTR_RTS);
	return ok;
}

/* What was typed before we are there waits in the receiver; switching the FIFO on would lose it. */
static void keep_early_input(void)
{
	for (unsigned n = 0; n < FIFO_BYTES && port_in8(REG_LSR) & LSR_RECEIVED; n++)
		uart.input[uart.head++ % INPUT_BYTES] = (char)port_in8(REG_DATA);
}

static bool uart_probe(const struct console *c UNIK_UNUSED)
{
	if (!is_uart())
		return false;
	port_out8(REG_IER, 0);
	port_out8(REG_LCR, LCR_8N1);
	keep_early_input();
	port_out8(REG_LCR, LCR_DIVISOR | LCR_8N1);
	port_out8(REG_DATA, UART_DIVISOR);
	port_out8(REG_IER, 0);
	port_out8(REG_LCR, LCR_8N1);
	port_out8(REG_FCR, FCR_ENABLE);
	uart.fifo_bytes = (port_in8(REG_IIR) & IIR_FIFO) == IIR_FIFO ? FIFO_BYTES : 1;
	return true;
}

/* The transmitter takes a whole FIFO without being asked in between once it is empty. */
static bool wait_transmitter(void)
{
	unsigned looks = uart.stuck ? 1 : LOOKS_MAX;

	while (!(port_in8(REG_LSR) & LSR_THR_EMPTY))
		if (--looks == 0) {
			uart.stuck = true;
			return false;
		}
	uart.stuck = false;
	return true;
}

static void uart_write(const struct console *c UNIK_UNUSED, const char *text, size_t len)
{
	while (len > 0 && wait_transmitter()) {
		size_t chunk = MIN(len, (size_t)uart.fifo_bytes);

		port_out8_string(REG_DATA, text, chunk);
		text += chunk;
		len -= chunk;
	}
}

static bool uart_irq(void *arg UNIK_UNUSED)
{
	irq_state_t s;
	bool got = false;

	if (port_in8(REG_IIR) & IIR_IDLE)
		return false;
	s = spin_lock_irqsave(&uart.lock);
	while (uart.head - uart.tail < INPUT_BYTES && port_in8(REG_LSR) & LSR_RECEIVED) {
		uart.input[uart.head++ % INPUT_BYTES] = (char)port_in8(REG_DATA);
		got = true;
	}
	if (uart.head - uart.tail == INPUT_BYTES)
		port_out8(REG_IER, 0);
	spin_unlock_irqrestore(&uart.lock, s);
	if (got)
		wait_queue_wake_all(reader);
	return got;
}

static size_t uart_read(const struct console *c UNIK_UNUSED, char *out, size_t len)
{
	irq_state_t s = spin_lock_irqsave(&uart.lock);
	bool was_full = uart.head - uart.tail == INPUT_BYTES;
	size_t n = 0;

	while (n < len && uart.tail != uart.head)
		out[n++] = uart.input[uart.tail++ % INPUT_BYTES];
	if (was_full && n > 0)
		port_out8(REG_IER, IER_RECEIVED);
	spin_unlock_irqrestore(&uart.lock, s);
	return n;
}

static int uart_listen(const struct console *c UNIK_UNUSED)
{
	static struct irq_handler handler;
	int ret;

	handler.handle = uart_irq;
	ret = irq_connect_line(UART_GSI, IRQ_EDGE_HIGH, &handler);
	if (ret)
		return ret;
	port_out8(REG_MCR, MCR_DTR_RTS | MCR_OUT2);
	port_out8(REG_IER, IER_RECEIVED);
	return 0;
}

const struct console uart16550 = {
	.name = "uart16550",
	.probe = uart_probe,
	.write = uart_write,
	.read = uart_read,
	.listen = uart_listen,
	.input = &reader,
};
