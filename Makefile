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
	-I. -Icore -Iclient/lib -MMD -MP $(CPPFLAGS) $(CFLAGS)

CORE := $(wildcard core/*.c)
CLIENT := $(wildcard client/*.c)
objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

.PHONY: all
all: module extension library send_sysrq ## the module, the iptables extension, libsysrq and send_sysrq

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

# --- libsysrq, and the client made of it ---
SOVERSION := 0
LIBRARY := core/key.c core/datagram.c core/message.c $(wildcard client/lib/*.c)
LIBRARY_OBJECTS = $(patsubst %.c,$(BUILD)/lib/%.o,$(LIBRARY))
SHARED = libsysrq.so.$(VERSION)

.PHONY: library send_sysrq
library: $(BUILD)/libsysrq.a $(BUILD)/$(SHARED) ## libsysrq, static and shared
send_sysrq: $(BUILD)/send_sysrq ## the client alone, without kernel headers

$(LIBRARY_OBJECTS): $(BUILD)/lib/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -fPIC -fvisibility=hidden -c -o $@ $<

$(BUILD)/libsysrq.a: $(LIBRARY_OBJECTS)
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/$(SHARED): $(LIBRARY_OBJECTS) client/lib/libsysrq.map
	$(CC) $(LDFLAGS) -shared -Wl,-soname,libsysrq.so.$(SOVERSION) \
		-Wl,--version-script=client/lib/libsysrq.map \
		-o $@ $(LIBRARY_OBJECTS) -lsodium
	ln -sf $(SHARED) $(BUILD)/libsysrq.so.$(SOVERSION)
	ln -sf $(SHARED) $(BUILD)/libsysrq.so

$(BUILD)/send_sysrq: $(call objects,$(CLIENT) core/keyset.c) $(BUILD)/libsysrq.a
	$(CC) $(LDFLAGS) -o $@ $^ -lconfuse -ljansson -lsodium -pthread

$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

-include $(wildcard $(addprefix $(BUILD)/,$(foreach d,obj lib,$d/*/*.d $d/*/*/*.d)))

# --- Installation ---
XTLIBDIR = $(shell $(PKG_CONFIG) --variable=xtlibdir xtables)
LIBDIR = $(PREFIX)/lib
UNITDIR = $(PREFIX)/lib/systemd/system
MODPROBEDIR = $(PREFIX)/lib/modprobe.d
moddir = $(DESTDIR)/lib/modules
prefix = $(DESTDIR)$(PREFIX)
libdir = $(DESTDIR)$(LIBDIR)
sharedir = $(prefix)/share
dkmsdir = $(DESTDIR)/usr/src/ipt-sysrq-$(VERSION)
INSTALL_DATA = install -D -m 644
INSTALL_PROGRAM = install -D -m 755

.PHONY: install
install: install-client install-boot ## what was built, below DESTDIR, PREFIX (/usr/local); then run depmod -a
	$(INSTALL_DATA) man/ipt_sysrq.4 $(sharedir)/man/man4/ipt_sysrq.4
	@if [ -e $(BUILD)/$(SHARED) ]; then \
		$(MAKE) --no-print-directory install-library; \
	fi
	@if [ -e $(BUILD)/libxt_SYSRQ.so ]; then \
		$(MAKE) --no-print-directory install-extension; \
	fi
	@if [ -n "$(KREL)" ] && [ -e $(MODULE) ]; then set -x; \
		$(INSTALL_DATA) $(MODULE) \
			$(moddir)/$(KREL)/updates/ipt_SYSRQ.ko; \
	fi

.PHONY: install-client
install-client: ## of that send_sysrq alone, with its manual and completions
	@test -e $(BUILD)/send_sysrq || \
		{ echo "Nothing is built yet: run make first." >&2; exit 1; }
	$(INSTALL_PROGRAM) $(BUILD)/send_sysrq $(prefix)/bin/send_sysrq
	$(INSTALL_DATA) man/send_sysrq.1 $(sharedir)/man/man1/send_sysrq.1
	$(INSTALL_DATA) man/send_sysrq_config.5 \
		$(sharedir)/man/man5/send_sysrq_config.5
	$(INSTALL_DATA) completions/send_sysrq.bash \
		$(sharedir)/bash-completion/completions/send_sysrq
	$(INSTALL_DATA) completions/_send_sysrq \
		$(sharedir)/zsh/site-functions/_send_sysrq
	$(INSTALL_DATA) completions/send_sysrq.fish \
		$(sharedir)/fish/vendor_completions.d/send_sysrq.fish

