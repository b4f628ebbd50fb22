// SPDX-License-Identifier: BSD-2-Clause
/*
 * tty.c - the line discipline of a terminal (POSIX.1-2017, XBD chapter 11).
 *
 * What was typed is in a ring of entries: a byte, and whether it ends a line. By lines (ICANON)
 * a reader gets at what lies before `whole`, the end of the last whole line; what follows may be
 * taken back. Otherwise everything is a reader's at once. The end of input is an entry without a
 * byte.
 */
#include "lib/posix/tty.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/termios.h>
#include "drivers/console.h"
#include "kernel/mutex.h"
#include "kernel/time.h"
#include "lib/libc/console_file.h"
#include "lib/libc/file_io.h"

#define RING_ENTRIES 1024u /* power of two */
#define ENDS_LINE    0x100
#define NO_BYTE      0x200 /* end of input */

#define IFLAGS       (ISTRIP | INLCR | IGNCR | ICRNL)
#define OFLAGS       (OPOST | ONLCR)
#define CFLAGS_FIXED (CS8 | CREAD | CLOCAL)
#define LFLAGS       (ICANON | ECHO | ECHOE | ECHOK | ECHONL)

#define CONTROL(letter) ((letter)&0x1f)
#define RUBOUT          0x7f

static struct mutex input_lock = MUTEX_INIT(input_lock);   /* guards all but what it reads: */
static struct mutex output_lock = MUTEX_INIT(output_lock); /* so that lines stay whole */

static uint16_t ring[RING_ENTRIES];
static uint32_t head, whole, tail; /* entries ever typed, in whole lines, read; modulo 2^32 */
static struct winsize size;
static struct termios mode = {
	.c_iflag = ICRNL,
	.c_oflag = OPOST | ONLCR,
	.c_cflag = CFLAGS_FIXED,
	.c_lflag = ICANON | ECHO | ECHOE | ECHOK,
	.c_cc = { [VINTR] = CONTROL('C'),
		  [VQUIT] = CONTROL('\\'),
		  [VERASE] = RUBOUT,
		  [VKILL] = CONTROL('U'),
		  [VEOF] = CONTROL('D'),
		  [VMIN] = 1,
		  [VSTART] = CONTROL('Q'),
		  [VSTOP] = CONTROL('S'),
		  [VSUSP] = CONTROL('Z') },
	.c_ispeed = B115200,
	.c_ospeed = B115200,
};

static bool by_lines(void)
{
	return mode.c_lflag & ICANON;
}

static uint32_t readable(void)
{
	return (by_lines() ? whole : head) - tail;
}

static void echo(const char *text, size_t len)
{
	if (mode.c_lflag & ECHO)
		console_write(text, len);
}

static void append(uint16_t entry)
{
	ring[head++ % RING_ENTRIES] = entry;
	if (entry & ENDS_LINE)
		whole = head;
}

static void take_back(uint32_t n)
{
	for (; n > 0; n--) {
		head--;
		if (mode.c_lflag & ECHOE)
			echo("\b \b", 3);
	}
}

static bool is_control(uint8_t c, int which)
{
	return mode.c_cc[which] != 0 && c == mode.c_cc[which];
}

/* A byte of a line. The last entry of the ring is for the line's end. */
static void type_line(uint8_t c)
{
	bool ends = c == '\n' || is_control(c, VEOL);

	if (is_control(c, VERASE) || (c == '\b' && mode.c_cc[VERASE] == RUBOUT)) {
		take_back(head != whole);
	} else if (is_control(c, VKILL)) {
		take_back(head - whole);
	} else if (is_control(c, VEOF)) {
		append(ENDS_LINE | NO_BYTE);
	} else if (ends || head - tail < RING_ENTRIES - 1) {
		append(ends ? ENDS_LINE | c : c);
		if (c == '\n' && mode.c_lflag & ECHONL)
			console_write("\n", 1);
		else
			echo((char *)&c, 1);
	}
}

static void type_byte(uint8_t c)
{
	if (mode.c_iflag & ISTRIP)
		c &= 0x7f;
	if (c == '\r' && mode.c_iflag & IGNCR)
		return;
	if (c == '\r' && mode.c_iflag & ICRNL)
		c = '\n';
	else if (c == '\n' && mode.c_iflag & INLCR)
		c = '\r';
	if (by_lines()) {
		type_line(c);
	} else {
		append(c);
		echo((char *)&c, 1);
	}
}

/* Take what the device has. Under input_lock. */
static void collect(const struct console *console)
{
	char c;

	if (*console->input != &console_file.wait) { /* else the plain console listens already */
		*console->input = &console_file.wait;
		if (console->listen)
			(void)console->listen(console);
	}
	while (head - tail < RING_ENTRIES && console->read(console, &c, 1) == 1)
		type_byte((uint8_t)c);
}

/* How much can be read. A device without input is at its end. */
static uint32_t available(void)
{
	const struct console *console = console_get();
	uint32_t n = 1;

	if (console && console->read) {
		mutex_lock(&input_lock);
		collect(console);
		n = readable();
		mutex_unlock(&input_lock);
	}
	return n;
}

/* Up to `len` bytes, of one line if by lines. Returns the count; -EAGAIN somebody else took it. */
static ssize_t take(char *out, size_t len)
{
	size_t n = 0;
	ssize_t none;

	mutex_lock(&input_lock);
	none = readable() ? 0 : -EAGAIN;
	while (readable() && n < len) {
		uint16_t entry = ring[tail++ % RING_ENTRIES];

		if (!(entry & NO_BYTE))
			out[n++] = (char)entry;
		if (by_lines() && entry & ENDS_LINE)
			break;
	}
	/* The end of input behind a line that just fitted is that line's. */
	if (by_lines() && n > 0 && readable() &&
	    ring[tail % RING_ENTRIES] == (ENDS_LINE | NO_BYTE) &&
	    !(ring[(tail - 1) % RING_ENTRIES] & ENDS_LINE))
		tail++;
	if ((int32_t)(whole - tail) < 0)
		whole = tail;
	mutex_unlock(&input_lock);
	return n ? (ssize_t)n : none;
}

