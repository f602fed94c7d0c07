# SPDX-License-Identifier: GPL-2.0
# `make help` lists the targets.

VERSION := 0.1.0
BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
CFLAGS ?= -O2 -g
PKG_CONFIG ?= pkg-config
KDIR ?= /lib/modules/$(shell uname -r)/build

WARNINGS := -Wall -Wextra -Wwrite-strings -Wshadow -Wstrict-prototypes
ALL_CFLAGS = -std=c11 $(WARNINGS) -D_GNU_SOURCE -DSRQ_VERSION='"$(VERSION)"' \
	-I. -Icore -MMD -MP $(CPPFLAGS) $(CFLAGS)

CORE := $(wildcard core/*.c)
CLIENT := $(wildcard client/*.c)
objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

.PHONY: all
all: module extension send_sysrq ## the module, the iptables extension and send_sysrq

# --- The kernel module: a folder for each kernel, with links to the sources ---
KREL = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
	$(KDIR)/include/generated/utsrelease.h 2>/dev/null)
MODULE_DIR = $(abspath $(BUILD))/module-$(KREL)
MODULE = $(MODULE_DIR)/ipt_SYSRQ.ko

.PHONY: module
ifeq ($(wildcard $(KDIR)/Makefile),)
module:
	@echo "No kernel headers in $(KDIR), so no module: install the package" \
	      "linux-headers-$$(uname -r), or name another folder with KDIR=."
else
module: ## the module, for the running kernel or that of KDIR=
	@mkdir -p $(MODULE_DIR)/core
	@ln -sf $(CURDIR)/kernel/Kbuild $(CURDIR)/kernel/*.[ch] $(MODULE_DIR)
	@ln -sf $(CURDIR)/core/*.[ch] $(MODULE_DIR)/core
	+$(MAKE) -C $(KDIR) M=$(MODULE_DIR) W=1 SRQ_VERSION=$(VERSION) modules
endif

# --- The iptables extension ---
.PHONY: extension
extension: $(BUILD)/libxt_SYSRQ.so ## libxt_SYSRQ.so, for `iptables -j SYSRQ`

EXTENSION := iptables/libxt_SYSRQ.c core/keyset.c core/message.c

$(BUILD)/libxt_SYSRQ.so: $(EXTENSION) $(wildcard core/*.h) kernel/xt_SYSRQ.h
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -fPIC -fvisibility=hidden -shared $(LDFLAGS) -o $@ \
		$(EXTENSION) $$($(PKG_CONFIG) --cflags --libs xtables)

# --- The client ---
.PHONY: send_sysrq
send_sysrq: $(BUILD)/send_sysrq ## the client alone, without kernel headers

$(BUILD)/send_sysrq: $(call objects,$(CORE) $(CLIENT))
	$(CC) $(LDFLAGS) -o $@ $^ -lsodium

$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

-include $(wildcard $(BUILD)/obj/*/*.d $(BUILD)/obj/*/*/*.d)

# --- Installation ---
XTLIBDIR = $(shell $(PKG_CONFIG) --variable=xtlibdir xtables)
bindir = $(DESTDIR)$(PREFIX)/bin
moddir = $(DESTDIR)/lib/modules

.PHONY: install
install: ## what was built, below DESTDIR, PREFIX (/usr/local); then run depmod -a
	@test -e $(BUILD)/send_sysrq || \
		{ echo "Nothing is built yet: run make first." >&2; exit 1; }
	install -D -m 755 $(BUILD)/send_sysrq $(bindir)/send_sysrq
	@if [ -e $(BUILD)/libxt_SYSRQ.so ]; then set -x; \
		install -D -m 644 $(BUILD)/libxt_SYSRQ.so \
			$(DESTDIR)$(XTLIBDIR)/libxt_SYSRQ.so; \
	fi
	@if [ -n "$(KREL)" ] && [ -e $(MODULE) ]; then set -x; \
		install -D -m 644 $(MODULE) \
			$(moddir)/$(KREL)/updates/ipt_SYSRQ.ko; \
	fi

