// SPDX-License-Identifier: BSD-2-Clause
/* Takes two connections to port 80, does as argv[1] says with the first, ends with both open. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CLIENTS     2
#define REPLY_BYTES 200000

int main(int argc, char **argv)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons(80) };
	int listener = socket(AF_INET, SOCK_STREAM, 0), client[CLIENTS];
	static char reply[REPLY_BYTES];

	if (argc < 2 || bind(listener, (struct sockaddr *)&here, sizeof(here)) ||
	    listen(listener, 5))
		return 1;
	puts("ready");
	for (int i = 0; i < CLIENTS; i++)
		client[i] = accept(listener, NULL, NULL);
	memset(reply, 'x', sizeof(reply));
	if (!strcmp(argv[1], "unread"))
		sleep(1); /* what the clients say comes, and nobody reads it */
	else if (send(client[0], reply, sizeof(reply), 0) != sizeof(reply))
		return 2;
	if (!strcmp(argv[1], "_exit"))
		_exit(7);
	return 7;
}
