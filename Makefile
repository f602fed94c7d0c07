# SPDX-License-Identifier: GPL-2.0
# `make help` lists the targets.

VERSION := 0.1.0
BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
CFLAGS ?= -O2 -g
PKG_CONFIG ?= pkg-config
KDIR ?= /lib/modules/$(shell uname -r)/build

# make and the kernel's build have no quotation marks for names.
ODD := ' " ` $$ \ % : ; & | , * ? ! = < > ( ) [ ] { } \#
odd = $(strip $(foreach c,$(ODD),$(findstring $c,$1)) $(word 2,x$1x))
$(foreach name,CURDIR BUILD DESTDIR PREFIX LIBDIR UNITDIR MODPROBEDIR XTLIBDIR FENCEDIR KDIR, \
	$(if $(call odd,$($(name))),$(error $(name): '$($(name))' given, expected the name \
		of a folder without blanks and without $(ODD))))

WARNINGS := -Wall -Wextra -Wwrite-strings -Wshadow -Wstrict-prototypes
ALL_CFLAGS = -std=c11 $(WARNINGS) -D_GNU_SOURCE -DSRQ_VERSION='"$(VERSION)"' \
	-I. -MMD -MP $(CPPFLAGS) $(CFLAGS)

CORE := $(wildcard core/*.c)
CLIENT := $(wildcard client/*.c client/*/*.c)
objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

# The exporter is for those who have libmicrohttpd.
HAS_HTTP := $(shell $(PKG_CONFIG) --exists libmicrohttpd 2> /dev/null && echo yes)

.PHONY: all
all: module extension library send_sysrq fence_sysrq $(if $(HAS_HTTP),exporter) ## all parts; the exporter only with libmicrohttpd

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
	@mkdir -p $(MODULE_DIR)/core $(MODULE_DIR)/kernel
	@ln -sf $(CURDIR)/kernel/Kbuild $(MODULE_DIR)
	@ln -sf $(CURDIR)/kernel/*.[ch] $(MODULE_DIR)/kernel
	@ln -sf $(CURDIR)/core/*.[ch] $(MODULE_DIR)/core
	+$(MAKE) -C $(KDIR) M=$(MODULE_DIR) W=1 SRQ_VERSION=$(VERSION) modules
endif

# --- The iptables extension ---
.PHONY: extension
extension: $(BUILD)/libxt_SYSRQ.so ## libxt_SYSRQ.so, for `iptables -j SYSRQ`

EXTENSION := iptables/libxt_SYSRQ.c core/letter.c core/permissions.c

$(BUILD)/libxt_SYSRQ.so: $(EXTENSION) $(wildcard core/*.h) kernel/xt_SYSRQ.h
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -fPIC -fvisibility=hidden -shared $(LDFLAGS) -o $@ \
		$(EXTENSION) $$($(PKG_CONFIG) --cflags --libs xtables)

# --- libsysrq, and the client made of it ---
SOVERSION := 0
LIBRARY := core/key.c core/letter.c core/permissions.c core/datagram.c \
	core/message.c core/request.c $(wildcard lib/*.c)
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

$(BUILD)/$(SHARED): $(LIBRARY_OBJECTS) lib/libsysrq.map
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-z,defs \
		-Wl,-soname,libsysrq.so.$(SOVERSION) \
		-Wl,--version-script=lib/libsysrq.map \
		-o $@ $(LIBRARY_OBJECTS) -lsodium
	ln -sf $(SHARED) $(BUILD)/libsysrq.so.$(SOVERSION)
	ln -sf $(SHARED) $(BUILD)/libsysrq.so

$(BUILD)/send_sysrq: $(call objects,$(CLIENT)) $(BUILD)/libsysrq.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -ljansson -lsodium -pthread

# --- The fence agent, which finds hosts and says what went wrong as the client does ---
FENCE := $(wildcard fence/*.c)

.PHONY: fence_sysrq
fence_sysrq: $(BUILD)/fence_sysrq ## the fence agent for clusters, without kernel headers

$(BUILD)/client.a: $(call objects,$(wildcard client/hosts/*.c client/output/*.c))
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/fence_sysrq: $(call objects,$(FENCE)) $(BUILD)/client.a $(BUILD)/libsysrq.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lsodium -pthread

# --- The exporter for Prometheus, which send_sysrq exporter starts ---
EXPORTER := $(wildcard exporter/*.c) client/exporter_options.c client/options.c

.PHONY: exporter
exporter: $(BUILD)/send_sysrq-exporter ## what send_sysrq exporter starts, with libmicrohttpd

$(BUILD)/send_sysrq-exporter: $(call objects,$(EXPORTER)) $(BUILD)/client.a $(BUILD)/libsysrq.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $$($(PKG_CONFIG) --libs libmicrohttpd) -lsodium -pthread

$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

-include $(wildcard $(addprefix $(BUILD)/,$(foreach d,obj lib,$d/*/*.d $d/*/*/*.d)))