/* Wait without lines: for c_cc[VMIN] bytes, each at most c_cc[VTIME] after the one before. Returns
 * when as much is there as will be: 0 or -EINTR. Ref: XBD 11.1.7. */
static int wait_bytes(struct file *f, size_t len)
{
	ns_t span = mode.c_cc[VTIME] * (NS_PER_S / 10);
	uint32_t least = (uint32_t)MIN(len, (size_t)mode.c_cc[VMIN]), have = 0;
	ns_t deadline = least || !span ? NS_NEVER : time_deadline(span);

	if (least == 0 && span == 0) {
		available();
		return 0;
	}
	while (have < MAX(least, 1u)) {
		int err = wait_event_interruptible_until(&f->wait, available() > have, deadline);

		if (err)
			return err == -EINTR && have == 0 ? err : 0;
		have = available();
		if (span)
			deadline = time_deadline(span);
	}
	return 0;
}

static ssize_t tty_read(struct file *f, const struct iovec *iov, int niov)
{
	const struct console *console = console_get();
	ssize_t n;

	while (niov > 0 && iov->iov_len == 0)
		iov++, niov--;
	if (niov == 0 || !console || !console->read)
		return 0;
	for (;;) {
		bool lines = by_lines(), nonblocking = READ_ONCE(f->flags) & O_NONBLOCK;

		if (nonblocking)
			n = available() ? 0 : -EAGAIN;
		else if (lines)
			n = wait_event_interruptible(&f->wait, available() > 0);
		else
			n = wait_bytes(f, iov->iov_len);
		if (n == -EINTR)
			return n;
		n = take(iov->iov_base, iov->iov_len);
		if (n != -EAGAIN || nonblocking)
			return n;
		if (!lines && (mode.c_cc[VMIN] == 0))
			return 0;
	}
}

static void put(const char *text, size_t len)
{
	const struct console *console = console_get();

	if ((mode.c_oflag & OFLAGS) == OFLAGS)
		console_write(text, len);
	else if (console && len)
		console->write(console, text, len);
}

static ssize_t tty_write(struct file *f, const struct iovec *iov, int niov)
{
	size_t total = 0;

	mutex_lock(&output_lock);
	for (int i = 0; i < niov; i++) {
		put(iov[i].iov_base, iov[i].iov_len);
		total += iov[i].iov_len;
	}
	mutex_unlock(&output_lock);
	return (ssize_t)total;
}

static short tty_poll(struct file *f, short events)
{
	uint32_t least = by_lines() || mode.c_cc[VTIME] ? 1 : MAX(mode.c_cc[VMIN], (cc_t)1);

	return POLLOUT | (available() >= least ? POLLIN : 0);
}

static int tty_stat(struct file *f, struct stat *out)
{
	out->st_mode = S_IFCHR | S_IRUSR | S_IWUSR;
	out->st_nlink = 1;
	out->st_blksize = 1024;
	return 0;
}

static void flush_input(void)
{
	available();
	mutex_lock(&input_lock);
	tail = whole = head;
	mutex_unlock(&input_lock);
}

static void set_mode(const struct termios *to)
{
	mutex_lock(&input_lock);
	mode = *to;
	mode.c_iflag &= IFLAGS;
	mode.c_oflag &= OFLAGS;
	mode.c_cflag = CFLAGS_FIXED;
	mode.c_lflag &= LFLAGS;
	whole = by_lines() ? head : whole; /* what came without lines is one */
	mutex_unlock(&input_lock);
	wait_queue_wake_all(&console_file.wait);
}

static int tty_control(struct file *f, unsigned long request, void *arg)
{
	switch (request) {
	case FILE_CONTROL_IS_TERMINAL:
		return 0;
	case TCGETS:
		*(struct termios *)arg = mode;
		return 0;
	case TCSETSF:
		flush_input();
		set_mode(arg);
		return 0;
	case TCSETS:
	case TCSETSW:
		set_mode(arg);
		return 0;
	case TCFLSH:
		if ((uintptr_t)arg > TCIOFLUSH)
			return -EINVAL;
		if ((uintptr_t)arg != TCOFLUSH)
			flush_input();
		return 0;
	case FIONREAD:
		*(int *)arg = (int)available();
		return 0;
	case TIOCGWINSZ:
		*(struct winsize *)arg = size;
		return 0;
	case TIOCSWINSZ:
		size = *(struct winsize *)arg;
		return 0;
	default:
		return -ENOTTY;
	}
}

static void tty_release(struct file *f)
{
}

static const struct file_ops tty_ops = {
	.read = tty_read,
	.write = tty_write,
	.stat = tty_stat,
	.control = tty_control,
	.poll = tty_poll,
	.release = tty_release,
};

void tty_install(void)
{
	char typed[256];
	size_t n;

	if (__atomic_exchange_n(&console_file.ops, &tty_ops, __ATOMIC_ACQ_REL) == &tty_ops)
		return;
	n = console_file_take_typed(typed, sizeof(typed));
	mutex_lock(&input_lock);
	for (size_t i = 0; i < n; i++)
		append(typed[i] == '\n' ? ENDS_LINE | '\n' : (uint8_t)typed[i]);
	mutex_unlock(&input_lock);
}
