/* SPDX-License-Identifier: GPL-2.0 */
/* What a scraper gets. */
#ifndef SRQ_EXPORTER_PAGE_H
#define SRQ_EXPORTER_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "client/output/report.h"

enum page_status {
	PAGE_GOOD = 200,
	PAGE_BAD_REQUEST = 400,
	PAGE_NOT_FOUND = 404,
	PAGE_NOT_ALLOWED = 405,
	PAGE_TOO_MANY = 429,
	PAGE_FAULT = 503,
};

/* Begins as {0}. */
struct page {
	enum page_status status; /* 0: it is not set */
	char *text;              /* NULL: there was no memory for it */
	size_t len;
};

/* Set a page to what write() writes. data goes to write(). */
void page_write(struct page *page, enum page_status status,
		void (*write)(FILE *out, const void *data), const void *data);

/* Set a page to a sentence. */
__attribute__((format(printf, 3, 4))) void page_say(struct page *page,
						    enum page_status status,
						    const char *format, ...);

void page_free(struct page *page);

/* What /probe shows */
struct page_probe {
	struct report_host report;
	uint64_t took; /* ns */
};
void page_write_probe(FILE *out, const void *probe);

#endif