# --- Installation ---
XTLIBDIR = $(shell $(PKG_CONFIG) --variable=xtlibdir xtables)
LIBDIR = $(PREFIX)/lib
# What systemd says is for packages. It also looks below /usr/local.
UNITDIR = $(or $(if $(filter /usr,$(PREFIX)),$(shell \
	$(PKG_CONFIG) --variable=systemdsystemunitdir systemd 2> /dev/null)), \
	$(PREFIX)/lib/systemd/system)
MODPROBEDIR = $(PREFIX)/lib/modprobe.d
# Clusters look for fence agents nowhere else.
FENCEDIR = /usr/sbin
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
	@if [ -e $(BUILD)/fence_sysrq ]; then \
		$(MAKE) --no-print-directory install-fence; \
	fi
	@if [ -e $(BUILD)/send_sysrq-exporter ]; then \
		$(MAKE) --no-print-directory install-exporter; \
	fi
	@if [ -n "$(KREL)" ] && [ -e $(MODULE) ]; then set -x; \
		$(INSTALL_DATA) $(MODULE) \
			$(moddir)/$(KREL)/updates/ipt_SYSRQ.ko; \
	fi

.PHONY: install-client
install-client: ## of all that only send_sysrq, with its manual and completions
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
	$(INSTALL_DATA) lib/sysrq.h $(prefix)/include/sysrq.h
	$(INSTALL_DATA) $(BUILD)/libsysrq.a $(libdir)/libsysrq.a
	$(INSTALL_PROGRAM) $(BUILD)/$(SHARED) $(libdir)/$(SHARED)
	ln -sf $(SHARED) $(libdir)/libsysrq.so.$(SOVERSION)
	ln -sf $(SHARED) $(libdir)/libsysrq.so
	mkdir -p $(libdir)/pkgconfig
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' \
		-e 's|@VERSION@|$(VERSION)|' lib/libsysrq.pc.in \
		> $(libdir)/pkgconfig/libsysrq.pc
	$(INSTALL_DATA) man/libsysrq.3 $(sharedir)/man/man3/libsysrq.3

.PHONY: install-extension
install-extension: ## libxt_SYSRQ.so, to where iptables looks for it
	$(INSTALL_PROGRAM) $(BUILD)/libxt_SYSRQ.so \
		$(DESTDIR)$(XTLIBDIR)/libxt_SYSRQ.so
	$(INSTALL_DATA) man/iptables-sysrq.8 \
		$(sharedir)/man/man8/iptables-sysrq.8

.PHONY: install-fence
install-fence: ## fence_sysrq, to where clusters look for it
	$(INSTALL_PROGRAM) $(BUILD)/fence_sysrq $(DESTDIR)$(FENCEDIR)/fence_sysrq
	$(INSTALL_DATA) man/fence_sysrq.8 $(sharedir)/man/man8/fence_sysrq.8

.PHONY: install-exporter
install-exporter: ## the exporter, its service, and what Prometheus and Grafana take
	$(INSTALL_PROGRAM) $(BUILD)/send_sysrq-exporter \
		$(prefix)/libexec/send_sysrq/exporter
	mkdir -p $(DESTDIR)$(UNITDIR)
	sed 's|@BINDIR@|$(PREFIX)/bin|' packaging/send_sysrq-exporter.service.in \
		> $(DESTDIR)$(UNITDIR)/send_sysrq-exporter.service
	for file in send_sysrq.rules.yml send_sysrq.dashboard.json; do \
		$(INSTALL_DATA) packaging/prometheus/$$file \
			$(sharedir)/send_sysrq/$$file; \
	done

BOOT := load unload setup settings panic add-operator
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
	mkdir -p $(dkmsdir)/core $(dkmsdir)/kernel
	install -m 644 kernel/Kbuild $(dkmsdir)
	install -m 644 kernel/*.[ch] $(dkmsdir)/kernel
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
		$(sharedir)/man/man8/fence_sysrq.8 \
		$(sharedir)/bash-completion/completions/send_sysrq \
		$(sharedir)/zsh/site-functions/_send_sysrq \
		$(sharedir)/fish/vendor_completions.d/send_sysrq.fish \
		$(DESTDIR)$(UNITDIR)/ipt-sysrq.service \
		$(DESTDIR)$(UNITDIR)/send_sysrq-exporter.service \
		$(prefix)/libexec/send_sysrq/exporter \
		$(sharedir)/send_sysrq/send_sysrq.rules.yml \
		$(sharedir)/send_sysrq/send_sysrq.dashboard.json \
		$(DESTDIR)$(MODPROBEDIR)/ipt-sysrq.conf \
		$(addprefix $(prefix)/libexec/ipt-sysrq/,$(BOOT)) \
		$(DESTDIR)$(XTLIBDIR)/libxt_SYSRQ.so \
		$(DESTDIR)$(FENCEDIR)/fence_sysrq \
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

# --- Tests, the lab, style: what a package needs of them is check-built ---
include tests/tests.mk

.PHONY: clean
clean: ## removes what was built
	rm -rf $(BUILD)

.PHONY: help
help: ## lists the targets
	@sed -n 's/^\([a-z0-9_-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | \
		expand -t 24
