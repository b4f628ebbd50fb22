// SPDX-License-Identifier: BSD-2-Clause
/*
 * resolve - looks names up for the system tests:
 *
 *   resolve WORD...    4:NAME, 6:NAME or a:NAME, any family; prints addresses or EAI_ numbers
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

static void look_up(const char *word)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list, *a;
	char text[INET6_ADDRSTRLEN];
	int err;

	hints.ai_family = *word == '4' ? AF_INET : *word == '6' ? AF_INET6 : AF_UNSPEC;
	err = getaddrinfo(word + 2, "80", &hints, &list);
	printf("%s =", word);
	if (err) {
		printf(" %d\n", err);
		return;
	}
	for (a = list; a; a = a->ai_next) {
		getnameinfo(a->ai_addr, a->ai_addrlen, text, sizeof(text), NULL, 0, NI_NUMERICHOST);
		printf(" %s", text);
	}
	printf("\n");
	freeaddrinfo(list);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		look_up(argv[i]);
	return 0;
}
