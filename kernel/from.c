// SPDX-License-Identifier: GPL-2.0
/* The parameter from: the networks that the listener hears. */
#include "kernel/host.h"
#include <linux/ctype.h>
#include <linux/inet.h>
#include <linux/ip.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

enum { PREFIXES_MAX = 16, PREFIX_TEXT = INET6_ADDRSTRLEN + sizeof("/128") };

/* An IPv4 address is ::ffff:a.b.c.d. */
struct prefix {
	struct in6_addr address;
	unsigned int bits; /* of the 128 */
	bool ipv4;
};

struct prefixes {
	struct rcu_head rcu;
	unsigned int count;
	struct prefix prefix[PREFIXES_MAX];
};

/* NULL: there is no limit. Changed under kernel_param_lock(). */
static struct prefixes __rcu *heard;

bool srq_from_heard(const struct sk_buff *skb, u8 family)
{
	const struct prefixes *all = rcu_dereference(heard);
	bool ipv4 = family == NFPROTO_IPV4;
	struct in6_addr source;

	if (!all || skb->dev->flags & IFF_LOOPBACK)
		return true;
	if (ipv4)
		ipv6_addr_set_v4mapped(ip_hdr(skb)->saddr, &source);
	else
		source = ipv6_hdr(skb)->saddr;
	for (unsigned int i = 0; i < all->count; i++) {
		const struct prefix *one = &all->prefix[i];

		if (one->ipv4 == ipv4 &&
		    ipv6_prefix_equal(&source, &one->address, one->bits))
			return true;
	}
	return false;
}

/* Writes it as a user does, and returns the length. */
static int write_prefix(char text[PREFIX_TEXT], const struct prefix *one)
{
	if (one->ipv4)
		return scnprintf(text, PREFIX_TEXT, "%pI4/%u",
				 &one->address.s6_addr32[3], one->bits - 96);
	return scnprintf(text, PREFIX_TEXT, "%pI6c/%u", &one->address,
			 one->bits);
}

/* Has a number of this IPv4 address a zero in front? Others read it as octal. */
static bool is_octal(const char *text)
{
	for (char before = '.'; *text; before = *text++) {
		if (before == '.' && *text == '0' && isdigit(text[1]))
			return true;
	}
	return false;
}

/* Cuts the text in two. Returns false if it is no prefix. */
static bool read_prefix(char *text, struct prefix *one)
{
	char *bits = text + strcspn(text, "/");
	s64 width, given;
	__be32 ipv4;

	if (*bits)
		*bits++ = '\0';
	else
		bits = NULL;
	one->ipv4 = in4_pton(text, -1, (u8 *)&ipv4, 0, NULL);
	if (one->ipv4 && is_octal(text))
		return false;
	if (one->ipv4)
		ipv6_addr_set_v4mapped(ipv4, &one->address);
	else if (!in6_pton(text, -1, one->address.s6_addr, 0, NULL) ||
		 ipv6_addr_v4mapped(&one->address))
		return false;
	width = one->ipv4 ? 32 : 128;
	given = width;
	if (bits &&
	    (!isdigit(*bits) || !srq_param_number(bits, 10, 0, width, &given)))
		return false;
	one->bits = given + 128 - width;
	return true;
}

/* Reads a word of the list. On an error the log says what is wrong. */
static int add_prefix(struct prefixes *all, const char *word, size_t len)
{
	char text[PREFIX_TEXT] = "", meant[PREFIX_TEXT];
	struct prefix one, network;

	for (size_t i = 0; i < len && i < sizeof(text) - 1; i++)
		text[i] = word[i];
	if (len >= sizeof(text) || !read_prefix(text, &one)) {
		pr_err("parameter from: '%.*s' is not an address or a network, such as 10.0.0.0/8 or 2001:db8::/32\n",
		       (int)min_t(size_t, len, PREFIX_TEXT), word);
		return -EINVAL;
	}
	network = one;
	ipv6_addr_prefix(&network.address, &one.address, one.bits);
	if (!ipv6_addr_equal(&network.address, &one.address)) {
		write_prefix(meant, &network);
		pr_err("parameter from: '%.*s' is an address within a network, not a network: expected %s\n",
		       (int)len, word, meant);
		return -EINVAL;
	}
	if (all->count == PREFIXES_MAX) {
		pr_err("parameter from: more than %d networks given, expected at most %d\n",
		       PREFIXES_MAX, PREFIXES_MAX);
		return -EINVAL;
	}
	all->prefix[all->count++] = one;
	return 0;
}

static int read_prefixes(struct prefixes *all, const char *text, size_t len)
{
	const char *const end = text + len;

	for (;; text++) {
		size_t word = min_t(size_t, strcspn(text, ","), end - text);
		int err = add_prefix(all, text, word);

		text += word;
		if (err || text == end)
			return err;
	}
}

static void replace(struct prefixes *all)
{
	struct prefixes *old = rcu_dereference_protected(heard, true);

	rcu_assign_pointer(heard, all);
	if (old)
		kfree_rcu(old, rcu);
}

static int set_from(const char *value, const struct kernel_param *kp)
{
	size_t len = srq_param_length(value);
	struct prefixes *all;
	int err;

	if (!srq_param_may_set())
		return -EPERM;
	if (!len) {
		replace(NULL);
		return 0;
	}
	all = kzalloc(sizeof(*all), GFP_KERNEL);
	err = all ? read_prefixes(all, value, len) : -ENOMEM;
	if (err)
		kfree(all);
	else
		replace(all);
	return err;
}

static int get_from(char *buffer, const struct kernel_param *kp)
{
	const struct prefixes *all = rcu_dereference_protected(heard, true);
	int len = 0;

	for (unsigned int i = 0; all && i < all->count; i++) {
		if (i)
			buffer[len++] = ',';
		len += write_prefix(buffer + len, &all->prefix[i]);
	}
	buffer[len++] = '\n';
	return len;
}

/* The module is gone, or was not loaded. */
static void free_from(void *arg)
{
	kfree(rcu_dereference_protected(heard, true));
}

static const struct kernel_param_ops from_ops = {
	.set = set_from,
	.get = get_from,
	.free = free_from,
};

module_param_cb(from, &from_ops, NULL, 0644);
MODULE_PARM_DESC(
	from,
	"networks that the listener of port= hears, such as 10.0.0.0/8,2001:db8::/32, at most 16; empty: all (default)");
