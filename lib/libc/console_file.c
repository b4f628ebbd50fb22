// SPDX-License-Identifier: BSD-2-Clause
#include "lib/libc/console_file.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "drivers/console.h"
#include "kernel/sealed.h"
#include "lib/libc/file_io.h"
#include "lib/libc/locks.h"

#define LINE_BYTES 256 /* the longest line; POSIX asks for _POSIX_MAX_CANON = 255 */

/* Control characters of a terminal, ASCII (ISO 646). */
#define CHAR_INTERRUPT    0x03 /* ^C */
#define CHAR_END_OF_INPUT 0x04 /* ^D */
#define CHAR_BACKSPACE    0x08
#define CHAR_KILL_LINE    0x15 /* ^U */
#define CHAR_DELETE       0x7f

static uint32_t write_lock; /* lib/libc/locks.h; so that lines stay whole */

/* The line being typed, and then read. */
static struct {
	uint32_t lock; /* guards what follows */
	bool listening;
	bool complete; /* by newline, end of input, or because it is full */
	unsigned len;  /* bytes typed */
	unsigned pos;  /* bytes read; < len only while complete */
	char text[LINE_BYTES];
} input;

static ssize_t console_file_write(struct file *f, const struct iovec *iov, int niov)
{
	size_t total = 0;

	(void)f;
	word_lock(&write_lock);
	for (int i = 0; i < niov; i++) {
		console_write(iov[i].iov_base, iov[i].iov_len);
		total += iov[i].iov_len;
	}
	word_unlock(&write_lock);
	return (ssize_t)total;
}

static void take_back(unsigned n)
{
	for (; n > 0; n--) {
		input.len--;
		console_write("\b \b", 3);
	}
}

void (*SEALED console_interrupt)(void);

static void type_char(char c)
{
	if (c == CHAR_BACKSPACE || c == CHAR_DELETE) {
		take_back(input.len > 0);
	} else if (c == CHAR_KILL_LINE) {
		take_back(input.len);
	} else if (c == CHAR_INTERRUPT) {
		if (!console_interrupt)
			_exit(128 + SIGINT);
		console_interrupt();
	} else if (c == CHAR_END_OF_INPUT) {
		input.complete = true;
	} else {
		if (c == '\r')
			c = '\n';
		input.text[input.len++] = c;
		console_write(&c, 1);
		input.complete = c == '\n' || input.len == LINE_BYTES;
	}
}

/* Take what was typed, up to the end of a line. Under input.lock. */
static void collect(const struct console *console)
{
	char c;

	if (!input.listening) {
		*console->input = &console_file.wait;
		input.listening = console->listen == NULL || console->listen(console) == 0;
	}
	while (!input.complete && console->read(console, &c, 1) == 1)
		type_char(c);
}

/* Is there a line, or the end of input? */
static bool input_ready(void)
{
	const struct console *console = console_get();
	bool ready;

	if (!console || !console->read)
		return true; /* a device without input is at its end */
	word_lock(&input.lock);
	collect(console);
	ready = input.complete;
	word_unlock(&input.lock);
	return ready;
}

/* Up to `len` bytes of the line. Returns the count, 0 at the end of input; -EAGAIN when another
 * thread has taken the line. */
static ssize_t take_line(char *out, size_t len)
{
	const struct console *console = console_get();
	ssize_t n = console && console->read ? -EAGAIN : 0;

	word_lock(&input.lock);
	if (input.complete) {
		n = (ssize_t)MIN(len, (size_t)(input.len - input.pos));
		memcpy(out, input.text + input.pos, (size_t)n);
		input.pos += (unsigned)n;
		if (input.pos == input.len) {
			input.len = input.pos = 0;
			input.complete = false;
		}
	}
	word_unlock(&input.lock);
	return n;
}

size_t console_file_take_typed(char *out, size_t size)
{
	size_t n;

	word_lock(&input.lock);
	n = MIN((size_t)(input.len - input.pos), size);
	memcpy(out, input.text + input.pos, n);
	input.len = input.pos = 0;
	input.complete = false;
	word_unlock(&input.lock);
	return n;
}

static ssize_t console_file_read(struct file *f, const struct iovec *iov, int niov)
{
	ssize_t n;

	while (niov > 0 && iov->iov_len == 0)
		iov++, niov--;
	if (niov == 0)
		return 0;
	do {
		if (f->flags & O_NONBLOCK) {
			if (!input_ready())
				return -EAGAIN;
		} else if (wait_event_interruptible(&f->wait, input_ready())) {
			return -EINTR;
		}
		n = take_line(iov->iov_base, iov->iov_len);
	} while (n == -EAGAIN);
	return n;
}

static short console_file_poll(struct file *f, short events)
{
	(void)f;
	return POLLOUT | (input_ready() ? POLLIN : 0);
}

static int console_file_stat(struct file *f, struct stat *out)
{
	(void)f;
	out->st_mode = S_IFCHR | S_IRUSR | S_IWUSR;
	out->st_nlink = 1;
	out->st_blksize = 1024;
	return 0;
}

static int console_file_control(struct file *f, unsigned long request, void *arg)
{
	(void)f;
	(void)arg;
	return request == FILE_CONTROL_IS_TERMINAL ? 0 : -ENOTTY;
}

static void console_file_release(struct file *f)
{
	(void)f;
}

static const struct file_ops console_file_ops = {
	.read = console_file_read,
	.write = console_file_write,
	.stat = console_file_stat,
	.control = console_file_control,
	.poll = console_file_poll,
	.release = console_file_release,
};

/* A reference for each of 0, 1 and 2, and one that is never dropped. */
struct file console_file = {
	.ops = &console_file_ops,
	.refs = 4,
	.flags = O_RDWR,
	.wait = WAIT_QUEUE_INIT(console_file.wait),
};
