// SPDX-License-Identifier: BSD-2-Clause
#include "lib/posix/services.h"
#include <string.h>

/* IANA's registry, for TCP and UDP alike. */
static const struct {
	char name[10];
	uint16_t port;
} services[] = {
	{ "echo", 7 },     { "discard", 9 }, { "ftp", 21 },     { "ssh", 22 },     { "telnet", 23 },
	{ "smtp", 25 },    { "domain", 53 }, { "tftp", 69 },    { "http", 80 },    { "pop3", 110 },
	{ "ntp", 123 },    { "imap", 143 },  { "snmp", 161 },   { "ldap", 389 },   { "https", 443 },
	{ "syslog", 514 }, { "mqtt", 1883 }, { "mysql", 3306 }, { "redis", 6379 },
};

static int number_of(const char *text)
{
	unsigned n = 0;

	if (!*text)
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		n = n * 10 + (*text - '0');
		if (n > 65535)
			return -1;
	}
	return n;
}

int service_port(const char *name, bool numeric_only)
{
	int port = number_of(name);

	if (port >= 0 || numeric_only)
		return port;
	for (size_t i = 0; i < ARRAY_SIZE(services); i++)
		if (!strcmp(services[i].name, name))
			return services[i].port;
	return -1;
}

const char *service_name(unsigned port)
{
	for (size_t i = 0; i < ARRAY_SIZE(services); i++)
		if (services[i].port == port)
			return services[i].name;
	return NULL;
}
