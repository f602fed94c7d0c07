# SPDX-License-Identifier: GPL-2.0
# `make help` lists the targets.

VERSION := 0.1.0
BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
CC ?= gcc
CFLAGS ?= -O2 -g
PKG_CONFIG ?= pkg-config
KDIR ?= /lib/modules/$(shell uname -r)/build

WARNINGS := -Wall -Wextra -Wwrite-strings -Wshadow -Wstrict-prototypes
ALL_CFLAGS := -std=c11 $(WARNINGS) -D_GNU_SOURCE -DSRQ_VERSION='"$(VERSION)"' \
	-Icore -I. -MMD -MP $(CFLAGS)

CORE := $(wildcard core/*.c)
CLIENT := $(wildcard client/*.c)
objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

# --- The kernel module: a folder for each kernel, sources linked into it ---
KREL = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
	$(KDIR)/include/generated/utsrelease.h 2>/dev/null)
MODULE_DIR = $(abspath $(BUILD))/module-$(KREL)

.PHONY: all
all: module extension send_sysrq

.PHONY: module
ifeq ($(wildcard $(KDIR)/Makefile),)
module:
	@echo "No kernel headers in $(KDIR): the module is not built." \
	      "Install the package linux-headers-$$(uname -r), or name others" \
	      "with KDIR=."
else
module: module-tree
	+$(MAKE) -C $(KDIR) M=$(MODULE_DIR) W=1 SRQ_VERSION=$(VERSION) modules
endif

.PHONY: module-tree
module-tree:
	@mkdir -p $(MODULE_DIR)/core
	@ln -sf $(CURDIR)/kernel/Kbuild $(CURDIR)/kernel/*.[ch] $(MODULE_DIR)
	@ln -sf $(CURDIR)/core/*.[ch] $(MODULE_DIR)/core

# --- The iptables extension ---
.PHONY: extension
extension: $(BUILD)/libxt_SYSRQ.so

$(BUILD)/libxt_SYSRQ.so: iptables/libxt_SYSRQ.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -fPIC -shared $(LDFLAGS) -o $@ $< \
		$$($(PKG_CONFIG) --cflags --libs xtables)

# --- The client ---
.PHONY: send_sysrq
send_sysrq: $(BUILD)/send_sysrq

$(BUILD)/send_sysrq: $(call objects,$(CORE) $(CLIENT))
	$(CC) $(LDFLAGS) -o $@ $^ -lsodium

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

-include $(wildcard $(BUILD)/obj/*/*.d $(BUILD)/obj/*/*/*.d)
