// SPDX-License-Identifier: BSD-2-Clause
/*
 * resolve - looks names up for the system tests:
 *
 *   resolve WORD...    4:NAME, 6:NAME or a:NAME, any family; prints addresses or EAI_ numbers
 *                      u:ADDRESS waits for a way there;
 *                      f:PATH prints a file
 */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

static void wait_route(const char *word)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	inet_pton(AF_INET, word + 2, &to.sin_addr);
	printf("%s = %d\n", word, connect(s, (struct sockaddr *)&to, sizeof(to)));
	close(s);
}

static void print_file(const char *word)
{
	char line[200];
	FILE *f = fopen(word + 2, "r");

	while (f && fgets(line, sizeof(line), f))
		printf("%s = %s", word, line);
	if (f)
		fclose(f);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (argv[i][0] == 'u')
			wait_route(argv[i]);
		else if (argv[i][0] == 'f')
			print_file(argv[i]);
		else
			look_up(argv[i]);
	return 0;
}
