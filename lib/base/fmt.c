// SPDX-License-Identifier: BSD-2-Clause
#include "lib/base/fmt.h"

/* UNIK_COLD: formatting is never hot, and is better small: not inlined, optimised for size. */

struct sink {
	char *text;
	size_t limit; /* bytes of text that may be written, without the terminator */
	size_t len;   /* bytes that were wanted so far */
};

/* One conversion, from '%' to the letter. */
struct spec {
	bool left, zero, negative;
	unsigned value_bytes; /* of an integer argument */
	size_t width, precision;
};

static void put(struct sink *s, char c)
{
	if (s->len < s->limit)
		s->text[s->len] = c;
	s->len++;
}

static UNIK_COLD void put_repeated(struct sink *s, char c, size_t n)
{
	while (n--)
		put(s, c);
}

/* A field of text: padding, then the sign that zeros go behind, then the text. */
static UNIK_COLD void put_field(struct sink *s, const struct spec *spec, const char *prefix,
				const char *text, size_t len)
{
	size_t prefix_len = 0, pad;

	while (prefix[prefix_len])
		prefix_len++;
	pad = spec->width > len + prefix_len ? spec->width - len - prefix_len : 0;
	if (!spec->left && !spec->zero)
		put_repeated(s, ' ', pad);
	while (*prefix)
		put(s, *prefix++);
	if (!spec->left && spec->zero)
		put_repeated(s, '0', pad);
	while (len--)
		put(s, *text++);
	if (spec->left)
		put_repeated(s, ' ', pad);
}

static UNIK_COLD void put_number(struct sink *s, const struct spec *spec, const char *prefix,
				 uint64_t value, unsigned base, char ten)
{
	char digits[20], *p = digits + sizeof(digits);

	do {
		unsigned d = value % base;

		*--p = d < 10 ? '0' + d : ten + d - 10;
		value /= base;
	} while (value);
	put_field(s, spec, prefix, p, digits + sizeof(digits) - p);
}

static UNIK_COLD void put_string(struct sink *s, struct spec *spec, const char *text)
{
	size_t len = 0;

	if (!text)
		text = "(null)";
	while (len < spec->precision && text[len])
		len++;
	spec->zero = false;
	put_field(s, spec, "", text, len);
}

/* The number at *f, or the next argument for '*'; a negative one is 0 here. */
static UNIK_COLD const char *parse_count(const char *f, va_list *ap, size_t *out)
{
	size_t n = 0;

	if (*f == '*') {
		int v = va_arg(*ap, int);

		*out = v < 0 ? 0 : v;
		return f + 1;
	}
	while (*f >= '0' && *f <= '9')
		n = n * 10 + (*f++ - '0');
	*out = n;
	return f;
}

static const char *parse_length(const char *f, unsigned *value_bytes)
{
	for (*value_bytes = sizeof(int);; f++) {
		if (*f == 'h')
			*value_bytes /= 2;
		else if (*f == 'l')
			*value_bytes =
				*value_bytes == sizeof(int) ? sizeof(long) : sizeof(long long);
		else if (*f == 'j')
			*value_bytes = sizeof(intmax_t);
		else if (*f == 'z' || *f == 't')
			*value_bytes = sizeof(size_t);
		else
			return f;
	}
}

static UNIK_COLD const char *parse_spec(const char *f, va_list *ap, struct spec *spec)
{
	*spec = (struct spec){ .precision = SIZE_MAX };
	for (;; f++) {
		if (*f == '-')
			spec->left = true;
		else if (*f == '0')
			spec->zero = true;
		else
			break;
	}
	f = parse_count(f, ap, &spec->width);
	if (*f == '.')
		f = parse_count(f + 1, ap, &spec->precision);
	return parse_length(f, &spec->value_bytes);
}

/* An integer argument of spec->value_bytes, extended by its sign if it has one. */
static UNIK_COLD uint64_t integer_arg(struct spec *spec, va_list *ap, bool is_signed)
{
	unsigned spare = 64 - 8 * spec->value_bytes;
	uint64_t v =
		spec->value_bytes > sizeof(int) ? va_arg(*ap, uint64_t) : va_arg(*ap, unsigned);

	if (!is_signed)
		return v << spare >> spare;
	v = (uint64_t)((int64_t)(v << spare) >> spare);
	spec->negative = (int64_t)v < 0;
	return spec->negative ? -v : v;
}

static void put_integer(struct sink *s, struct spec *spec, char conversion, va_list *ap)
{
	bool is_signed = conversion == 'd' || conversion == 'i';
	bool is_hex = (conversion | 0x20) == 'x';
	uint64_t v = integer_arg(spec, ap, is_signed);

	put_number(s, spec, spec->negative ? "-" : "", v, is_hex ? 16 : 10,
		   conversion == 'X' ? 'A' : 'a');
}

/* Returns false for a letter that is no conversion. */
static bool put_conversion(struct sink *s, struct spec *spec, char conversion, va_list *ap)
{
	char c;

	switch (conversion) {
	case 'd':
	case 'i':
	case 'u':
	case 'x':
	case 'X':
		put_integer(s, spec, conversion, ap);
		return true;
	case 'p':
		put_number(s, spec, "0x", (uintptr_t)va_arg(*ap, void *), 16, 'a');
		return true;
	case 's':
		put_string(s, spec, va_arg(*ap, const char *));
		return true;
	case 'c':
	case '%':
		c = conversion == 'c' ? va_arg(*ap, int) : '%';
		put_field(s, spec, "", &c, 1);
		return true;
	default:
		return false;
	}
}

static UNIK_COLD void format_all(struct sink *s, const char *f, va_list *ap)
{
	struct spec spec;

	while (*f) {
		const char *start = f;

		if (*f++ != '%') {
			put(s, *start);
			continue;
		}
		f = parse_spec(f, ap, &spec);
		if (*f && put_conversion(s, &spec, *f, ap)) {
			f++;
			continue;
		}
		while (start < f) /* not a conversion: show it as it is */
			put(s, *start++);
	}
}

size_t fmt_vsnprintf(char *out, size_t size, const char *format, va_list ap)
{
	struct sink s = { .text = out, .limit = size ? size - 1 : 0 };
	va_list args;

	/* A copy, because the address of a parameter of an array type is not a va_list *. */
	va_copy(args, ap);
	format_all(&s, format, &args);
	va_end(args);
	if (size)
		out[MIN(s.len, s.limit)] = '\0';
	return s.len;
}

size_t fmt_snprintf(char *out, size_t size, const char *format, ...)
{
	va_list ap;
	size_t len;

	va_start(ap, format);
	len = fmt_vsnprintf(out, size, format, ap);
	va_end(ap);
	return len;
}
