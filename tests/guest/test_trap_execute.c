// SPDX-License-Identifier: BSD-2-Clause
// expect: panic status=134 output="panic"
/* Data cannot be executed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
	unsigned char *code = malloc(16);
	void (*call)(void);

	memset(code, 0xc3, 16); /* "ret", were it code */
	memcpy(&call, &code, sizeof(call));
	call();
	puts("not caught");
	return 0;
}
