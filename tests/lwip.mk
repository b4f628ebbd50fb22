# SPDX-License-Identifier: BSD-2-Clause
# lwIP's own unit tests with our options, on the host under ASan and UBSan.

HOSTCC   ?= gcc
lwip-test := build/unit/lwip
lwip-test-src := $(lwip-y:%=$(LWIP_SRC)/src/%) \
	$(addprefix $(LWIP_SRC)/src/core/,init.c mem.c memp.c stats.c \
		timeouts.c) \
	$(addprefix $(LWIP_SRC)/test/unit/,lwip_unittests.c core/test_def.c core/test_netif.c \
		core/test_pbuf.c dhcp/test_dhcp.c etharp/test_etharp.c ip4/test_ip4.c \
		ip6/test_ip6.c tcp/tcp_helper.c tcp/test_tcp.c tcp/test_tcp_oos.c udp/test_udp.c) \
	net/checksum.c net/lwip_sums.c net/tcp_recovery.c tests/lwip/stubs.c
lwip-test-flags := -std=gnu11 -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-Wno-format -Itests/lwip -Itests/host/include -I. -Inet -I$(LWIP_SRC)/src/include \
	-I$(LWIP_SRC)/test/unit
lwip-test-obj := $(lwip-test-src:%.c=$(lwip-test)/%.o)

$(lwip-test-obj): $(lwip-test)/%.o: %.c | $(LWIP_READY)
	@mkdir -p $(@D)
	$(Q)$(HOSTCC) $(lwip-test-flags) -MMD -MP -c -o $@ $<

$(lwip-test)/unittests: $(lwip-test-obj)
	$(call say,HOSTLD,$@)
	$(Q)$(HOSTCC) -fsanitize=address,undefined -o $@ $^ \
		$(shell pkg-config --libs check)

test-lwip: $(lwip-test)/unittests ## lwIP's own unit tests with our options
	$(Q)cd $(lwip-test) && CK_DEFAULT_TIMEOUT=60 ./unittests

# The host tests of net/ need lwIP's headers, too.
net-tests := $(filter test_sock% test_net%,$(host-tests))
$(foreach t,$(net-tests),$(patsubst %,$(H)/obj/$(t)/%.o,tests/host/$(t).c $(link-$(t)))): \
	| $(LWIP_READY)

-include $(lwip-test-obj:.o=.d)