.PHONY: uninstall
uninstall: ## takes all of that away, the modules of every kernel too
	rm -f $(bindir)/send_sysrq $(DESTDIR)$(XTLIBDIR)/libxt_SYSRQ.so \
		$(moddir)/*/updates/ipt_SYSRQ.ko

# --- Tests: all of them close through prove ---
LAB_KDIR = $(shell ls -d /usr/src/linux-headers-*-cloud-amd64 | sort -V | tail -n 1)
UNIT := $(addprefix $(BUILD)/unit/,vectors core gate operators model timing)
TOOLS := $(addprefix $(BUILD)/,responder relay readlog replay \
	guest/packets guest/forge guest/reload guest/packet)

$(UNIT): $(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o \
		$(call objects,$(CORE) client/crypto.c)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ -lcmocka -ljansson -lsodium

$(BUILD)/obj/tests/unit/vectors.o: CPPFLAGS += -DVECTORS='"tests/vectors.json"'

$(BUILD)/responder: $(call objects,tests/unit/responder.c)
$(BUILD)/relay: $(call objects,tests/relay.c)
$(BUILD)/readlog: $(call objects,tests/readlog.c)
$(BUILD)/replay: $(call objects,tests/replay.c)
$(BUILD)/guest/packets: $(call objects,tests/guest/packets.c)
$(BUILD)/guest/forge: $(call objects,tests/guest/forge.c)
$(BUILD)/guest/reload: $(call objects,tests/guest/reload.c)
$(BUILD)/guest/packet: $(call objects,bench/packet.c)
$(TOOLS): $(call objects,$(CORE) client/crypto.c)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ -lsodium

# core/ once more, by clang, with what it takes to fuzz it and to count its lines
FUZZ := $(addprefix $(BUILD)/fuzz/,envelope bodies operators gate)
FUZZ_CFLAGS := -O1 -g -fsanitize=fuzzer,address,undefined \
	-fno-sanitize-recover=all -fprofile-instr-generate -fcoverage-mapping

$(FUZZ): $(BUILD)/fuzz/%: tests/fuzz/%.c $(CORE) client/crypto.c \
		$(wildcard core/*.h) tests/fuzz/fuzz.h Makefile
	@mkdir -p $(@D)
	clang -std=c11 $(WARNINGS) -D_GNU_SOURCE -I. -Icore $(FUZZ_CFLAGS) \
		-o $@ $(filter %.c,$^) -lsodium

PROVE := CMOCKA_MESSAGE_OUTPUT=TAP prove --timer --merge -e ''

# A module for the tests, beside the one under test
.PHONY: test-module
test-module: module
	@mkdir -p $(MODULE_DIR)/test
	@ln -sf $(CURDIR)/tests/module/Kbuild $(CURDIR)/tests/module/*.c \
		$(MODULE_DIR)/test
	+$(MAKE) -C $(KDIR) M=$(MODULE_DIR)/test W=1 modules

.PHONY: setup
setup:
	@lab/packages check

# What the VMs run. Warnings are errors here, and nowhere else.
.PHONY: lab
lab: setup
	@+$(MAKE) -s test-module extension send_sysrq $(TOOLS) \
		KDIR=$(LAB_KDIR) KCFLAGS=-Werror CFLAGS='$(CFLAGS) -Werror'

# First what measures time, alone.
ALONE := tests/vm/flood.t

.PHONY: check
check: lab lint $(UNIT) $(FUZZ) ## all tests: unit tests, fuzzing, and VM tests in QEMU
	$(PROVE) $(UNIT) $(ALONE)
	$(PROVE) -j2 $(sort $(wildcard tests/fuzz/*.t tests/unit/*.t) \
		$(filter-out $(ALONE),$(wildcard tests/vm/*.t)))

.PHONY: check-unit
check-unit: setup send_sysrq extension $(BUILD)/responder $(UNIT) ## the tests that need no VM
	$(PROVE) $(UNIT) $(sort $(wildcard tests/unit/*.t))

# Any VM test runs on it: KERNEL=debug prove tests/vm/NAME.t
.PHONY: check-debug
check-debug: lab ## attacks on a kernel with KASAN, lockdep, UBSAN, which it builds
	lab/debug-kernel
	+$(MAKE) -s test-module KDIR=$$(lab/kernel debug)/build
	KERNEL=debug $(PROVE) $(sort $(wildcard tests/debug/*.t)) tests/vm/stuck.t

.PHONY: fuzz
fuzz: setup $(FUZZ) ## fuzzes core/, each target for 10 minutes or FUZZ_SECONDS
	FUZZ_SECONDS=$${FUZZ_SECONDS:-600} $(PROVE) -j2 \
		$(sort $(wildcard tests/fuzz/*.t))

.PHONY: demo
demo: lab ## a host hangs and is rescued: the whole story, in a VM
	@lab/demo

.PHONY: bench
bench: lab ## the figures in README
	@bench/rescue
	@bench/packet

# --- Style ---
SOURCES = $(shell git ls-files '*.c' '*.h')
SCRIPTS = $(shell git grep -lI '^\#!.*sh$$')

.PHONY: format
format: ## brings all C into the project's style
	clang-format -i $(SOURCES)

.PHONY: lint
lint: ## checks the style of C and shell
	clang-format --dry-run -Werror $(SOURCES)
	shellcheck $(SCRIPTS)

.PHONY: clean
clean: ## removes what was built
	rm -rf $(BUILD)

.PHONY: help
help: ## lists the targets
	@sed -n 's/^\([a-z_-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 16
