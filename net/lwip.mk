# SPDX-License-Identifier: BSD-2-Clause
# lwIP: which of its sources are compiled (its sequential and sockets API, timers, heap and pools
# are replaced by net/), and how they and their users find its headers.
#
# Gives   $(lwip-obj)   what belongs into the library

lwip-y := core/def.c core/ip.c core/netif.c core/pbuf.c core/dns.c \
	core/tcp.c core/tcp_in.c core/tcp_out.c core/udp.c \
	core/ipv4/dhcp.c core/ipv4/etharp.c core/ipv4/icmp.c core/ipv4/ip4.c \
	core/ipv4/igmp.c core/ipv4/ip4_addr.c core/ipv4/ip4_frag.c \
	core/ipv6/ethip6.c core/ipv6/icmp6.c core/ipv6/inet6.c core/ipv6/ip6.c \
	core/ipv6/ip6_addr.c core/ipv6/ip6_frag.c core/ipv6/mld6.c core/ipv6/nd6.c \
	netif/ethernet.c

# Called for every packet; the rest is made small.
lwip-fast := core/pbuf.c
# Seldom called, or large for what they do.
lwip-cold := core/dns.c core/netif.c core/tcp.c core/udp.c core/ipv4/dhcp.c \
	core/ipv4/etharp.c core/ipv4/icmp.c core/ipv4/ip4_addr.c core/ipv4/ip4_frag.c \
	core/ipv6/icmp6.c core/ipv6/inet6.c core/ipv6/ip6.c core/ipv6/ip6_addr.c \
	core/ipv6/ip6_frag.c core/ipv6/mld6.c core/ipv6/nd6.c

# Arguments that cannot come from outside (a NULL pcb and the like) are checked in the host builds
# only. In pbuf.c the same macro also refuses what a packet's lengths make impossible.
lwip-trusting := $(filter-out core/pbuf.c,$(lwip-y))

lwip-obj    := $(lwip-y:%=$(O)/obj/lwip/%.o)
lwip-cflags := -Inet -I$(LWIP_SRC)/src/include
lwip-users  := $(filter net/%,$(src-y))

$(lwip-users:%=$(O)/obj/%.o): unik-cflags += $(lwip-cflags)
$(lwip-users:%=$(O)/obj/%.o): | $(LWIP_READY)
$(lwip-y:%=$(LWIP_SRC)/src/%): $(LWIP_READY) ;

$(lwip-trusting:%=$(O)/obj/lwip/%.o): lwip-checks = '-DLWIP_ERROR(what,good,otherwise)='
$(lwip-fast:%=$(O)/obj/lwip/%.o): opt = $(opt-fast)
# IGMP is reached through pointers (net/igmp_hooks.h).
lwip-igmp-names := lookfor_group input report_groups start stop
$(O)/obj/lwip/core/ipv4/ip4.c.o $(O)/obj/lwip/core/netif.c.o: lwip-names = \
	$(foreach n,$(lwip-igmp-names),-Digmp_$(n)=net_igmp_$(n))
$(lwip-cold:%=$(O)/obj/lwip/%.o): opt = $(opt-cold)

$(lwip-obj): $(O)/obj/lwip/%.c.o: $(LWIP_SRC)/src/%.c $(O)/flags | $(LIBC_READY)
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(unik-cflags) $(opt) $(lwip-cflags) $(lwip-checks) $(lwip-names) -Wno-unused-parameter -Wno-address \
		$(CFLAGS) -MMD -MP -c -o $@ $<

-include $(lwip-obj:.o=.d)
