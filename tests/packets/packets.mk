# SPDX-License-Identifier: BSD-2-Clause
#
# Packet scripts: send these segments, expect those. docs/tcp.md.

packets-build   := build/host/packets
packets-src     := $(addprefix tests/packets/,packets.c script.c segment.c frame.c world.c transfer.c) \
	tests/sim/memory.c arch/host/linux/tls.c
packets-scripts := $(sort $(wildcard $(if $(ONLY),tests/packets/*$(ONLY)*.pkt,tests/packets/*.pkt)))

.PHONY: packets
ifneq ($(ARCH),host)
packets: ## packet scripts: TCP by the rules of its RFCs: make packets [ONLY=name]
	$(Q)$(MAKE) --no-print-directory ARCH=host SANITIZE= $@ $(ONLY:%=ONLY=%)
else
packets: $(packets-build)/packets
	$(Q)$< $(packets-scripts)
	$(Q)$(if $(ONLY),,$< -t 20 1 sack 16 && $< -t 20 1 none 18 && $< -t 200 1 sack 300)
endif

packets-obj := $(packets-src:%.c=$(packets-build)/%.o)
$(packets-obj): $(packets-build)/%.o: %.c $(O)/flags
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(linux-cflags) $(CFLAGS) -MMD -MP -c -o $@ $<

$(packets-build)/program.image: $(O)/app/tests/packets/program.o $(libs) arch/host/link-image arch/host/image.ld
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)arch/host/link-image $@ '$(CROSS)' -T arch/host/image.ld \
		--defsym=HOST_STACK_BYTES=$(host-stack-bytes) $(filter %.o,$^) \
		--start-group $(libs) $(shell $(CC) -print-libgcc-file-name) --end-group

$(packets-build)/packets: $(packets-build)/program.image $(packets-obj)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(sanitize) -Wl,-znow,-znodynamic-undefined-weak -o $@ $^

-include $(packets-obj:.o=.d) $(O)/app/tests/packets/program.d