.PHONY: install-library
install-library: ## libsysrq, to LIBDIR (PREFIX/lib)
	$(INSTALL_DATA) client/lib/sysrq.h $(prefix)/include/sysrq.h
	$(INSTALL_DATA) $(BUILD)/libsysrq.a $(libdir)/libsysrq.a
	$(INSTALL_PROGRAM) $(BUILD)/$(SHARED) $(libdir)/$(SHARED)
	ln -sf $(SHARED) $(libdir)/libsysrq.so.$(SOVERSION)
	ln -sf $(SHARED) $(libdir)/libsysrq.so
	mkdir -p $(libdir)/pkgconfig
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' \
		-e 's|@VERSION@|$(VERSION)|' client/lib/libsysrq.pc.in \
		> $(libdir)/pkgconfig/libsysrq.pc
	$(INSTALL_DATA) man/libsysrq.3 $(sharedir)/man/man3/libsysrq.3

.PHONY: install-extension
install-extension: ## libxt_SYSRQ.so, to where iptables looks for it
	$(INSTALL_PROGRAM) $(BUILD)/libxt_SYSRQ.so \
		$(DESTDIR)$(XTLIBDIR)/libxt_SYSRQ.so
	$(INSTALL_DATA) man/iptables-sysrq.8 \
		$(sharedir)/man/man8/iptables-sysrq.8

BOOT := load unload setup
.PHONY: install-boot
install-boot: ## what loads the module and its operators at boot, a service of systemd
	@set -e; for script in $(BOOT); do \
		$(INSTALL_PROGRAM) packaging/$$script \
			$(prefix)/libexec/ipt-sysrq/$$script; \
	done
	mkdir -p $(DESTDIR)$(UNITDIR)
	sed 's|@LIBEXECDIR@|$(PREFIX)/libexec/ipt-sysrq|' \
		packaging/ipt-sysrq.service.in \
		> $(DESTDIR)$(UNITDIR)/ipt-sysrq.service

# The folder that `make module` builds in, with the sources themselves
.PHONY: install-dkms
install-dkms: ## the module's source, for DKMS: then dkms install ipt-sysrq/VERSION
	mkdir -p $(dkmsdir)/core
	install -m 644 kernel/Kbuild kernel/*.[ch] $(dkmsdir)
	install -m 644 core/*.[ch] $(dkmsdir)/core
	sed 's|@VERSION@|$(VERSION)|' packaging/dkms.conf.in > $(dkmsdir)/dkms.conf
	$(INSTALL_DATA) packaging/modprobe-alias.conf \
		$(DESTDIR)$(MODPROBEDIR)/ipt-sysrq.conf
	$(INSTALL_DATA) man/ipt_sysrq.4 $(sharedir)/man/man4/ipt_sysrq.4

.PHONY: uninstall
uninstall: ## takes all of that away, the modules of every kernel too
	rm -f $(prefix)/bin/send_sysrq $(prefix)/include/sysrq.h \
		$(libdir)/libsysrq.* $(libdir)/pkgconfig/libsysrq.pc \
		$(sharedir)/man/man1/send_sysrq.1 \
		$(sharedir)/man/man3/libsysrq.3 \
		$(sharedir)/man/man4/ipt_sysrq.4 \
		$(sharedir)/man/man5/send_sysrq_config.5 \
		$(sharedir)/man/man8/iptables-sysrq.8 \
		$(sharedir)/bash-completion/completions/send_sysrq \
		$(sharedir)/zsh/site-functions/_send_sysrq \
		$(sharedir)/fish/vendor_completions.d/send_sysrq.fish \
		$(DESTDIR)$(UNITDIR)/ipt-sysrq.service \
		$(DESTDIR)$(MODPROBEDIR)/ipt-sysrq.conf \
		$(addprefix $(prefix)/libexec/ipt-sysrq/,$(BOOT)) \
		$(DESTDIR)$(XTLIBDIR)/libxt_SYSRQ.so \
		$(moddir)/*/updates/ipt_SYSRQ.ko
	rm -rf $(dkmsdir)

# --- A release ---
DIST = ipt-sysrq-$(VERSION)

# The same bytes for the same commit, wherever it is made.
.PHONY: dist
dist: ## the release's tarball, build/ipt-sysrq-VERSION.tar.gz
	@mkdir -p $(BUILD)
	git ls-files -z ':!debian' | tar --null -T - -c --sort=name --format=ustar \
		--owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX \
		--mtime=@$$(git log -1 --format=%ct) \
		--transform='s|^|$(DIST)/|SH' | gzip -n9 > $(BUILD)/$(DIST).tar.gz

