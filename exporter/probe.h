/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Asks hosts for their status, and nothing else, for probes: requests of scrapers. All
 * probes of one host that are there at the same time share one question.
 */
#ifndef SRQ_EXPORTER_PROBE_H
#define SRQ_EXPORTER_PROBE_H

#include <bsd/sys/queue.h>
#include <bsd/sys/tree.h>

#include "client/output/report.h"
#include "exporter/files.h"
#include "exporter/page.h"

struct question;

struct probe {
	void *data; /* of probe_begin() */
	uint64_t began, deadline;
	struct question *question; /* NULL: it has ended, and page is set */
	struct page page;
	LIST_ENTRY(probe) link; /* these two while it has a question */
	RB_ENTRY(probe) timer;
};

/* How probes ended: as a state of a host, or so */
enum {
	PROBES_REFUSED = REPORT_STATES, /* bad, not known, or too many */
	PROBES_FAILED,                  /* a fault of this machine */
	PROBES_RESULTS,
};

RB_HEAD(questions, question);
RB_HEAD(deadlines, probe);

struct prober {
	struct files files;
	struct targets targets; /* see target_settle() */
	struct questions questions;
	TAILQ_HEAD(, question) found; /* those to be asked next */
	struct deadlines deadlines;
	void (*ended)(struct probe *probe);
	size_t running;
	uint64_t results[PROBES_RESULTS];
};

/*
 * Read the files, and open what is needed to ask. ended() is called in prober_step() for
 * each probe that has had no page at first. The caller calls prober_close() in any
 * case, and common outlives prober. False: the reason has been told on stderr.
 */
bool prober_open(struct prober *prober, const struct target_options *common,
		 void (*ended)(struct probe *probe));

/*
 * Begin to ask target, for at most timeout ns. Its page is set at once if nothing can be
 * asked. The caller calls probe_free(). NULL: out of memory.
 */
struct probe *probe_begin(struct prober *prober, const char *target,
			  uint64_t timeout, void *data);

void probe_free(struct prober *prober, struct probe *probe);

/* Take what has come, and send what is due. Returns when to do so again at the
 * latest, in ns. */
uint64_t prober_step(struct prober *prober);

/* End all probes with this sentence. */
void prober_end(struct prober *prober, const char *why);

/* No probe exists any more. */
void prober_close(struct prober *prober);

#endif
