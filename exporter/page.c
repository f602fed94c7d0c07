// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdlib.h>

#include "client/output/prometheus.h"
#include "exporter/page.h"

void page_write(struct page *page, enum page_status status,
		void (*write)(FILE *out, const void *data), const void *data)
{
	FILE *out;

	page_free(page);
	page->status = status;
	out = open_memstream(&page->text, &page->len);
	if (!out)
		return;
	write(out, data);
	if (!fclose(out))
		return;
	free(page->text);
	page->text = NULL;
}

void page_say(struct page *page, enum page_status status, const char *format,
	      ...)
{
	va_list args;
	int len;

	page_free(page);
	va_start(args, format);
	len = vasprintf(&page->text, format, args);
	va_end(args);
	page->status = status;
	page->len = len < 0 ? 0 : (size_t)len;
	if (len < 0)
		page->text = NULL;
}

void page_free(struct page *page)
{
	free(page->text);
	*page = (struct page){ .text = NULL };
}

void page_write_probe(FILE *out, const void *data)
{
	const struct page_probe *probe = data;

	prometheus_report(out, &probe->report, 1);
	prometheus_head(out, "probe_success",
			"Whether the kernel of the host answers, and has not "
			"panicked.",
			"gauge");
	fprintf(out, "probe_success %d\n", probe->report.state == REPORT_ALIVE);
	prometheus_head(out, "probe_duration_seconds",
			"How long the probe took.", "gauge");
	fprintf(out, "probe_duration_seconds %.6f\n",
		(double)probe->took / 1e9);
}
