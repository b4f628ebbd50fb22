# SPDX-License-Identifier: BSD-2-Clause
#
# The simulation: four images and a Linux side of its own in one process. docs/simulation.md.

SIM       := build/host/sim
SEEDS     ?= 1-500
sim-wraps := host_block_taken host_block_given host_pages_taken net_alloc net_free timer_interrupt vring_kick
sim-bugs  := lost_wakeup no_retransmission use_after_free lost_sync lock_order
sim-images := client server httpd store
sim-src   := $(addprefix tests/sim/,sim.c world.c memory.c steps.c wire.c devices.c nic.c \
	disk.c) arch/host/linux/tls.c \
	$(filter tests/coverage/%,$(linux-src))

HOURS     ?= 1

.PHONY: sim sim-test sim-soak
ifneq ($(ARCH),host)
sim: ## run the system in an invented world: make sim [SEEDS=1-2000 | SEED=n]
sim-test: ## does the simulation find bugs that are there on purpose?
sim-soak: ## new seeds, for HOURS (1), up to the first violation
sim sim-test sim-soak:
	$(Q)$(MAKE) --no-print-directory ARCH=host $@ SEEDS=$(SEEDS) $(SEED:%=SEED=%) HOURS=$(HOURS)
else
sim: $(SIM)/good/sim
	$(Q)$< $(or $(SEED),$(SEEDS))

sim-soak: $(SIM)/good/sim
	$(Q)$< --soak $(HOURS)

sim-test: $(sim-bugs:%=$(SIM)/%/sim)
	$(Q)for bug in $^; do $$bug --find 1-2000 >$$bug.log; status=$$?; tail -n 1 $$bug.log; \
		[ $$status = 0 ] || exit 1; done
endif

sim-obj := $(sim-src:%.c=$(SIM)/%.o)
$(sim-obj): $(SIM)/%.o: %.c $(O)/flags
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(linux-cflags) $(CFLAGS) -MMD -MP -c -o $@ $<
-include $(sim-obj:.o=.d)

# The drivers of virtio, which a process has not.
sim-drivers := $(addprefix $(O)/obj/,$(addsuffix .c.o,tests/sim/virtio_bus tests/sim/locks \
	$(addprefix drivers/virtio/,vring virtio virtio_net virtio_blk)))
sim-kernel := $(filter-out %/drivers/host/drivers.c.o,$(obj-y)) $(sim-drivers)

# $(call sim-library,NAME,FUNCTIONS IN FRONT,OBJECTS): the library with more in front of it.
define sim-library
$(SIM)/$(1)/unik.o: $(sim-kernel) $(O)/objects lib/exports $(3)
	$$(call say,LINK,$$@)
	@mkdir -p $$(@D)
	$$(Q)$(LD) -r --unique $(unik-ldflags-host) $(addprefix --wrap=,$(2)) -o $$@.all $(sim-kernel) $(3)
	$$(Q){ grep -hv '^#' lib/exports $(exports-host); echo sim_phase; echo sim_measure; } >$$@.exports
	$$(Q)$(OBJCOPY) --keep-global-symbols=$$@.exports $$@.all $$@
	$$(Q)rm -f $$@.all $$@.exports

$(SIM)/$(1)/libunik.a: $(SIM)/$(1)/unik.o $(member-obj)
	$$(Q)rm -f $$@ && $(AR) rcsD $$@ $$^

$(SIM)/$(1)/client.image: $(O)/app/tests/sim/client.o
$(SIM)/$(1)/server.image: $(O)/app/tests/sim/server.o
$(SIM)/$(1)/store.image: $(O)/app/tests/sim/store.o
$(SIM)/$(1)/httpd.image: $(httpd-src:%.c=$(O)/app/%.o)
$(sim-images:%=$(SIM)/$(1)/%.image): $(SIM)/$(1)/%.image: $(SIM)/$(1)/libunik.a $(LIBC_O)/libc.a $(LIBC_O)/libm.a arch/host/link-image arch/host/image.ld
	$$(call say,LINK,$$@)
	$$(Q)arch/host/link-image $$@ '$(CROSS)' -T arch/host/image.ld \
		--defsym=HOST_STACK_BYTES=$(host-stack-bytes) $$(filter %.o,$$^) \
		--start-group $$(filter %.a,$$^) $$(shell $(CC) -print-libgcc-file-name) --end-group
	$$(Q)$(OBJCOPY) --redefine-sym host_image=host_image_$$* $$@

$(SIM)/$(1)/sim: $(sim-images:%=$(SIM)/$(1)/%.image) $(sim-obj)
	$$(Q)$(CC) -pie $(sanitize) -Wl,-znow,-znodynamic-undefined-weak -o $$@ $$^
endef

# Each bug is linked in front of one function more.
sim-agent := $(O)/obj/tests/sim/agent.c.o
bug-wraps-lost_wakeup       := wait_queue_wake
bug-wraps-no_retransmission := tcp_rexmit_rto_prepare
bug-wraps-use_after_free    := tcp_write
bug-wraps-lock_order         := blk_flush tcp_write
bug-wraps-lost_sync         := blk_flush
sim-bug-obj := $(sim-bugs:%=$(O)/obj/tests/sim/bug_%.c.o)
$(sim-bug-obj): unik-cflags += $(lwip-cflags)
$(sim-bug-obj): | $(LWIP_READY)

-include $(sim-agent:.o=.d) $(sim-bug-obj:.o=.d) $(sim-drivers:.o=.d)
-include $(O)/app/tests/sim/store.d $(O)/app/tests/sim/client.d $(O)/app/tests/sim/server.d

$(eval $(call sim-library,good,$(sim-wraps),$(sim-agent)))
$(foreach b,$(sim-bugs),$(eval $(call sim-library,$(b),$(sim-wraps) $(bug-wraps-$(b)),$(sim-agent) $(O)/obj/tests/sim/bug_$(b).c.o)))