# --- Debian packages ---
.PHONY: deb
deb: dist ## Debian packages, in build/deb/
	@lab/packages package
	@rm -rf $(BUILD)/deb
	@mkdir -p $(BUILD)/deb
	cp $(BUILD)/$(DIST).tar.gz $(BUILD)/deb/ipt-sysrq_$(VERSION).orig.tar.gz
	tar -xzf $(BUILD)/$(DIST).tar.gz -C $(BUILD)/deb
	git ls-files -z debian | tar --null -T - -c | tar -x -C $(BUILD)/deb/$(DIST)
	cd $(BUILD)/deb/$(DIST) && env -u MAKEFLAGS -u MAKELEVEL -u BUILD \
		dpkg-buildpackage -us -uc > ../log 2>&1 || \
		{ tail -n 30 ../log; exit 1; }

# --- RPM packages ---
# Debian's rpm knows neither Fedora's packages, which --nodeps is for, nor systemd.
RPM_MACROS = $(if $(wildcard /usr/lib/rpm/macros.d/macros.systemd),,--load $(CURDIR)/packaging/macros.debian)

.PHONY: rpm
rpm: dist ## RPM packages for Fedora and its like, in build/rpm/
	@lab/packages package
	@rm -rf $(BUILD)/rpm
	@mkdir -p $(BUILD)/rpm
	sed 's/@VERSION@/$(VERSION)/' packaging/ipt-sysrq.spec.in \
		> $(BUILD)/rpm/ipt-sysrq.spec
	env -u MAKEFLAGS -u MAKELEVEL -u BUILD rpmbuild -ba --quiet --nodeps $(RPM_MACROS) \
		--define '_topdir $(abspath $(BUILD)/rpm)' \
		--define '_sourcedir $(abspath $(BUILD))' \
		$(BUILD)/rpm/ipt-sysrq.spec

# --- Tests: all of them close through prove ---
LAB_KDIR = $(shell ls -d /usr/src/linux-headers-*-cloud-amd64 | sort -V | tail -n 1)
UNIT := $(addprefix $(BUILD)/unit/,vectors core gate operators model timing \
	reader track hosts config logtext report)
TOOLS := $(addprefix $(BUILD)/,responder relay readlog replay \
	guest/packets guest/forge guest/reload guest/requeue guest/packet)

