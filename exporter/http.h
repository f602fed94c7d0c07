/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Takes requests by HTTP, of as many connections as there are file descriptors for, at most
 * 2048. Others wait in the kernel's queue. If all are taken, clients who say nothing have
 * less time.
 */
#ifndef SRQ_EXPORTER_HTTP_H
#define SRQ_EXPORTER_HTTP_H

#include "client/exporter_options.h"
#include "exporter/probe.h"

struct http;

/* Listen. NULL: the reason has been told on stderr. prober outlives http. */
struct http *http_open(const struct exporter_options *options,
		       struct prober *prober);

/* Readable when http_step() is to be called. */
int http_fd(const struct http *http);

/* Take what has come, and send what can be sent. */
void http_step(struct http *http);

/* When to call http_step() at the latest, in ns. A probe that ends makes it earlier. */
uint64_t http_deadline(const struct http *http);

/* A probe that http has begun has ended. */
void http_ended(struct probe *probe);

/* Close all connections. No probe may be going on. */
void http_close(struct http *http);

#endif
