// SPDX-License-Identifier: GPL-2.0
#include "fence/options.h"

enum { DAY = 86400000 /* ms */ };

const struct option_row options_table[OPTIONS] = {
	[OPTION_ACTION] = { "action", "option", 'o', .value = "action",
			    .fallback = "reboot", .description = "What to do" },
	[OPTION_PLUG] = { "plug", "port", 'n', .value = "node",
			  .description =
				  "Name of the node, as it stands in the "
				  "known hosts and in the configuration" },
	[OPTION_IP] = { "ip", "ipaddr", 'a', .value = "address",
			.description = "Address or name to send to; default: "
				       "what the configuration has for the "
				       "node, or its name" },
	[OPTION_IPPORT] = { "ipport", .letter = 'u', .type = TYPE_INTEGER,
			    .value = "port", .least = 1, .most = 65535,
			    .description = "UDP port of the node; default: "
					   "that of the configuration, or 9" },
	[OPTION_HOST_KEY] = { "host_key", .value = "key",
			      .description = "Public key of the node; default: "
					     "that of the known hosts. Only "
					     "for a device with one node" },
	[OPTION_KEY_FILE] = { "key_file", .value = "file",
			      .description =
				      "File with your private key; default: "
				      "that of the configuration, or "
				      "~/.config/send_sysrq/key" },
	[OPTION_KEY] = { "key", .secret = true, .value = "key",
			 .description = "Your private key itself; it may also "
					"be in the environment variable "
					"FENCE_SYSRQ_KEY" },
	[OPTION_REBOOT_ONLY] = { "reboot_only", .type = TYPE_BOOLEAN,
				 .fallback = "0",
				 .description =
					 "The cluster only reboots its nodes: "
					 "validate-all does not ask whether "
					 "off can be proven, and off is "
					 "refused" },
	[OPTION_SYNC_TIMEOUT] = { "sync_timeout", .type = TYPE_SECOND,
				  .value = "seconds", .fallback = "0",
				  .most = SYSRQ_WAIT_MAX_MS,
				  .description =
					  "Press s and u first, and wait so "
					  "long for each; 0: do not press "
					  "them" },
	[OPTION_POWER_TIMEOUT] = { "power_timeout", .type = TYPE_SECOND,
				   .value = "seconds", .fallback = "30",
				   .least = 1000, .most = DAY,
				   .description = "How long to wait for the "
						  "proof that the node was "
						  "fenced" },
	[OPTION_POWER_WAIT] = { "power_wait", .type = TYPE_SECOND,
				.value = "seconds", .fallback = "0",
				.most = DAY,
				.description =
					"Seconds to wait after the letter "
					"before asking for the proof" },
	[OPTION_DISABLE_TIMEOUT] = { "disable_timeout", .type = TYPE_BOOLEAN,
				     .value = "true/false", .fallback = "0",
				     .description = "Wait for the proof "
						    "without end" },
	[OPTION_DELAY] = { "delay", .type = TYPE_SECOND, .value = "seconds",
			   .fallback = "0", .most = DAY,
			   .description = "Seconds to wait before off and "
					  "reboot" },
	[OPTION_QUIET] = { "quiet", .letter = 'q', .type = TYPE_BOOLEAN,
			   .fallback = "0",
			   .description = "Write nothing to standard error" },
	[OPTION_VERBOSE] = { "verbose", .letter = 'v', .type = TYPE_BOOLEAN,
			     .fallback = "0",
			     .description = "Say on standard error what is "
					    "done" },
	[OPTION_VERBOSE_LEVEL] = { "verbose_level", .type = TYPE_INTEGER,
				   .value = "level", .fallback = "0", .most = 9,
				   .description = "The same if above 0" },
	[OPTION_DEBUG_FILE] = { "debug_file", .letter = 'D', .value = "file",
				.description = "Append to this file what is "
					       "done" },
	[OPTION_VERSION] = { "version", .letter = 'V', .type = TYPE_BOOLEAN,
			     .description = "Print the version" },
	[OPTION_HELP] = { "help", .letter = 'h', .type = TYPE_BOOLEAN,
			  .description = "Print this help" },
};