$(UNIT): $(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o \
		$(call objects,$(CORE) client/lib/crypto.c)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ -lcmocka -ljansson -lconfuse -lsodium

$(BUILD)/unit/reader: $(call objects,client/lib/reader.c)
$(BUILD)/unit/track: $(call objects,client/lib/track.c client/lib/keyname.c)
$(BUILD)/unit/hosts: $(call objects,client/hosts.c client/usage.c \
	client/tell.c client/terminal.c)
$(BUILD)/unit/config: $(call objects,client/text.c client/tell.c \
	client/terminal.c)
$(BUILD)/unit/logtext: $(call objects,client/logtext.c client/terminal.c)
$(BUILD)/unit/report: $(call objects,client/report.c client/progress.c \
	client/terminal.c client/text.c client/lib/keyname.c)
$(BUILD)/obj/tests/unit/vectors.o: CPPFLAGS += -DVECTORS='"tests/vectors.json"'

$(BUILD)/responder: $(call objects,$(wildcard tests/unit/responder*.c))
$(BUILD)/relay: $(call objects,tests/relay.c)
$(BUILD)/readlog: $(call objects,tests/readlog.c)
$(BUILD)/replay: $(call objects,tests/replay.c)
$(BUILD)/guest/packets: $(call objects,tests/guest/packets.c)
$(BUILD)/guest/forge: $(call objects,tests/guest/forge.c)
$(BUILD)/guest/reload: $(call objects,tests/guest/reload.c)
$(BUILD)/guest/requeue: $(call objects,tests/guest/requeue.c)
$(BUILD)/guest/requeue: LDLIBS += -lnetfilter_queue
$(BUILD)/guest/packet: $(call objects,bench/packet.c)
$(TOOLS): $(call objects,$(CORE) client/lib/crypto.c)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $^ -lsodium $(LDLIBS)

# core/ and what reads replies once more, by clang, with what it takes to fuzz it and to count its lines
FUZZ := $(addprefix $(BUILD)/fuzz/,envelope bodies operators gate reader)
FUZZ_CFLAGS := -O1 -g -fsanitize=fuzzer,address,undefined \
	-fno-sanitize-recover=all -fprofile-instr-generate -fcoverage-mapping

$(BUILD)/fuzz/reader: client/lib/reader.c
$(FUZZ): $(BUILD)/fuzz/%: tests/fuzz/%.c $(CORE) client/lib/crypto.c \
		$(wildcard core/*.h) tests/fuzz/fuzz.h Makefile
	@mkdir -p $(@D)
	clang -std=c11 $(WARNINGS) -D_GNU_SOURCE -I. -Icore -Iclient/lib $(FUZZ_CFLAGS) \
		-o $@ $(filter %.c,$^) -lsodium

PROVE := tests/prove

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
	@+$(MAKE) -s test-module extension library send_sysrq $(TOOLS) \
		KDIR=$(LAB_KDIR) KCFLAGS=-Werror CFLAGS='$(CFLAGS) -Werror'

# First what measures time, alone.
ALONE := tests/vm/flood.t tests/vm/readlog.t tests/unit/many.t

.PHONY: check
check: lab lint $(UNIT) $(FUZZ) ## all tests: unit tests, fuzzing, and VM tests in QEMU
	$(PROVE) $(UNIT) $(ALONE)
	$(PROVE) -j3 $(sort $(filter-out $(ALONE), \
		$(wildcard tests/fuzz/*.t tests/unit/*.t tests/vm/*.t)))

.PHONY: check-unit
check-unit: setup library send_sysrq extension $(BUILD)/responder $(UNIT) ## the tests that need no VM
	$(PROVE) $(UNIT) $(sort $(wildcard tests/unit/*.t))

# Where a package is built or a machine emulated: without what measures time, and with
# nothing but cmocka.
PORTABLE := $(filter-out %/timing,$(UNIT))
.PHONY: check-built
check-built: $(PORTABLE)
	$(PROVE) $(PORTABLE)

# Without those that show the same on every kernel, for time
KERNEL ?= 7.3
.PHONY: check-kernel
check-kernel: lab ## what differs between kernels, on Linux KERNEL= (7.3)
	KERNELS='$(KERNEL)' \
		TESTS='backends firewall module rescue setup stuck' \
		$(PROVE) -v tests/matrix.t

.PHONY: check-built-packages
check-built-packages: ## the packages for Debian and Fedora, what is in them
	@lab/packages package
	$(PROVE) tests/package/deb.t tests/package/rpm.t

.PHONY: check-packages
check-packages: send_sysrq ## the packages for Debian and Fedora, and what installing them does
	@lab/packages package
	$(PROVE) $(sort $(wildcard tests/package/*.t))

# Any VM test runs on it: KERNEL=debug prove tests/vm/NAME.t
.PHONY: check-debug
check-debug: lab ## attacks on a kernel with KASAN, lockdep, UBSAN, which it builds
	lab/debug-kernel
	+$(MAKE) -s test-module KDIR=$$(lab/kernel debug)/build
	KERNEL=debug $(PROVE) $(sort $(wildcard tests/debug/*.t)) tests/vm/stuck.t

# Of the other byte order, s390x is
MACHINES := arm64 s390x
.PHONY: check-cross
check-cross: setup send_sysrq $(BUILD)/responder ## arm64 and s390x: all is built for them, and tested in qemu-user
	@lab/packages cross
	+@for machine in $(MACHINES); do \
		tests/cross/build $$machine $(BUILD) $(notdir $(PORTABLE)) || exit 1; \
	done
	$(PROVE) -j2 $(foreach machine,$(MACHINES),$(BUILD)/cross/$(machine)/tests/*)

.PHONY: check-system
check-system: setup deb ## the packages on whole Debian systems, in VMs: wants root, an hour
	@lab/packages system
	$(PROVE) $(sort $(wildcard tests/system/*.t))

.PHONY: check-matrix
check-matrix: lab ## the VM tests on Linux 5.10 to 7.3, then check-system: two hours
	$(PROVE) -v tests/matrix.t
	+@$(MAKE) check-system

.PHONY: fuzz
fuzz: setup $(FUZZ) ## fuzzes core/ and what reads logs, each target for 10 minutes or FUZZ_SECONDS
	FUZZ_SECONDS=$${FUZZ_SECONDS:-600} $(PROVE) -j2 \
		$(sort $(wildcard tests/fuzz/*.t))

.PHONY: demo
demo: lab ## a host hangs and is rescued: the whole story, in a VM
	@lab/demo

.PHONY: bench
bench: lab ## the figures in README
	@bench/rescue
	@bench/packet
	@bench/hosts

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
