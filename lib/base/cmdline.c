// SPDX-License-Identifier: BSD-2-Clause
#include "lib/base/cmdline.h"

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool cmdline_word(const char **at, char *out, size_t size)
{
	const char *in = *at;
	size_t len = 0;
	char quote = 0;

	while (is_blank(*in))
		in++;
	*at = in;
	if (*in == '\0')
		return false;
	for (; *in && (quote || !is_blank(*in)); in++) {
		if (quote ? *in == quote : *in == '"' || *in == '\'') {
			quote = quote ? 0 : *in;
			continue;
		}
		if (*in == '\\' && quote != '\'' && in[1])
			in++;
		if (len < size - 1)
			out[len++] = *in;
	}
	out[len] = '\0';
	*at = in;
	return true;
}
