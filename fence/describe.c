// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "client/output/written.h"
#include "fence/describe.h"
#include "fence/options.h"

static enum fence_exit printed(void)
{
	return written("the output") ? FENCE_OK : FENCE_FAILED;
}

/* Write the option as people type it: "-o, --action=[action]". */
static void write_usage(FILE *out, const struct option_row *row)
{
	char name[OPTION_LONG_MAX];

	option_long_name(name, row);
	if (row->letter)
		fprintf(out, "-%c, ", row->letter);
	fputs(name, out);
	if (row->value)
		fprintf(out, "=[%s]", row->value);
}

/* --- Help --- */

static void print_option(const struct option_row *row)
{
	char usage[64] = "";
	FILE *out;

	if (row->secret)
		return;
	out = fmemopen(usage, sizeof(usage), "w");
	if (out) {
		write_usage(out, row);
		fclose(out);
	}
	printf("  %-34s %s", usage, row->description);
	if (row->fallback)
		printf(" (default: %s)", row->fallback);
	printf("\n");
}

enum fence_exit describe_help(void)
{
	printf("Usage: fence_sysrq [options]\n"
	       "Fences a node of a cluster by the letters of magic SysRq. Without options it\n"
	       "reads lines name=value from standard input.\n"
	       "\n"
	       "Actions:\n");
	for (const struct action *a = actions; a->name; a++)
		printf("  %-12s %s\n", a->name, a->description);
	printf("\nOptions:\n");
	for (int id = 0; id < OPTIONS; id++)
		print_option(&options_table[id]);
	printf("\n"
	       "Exit status:\n"
	       "  0  it is proven; status: the node is on\n"
	       "  1  it is not proven, or something is wrong\n"
	       "  2  status: the node is off, as it says itself\n");
	return printed();
}

/* --- Metadata --- */

static const char *const type_names[] = {
	[TYPE_STRING] = "string",
	[TYPE_INTEGER] = "integer",
	[TYPE_SECOND] = "second",
	[TYPE_BOOLEAN] = "boolean",
};

static void print_parameter(const struct option_row *row)
{
	if (row->secret)
		return;
	printf("\t<parameter name=\"%s\" unique=\"0\" required=\"0\">\n"
	       "\t\t<getopt mixed=\"",
	       row->name);
	write_usage(stdout, row);
	printf("\" />\n\t\t<content type=\"%s\"", type_names[row->type]);
	if (row->fallback)
		printf(" default=\"%s\"", row->fallback);
	printf(" />\n\t\t<shortdesc lang=\"en\">%s</shortdesc>\n\t</parameter>\n",
	       row->description);
}

enum fence_exit describe_metadata(const struct options *options)
{
	(void)options;
	printf("<?xml version=\"1.0\" ?>\n"
	       "<resource-agent name=\"fence_sysrq\" shortdesc=\"Fence agent for "
	       "the network magic SysRq\">\n"
	       "<longdesc>fence_sysrq fences nodes whose kernel has the module "
	       "ipt_SYSRQ, also if all their programs hang, and needs no "
	       "management board. It reports success only where the node itself "
	       "has proven it: a node that is merely silent, cut off or without "
	       "power is never reported as fenced, so give such nodes a second "
	       "level. fence_sysrq(8) has the details.</longdesc>\n"
	       "<vendor-url>https://example.org/ipt_sysrq</vendor-url>\n"
	       "<parameters>\n");
	for (int id = 0; id < OPTIONS; id++)
		print_parameter(&options_table[id]);
	printf("</parameters>\n<actions>\n");
	for (const struct action *a = actions; a->name; a++)
		printf("\t<action name=\"%s\"%s />\n", a->name,
		       a->not_at_join ? " automatic=\"0\"" : "");
	printf("</actions>\n</resource-agent>\n");
	return printed();
}
