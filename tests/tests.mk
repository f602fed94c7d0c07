# SPDX-License-Identifier: GPL-2.0
# Tests, the lab, and the style of the sources. Every test closes through prove.

PROVE := tests/prove
LAB_KDIR = $(shell ls -d /usr/src/linux-headers-*-cloud-amd64 | sort -V | tail -n 1)

# --- Unit tests in C ---
UNIT := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/*.c))

# All that a test may call: what it does not call is not linked to it.
PARTS := $(call objects,$(CORE) $(wildcard lib/*.c) \
	$(filter-out client/main.c,$(CLIENT)) $(filter-out fence/main.c,$(FENCE)))

$(BUILD)/parts.a: $(PARTS)
	rm -f $@
	$(AR) rcs $@ $^

$(UNIT): $(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o $(BUILD)/parts.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka -ljansson -lsodium
$(BUILD)/obj/tests/unit/vectors.o: CPPFLAGS += -DVECTORS='"tests/vectors.json"'

# --- Programs of the tests, here and in guests ---
TOOLS := $(addprefix $(BUILD)/,responder relay liar chaos readlog askpanic replay sharedkey \
	tsckhz guest/packets guest/forge guest/junk guest/reload guest/requeue guest/loaddump \
	guest/packet guest/writer)

$(BUILD)/responder: $(call objects,$(wildcard tests/tools/responder*.c))
$(BUILD)/relay: $(call objects,tests/tools/relay.c)
$(BUILD)/liar: $(call objects,tests/tools/liar.c)
$(BUILD)/chaos: $(call objects,tests/tools/chaos.c)
$(BUILD)/readlog: $(call objects,tests/tools/readlog.c)
$(BUILD)/askpanic: $(call objects,tests/tools/askpanic.c)
$(BUILD)/replay: $(call objects,tests/tools/replay.c)
$(BUILD)/sharedkey: $(call objects,tests/tools/sharedkey.c)
$(BUILD)/tsckhz: $(call objects,tests/tools/tsckhz.c)
$(BUILD)/guest/packets: $(call objects,tests/guest/packets.c tests/guest/wire.c)
$(BUILD)/guest/forge: $(call objects,tests/guest/forge.c tests/guest/wire.c)
$(BUILD)/guest/junk: $(call objects,tests/guest/junk.c)
$(BUILD)/guest/reload: $(call objects,tests/guest/reload.c)
$(BUILD)/guest/requeue: $(call objects,tests/guest/requeue.c)
$(BUILD)/guest/requeue: LDLIBS += -lnetfilter_queue
$(BUILD)/guest/loaddump: $(call objects,tests/guest/loaddump.c)
$(BUILD)/guest/packet: $(call objects,bench/packet.c)
$(BUILD)/guest/writer: $(call objects,tests/guest/writer.c)
$(TOOLS): $(BUILD)/parts.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(BUILD)/parts.a -lsodium $(LDLIBS)

# A module for the tests, beside the one under test
.PHONY: test-module
test-module: module
	@mkdir -p $(MODULE_DIR)/test
	@ln -sf $(CURDIR)/tests/module/Kbuild $(CURDIR)/tests/module/*.[ch] \
		$(MODULE_DIR)/test
	+$(MAKE) -C $(KDIR) M=$(MODULE_DIR)/test W=1 modules

# --- Fuzzing: core/ and what reads replies, by clang, its lines counted ---
FUZZ := $(addprefix $(BUILD)/fuzz/,envelope bodies operators gate reader)
FUZZ_CFLAGS := -O1 -g -fsanitize=fuzzer,address,undefined \
	-fno-sanitize-recover=all -fprofile-instr-generate -fcoverage-mapping

$(BUILD)/fuzz/reader: lib/reader.c
$(FUZZ): $(BUILD)/fuzz/%: tests/fuzz/%.c $(CORE) lib/crypto.c \
		$(wildcard core/*.h) tests/fuzz/fuzz.h Makefile
	@mkdir -p $(@D)
	clang -std=c11 $(WARNINGS) -D_GNU_SOURCE -I. $(FUZZ_CFLAGS) \
		-o $@ $(filter %.c,$^) -lsodium

.PHONY: fuzz
fuzz: setup $(FUZZ) ## fuzzes core/ and what reads logs, each target for 10 minutes or FUZZ_SECONDS
	FUZZ_SECONDS=$${FUZZ_SECONDS:-600} $(PROVE) -j2 \
		$(sort $(wildcard tests/fuzz/*.t))

# --- The proof: Frama-C goes through core/ and the client's answers with any input ---
.PHONY: proof proof-full
proof: ## proves that no input gives core/, and no answer the client's library, a run-time error, within limits: docs/security.md
	@lab/packages proof
	$(PROVE) tests/proof/core.t

# The planted faults come first: they are those of make proof. More sizes take hours; if
# they are stopped, they go on where they were.
proof-full: proof ## the same with more sizes, and with faults that the proof must see: hours
	$(PROVE) tests/proof/faults.t
	PROOF=full $(PROVE) tests/proof/core.t

# --- The tests ---
.PHONY: setup
setup:
	@lab/packages check

# What the VMs run. Warnings are errors here, and nowhere else.
.PHONY: lab
lab: setup ## what the tests and bench/ run: the module, the client, the tools of the tests
	@+$(MAKE) -s test-module extension library send_sysrq fence_sysrq exporter $(TOOLS) \
		KDIR=$(LAB_KDIR) KCFLAGS=-Werror CFLAGS='$(CFLAGS) -Werror'

# First what measures time, alone.
ALONE := tests/vm/flood.t tests/vm/readlog.t tests/client/many.t
# These take the most minutes. They begin first, so that none of them ends alone.
LONG := tests/vm/replay.t tests/vm/setup.t

# Each takes minutes: a boot for each of many panics or letters, hundreds of commands, a dump, or
# half an hour of waiting; and those of the lab itself. So only tests/matrix.t runs them.
MATRIX := $(addprefix tests/vm/panic-,causes.t locks.t cards.t long.t network.t \
	reboot.t silence.t) \
	$(addprefix tests/vm/,matrix-state.t emulation.t fence.t kdump.t pstore.t loss.t once.t)

# Most tests wait for something at any moment, so two CPUs are enough for five. Of those with
# guests only three run at once: a guest's CPU spins while another one that has a lock waits for
# its turn.
GUESTS := $(filter-out $(ALONE) $(LONG) $(MATRIX),$(wildcard tests/vm/*.t))
.PHONY: check
check: lab lint $(UNIT) $(FUZZ) ## all tests: unit tests, fuzzing, and VM tests in QEMU
	$(PROVE) $(UNIT) $(ALONE)
	$(PROVE) -j5 $(LONG) $(sort $(filter-out $(ALONE),$(wildcard tests/fuzz/*.t \
		tests/lab/*.t tests/client/*.t tests/docs/*.t tests/fence/*.t tests/exporter/*.t)))
	$(PROVE) -j3 $(sort $(GUESTS))

.PHONY: check-unit
check-unit: setup library send_sysrq fence_sysrq exporter extension $(BUILD)/responder $(BUILD)/liar $(UNIT) ## the tests that need no VM
	$(PROVE) $(UNIT) $(sort $(wildcard tests/lab/*.t tests/client/*.t tests/fence/*.t tests/exporter/*.t))

# Where a package is built or a machine emulated: with nothing but cmocka.
.PHONY: check-built
check-built: $(UNIT)
	$(PROVE) $(UNIT)

# Without those that show the same on every kernel, for time
KERNEL ?= 7.3
.PHONY: check-kernel
check-kernel: lab ## what differs between kernels, on Linux KERNEL= (7.3)
	KERNELS='$(KERNEL)' \
		TESTS='backends module rescue snapshot stuck' \
		$(PROVE) -v tests/matrix.t

.PHONY: check-built-packages
check-built-packages: fence_sysrq ## the packages for Debian and Fedora, what is in them
	@lab/packages package
	$(PROVE) tests/package/deb.t tests/package/rpm.t tests/package/metadata.t

.PHONY: check-packages
check-packages: send_sysrq fence_sysrq ## the packages for Debian and Fedora, and what installing them does
	@lab/packages package
	$(PROVE) $(sort $(wildcard tests/package/*.t))

# Any VM test runs on it: KERNEL=debug prove tests/vm/NAME.t
.PHONY: check-debug
check-debug: lab ## attacks on a kernel with KASAN, lockdep, UBSAN, which it builds
	lab/debug-kernel debug
	+$(MAKE) -s test-module KDIR=$$(lab/kernel debug)/build
	KERNEL=debug $(PROVE) -j2 tests/vm/idle.t tests/vm/stuck.t \
		$(sort $(filter-out tests/debug/kcsan.t,$(wildcard tests/debug/*.t)))

.PHONY: check-kcsan
check-kcsan: lab ## data races, on a kernel with KCSAN, which it builds
	lab/debug-kernel kcsan
	+$(MAKE) -s test-module KDIR=$$(lab/kernel kcsan)/build
	KERNEL=kcsan $(PROVE) $(addprefix tests/,debug/config.t debug/kcsan.t \
		debug/races.t vm/idle.t vm/operators.t vm/rescue.t vm/stuck.t)

# s390x has the other byte order.
MACHINES := arm64 s390x
# Tests of the client that need no privileges and are fast: each runs with an emulated
# client, and with an emulated host
EMULATED := arguments back bad-arguments bad-files config confirm diagnose follow history \
	hosts interrupt json letters log many-hosts nagios output prometheus status subcommands \
	terminal waits
.PHONY: check-cross
check-cross: setup send_sysrq $(BUILD)/responder ## arm64 and s390x: all is built for them, and tested in qemu-user
	@lab/packages cross
	+@for machine in $(MACHINES); do \
		tests/cross/build $$machine $(BUILD) '$(EMULATED)' \
			$(notdir $(UNIT)) || exit 1; \
	done
	$(PROVE) -j2 $(foreach machine,$(MACHINES),$(BUILD)/cross/$(machine)/tests/*)

.PHONY: check-arm64
check-arm64: lab ## rescues of arm64 hosts, also after a panic, in VMs
	@lab/packages arm64
	lab/module 6.12-arm64
	$(PROVE) $(sort $(wildcard tests/arm64/*.t))

# Three nodes each: one alone of these tests takes 3 to 8 minutes.
.PHONY: check-cluster
check-cluster: lab ## real Pacemaker clusters of Debian bookworm and trixie, in VMs: wants root, 40 minutes
	lab/module 6.12
	SUITE=bookworm $(PROVE) -v $(sort $(wildcard tests/cluster/*.t))
	SUITE=trixie $(PROVE) -v $(sort $(wildcard tests/cluster/*.t))

.PHONY: check-one-cluster
check-one-cluster: lab ## one part of check-cluster: a node of bookworm whose programs are stopped
	STATES=stopped $(PROVE) -v tests/cluster/hung.t

.PHONY: check-system
check-system: setup send_sysrq deb ## the packages on whole Debian systems, in VMs: wants root, an hour
	@lab/packages system
	$(PROVE) $(sort $(wildcard tests/system/*.t))

.PHONY: check-matrix
check-matrix: lab ## the VM tests on Linux 5.10 to 7.3, then check-arm64 and check-system: three hours
	TIMES=10 $(PROVE) -v tests/matrix.t
	+@$(MAKE) check-arm64
	+@$(MAKE) check-system

# --- What the lab shows ---
.PHONY: demo
demo: lab ## a host hangs and is rescued: the whole story, in a VM
	@lab/demo

# A run that was stopped goes on where it stopped.
.PHONY: rescue-matrix
rescue-matrix: lab ## which tools get a host out of which hangs, on Linux 6.1 and 7.3: wants root, hours
	@lab/module 7.3
	@lab/matrix all
	@lab/matrix document

.PHONY: bench
bench: lab ## measures the figures in README, beside other tools: one table, and build/bench.json
	@bench/all

# --- Style ---
# New files count before git knows them.
SOURCES = $(shell git ls-files -co --exclude-standard '*.c' '*.h')
SCRIPTS = $(shell git grep --untracked -lIE '^\#(!.*sh| shellcheck shell=.*)$$' -- ':!*.md')

.PHONY: format
format: ## brings all C into the project's style
	clang-format -i $(SOURCES)

.PHONY: lint
lint: setup ## checks the style of C and shell, the layers of the sources, and the tests
	clang-format --dry-run -Werror $(SOURCES)
	shellcheck $(SCRIPTS)
	tests/lint/documents
	tests/lint/layers
	tests/lint/sizes
	tests/lint/harness
