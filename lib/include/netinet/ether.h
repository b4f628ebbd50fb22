// SPDX-License-Identifier: BSD-2-Clause
/*
 * netinet/ether.h - Ethernet addresses as text.
 *
 * Threading: any thread; the results of the forms without _r last until the same thread's next
 * call. Errors: NULL, the text is no address.
 */
#pragma once
#include <netinet/if_ether.h>

__BEGIN_DECLS

char *ether_ntoa(const struct ether_addr *__addr);
char *ether_ntoa_r(const struct ether_addr *__addr, char *__text);
struct ether_addr *ether_aton(const char *__text);
struct ether_addr *ether_aton_r(const char *__text, struct ether_addr *__addr);

__END_DECLS
