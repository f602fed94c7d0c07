/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Turns the bodies of the datagrams into structures, and back:
 * docs/protocol.md, "Bodies". Any context.
 *
 * In the structures, integers are in host byte order, and times in nanoseconds.
 * body_len is SRQ_SHORT_BODY, or SRQ_LONG_BODY for log and logdata. A writer
 * fills the whole body, padding included. A reader accepts any bytes. It
 * returns false if the body is not of its type, too short or not valid.
 */
#ifndef SRQ_MESSAGE_H
#define SRQ_MESSAGE_H

#include "core/datagram.h"
#include "core/letter.h"

enum srq_type {
	SRQ_HELLO = 1,
	SRQ_COMMAND = 2,
	SRQ_LOG = 3,
	SRQ_STATUS = 0x81,
	SRQ_RESULT = 0x82,
	SRQ_LOGDATA = 0x83,
};

/* docs/protocol.md, "Codes of a reply" */
enum srq_code {
	SRQ_OK = 0,
	SRQ_RUNNING = 1,
	SRQ_SUPERSEDED = 2,
	SRQ_TEXT_CUT = 3,
	SRQ_WITHDRAWN = 4, /* a letter was no longer permitted at its turn, or
			    * the machine was restored from a snapshot */
	SRQ_WRONG_EPOCH = 16,
	SRQ_OLD_SEQUENCE = 17,
	SRQ_ONE_WAY_OFF = 18,
	SRQ_CLOCK_OFF = 19,
	SRQ_OLD_STAMP = 20,
	SRQ_WRONG_ADDRESS = 21,
	SRQ_DEADLINE = 22,
	SRQ_BUSY = 23, /* another operator's run may not be ended */
	SRQ_NOT_OPERATOR = 32,
	SRQ_NOT_MASK = 33,
	SRQ_NOT_RULE = 34,
	SRQ_NO_SUCH_LETTER = 35,
	SRQ_NOT_LOG = 36,
	SRQ_MALFORMED = 48,
};

enum srq_step_state {
	SRQ_STEP_PENDING = 0,
	SRQ_STEP_PRESSED = 1,
	SRQ_STEP_DONE = 2,
	SRQ_STEP_COMPLETE = 3,
	SRQ_STEP_TIMED_OUT = 4,
	SRQ_STEP_DROPPED = 5,
	SRQ_STEP_WITHDRAWN = 6, /* not pressed: no longer permitted */
	SRQ_STEP_POINTLESS = 7, /* not pressed: the kernel has panicked */
};

enum {
	SRQ_STEPS_MAX = 16,
	SRQ_WAIT_MAX_MS = 600000,
	/* In session, a letter that ends the host waits for so long after
	 * the step before it. So the client can hear of that step. */
	SRQ_LAST_HOLD_MS = 500,
	/* Each time that a client asks meanwhile that does not say that it has
	 * heard, the letter waits for so long from then, but not longer than
	 * SRQ_LAST_HOLD_MOST_MS in all. */
	SRQ_LAST_QUIET_MS = 250,
	SRQ_LAST_HOLD_MOST_MS = 2000,
	SRQ_ADDRESS_LEN = 16,
	SRQ_NAME_LEN = 64,
	SRQ_LOGDATA_TEXT_AT = 48,
	SRQ_LOGDATA_TEXT_MAX = SRQ_LONG_BODY - SRQ_LOGDATA_TEXT_AT,
};

/* Flag of a step: its wait ends when the kernel reports the letter complete. */
enum { SRQ_UNTIL_COMPLETE = 1 };

/* The first bytes of every body. A request and its reply have the same id. */
struct srq_header {
	uint8_t type;
	uint8_t code;
	uint16_t length;
	uint64_t id;
};

struct srq_status {
	uint64_t epoch;    /* of this key */
	uint64_t sequence; /* the highest one that this key has used up */
	uint64_t real_time;
	uint64_t boot_time;
	uint64_t log_next;
	uint64_t letters; /* a set: the letters that may be pressed now */
	uint32_t mask;
	uint32_t tolerance; /* seconds */
	bool may_read_log;
	bool panicked;
	bool hears_after_panic;
	bool restored; /* from a snapshot with its memory, or cloned, since
			  * the module was loaded */
	uint32_t cpus;
	uint64_t memory; /* bytes */
	uint64_t memory_free;
	uint32_t load[3]; /* in hundredths */
	uint32_t key_age; /* seconds */
	char node[SRQ_NAME_LEN + 1];
	char release[SRQ_NAME_LEN + 1];
	uint32_t reboots_in; /* seconds, after a panic; 0: it does not */
};

struct srq_step {
	char letter;
	uint8_t flags;    /* SRQ_UNTIL_COMPLETE or 0 */
	uint32_t wait_ms; /* before the next step */
};

struct srq_command {
	uint64_t epoch; /* 0: the command is one-way */
	uint64_t order; /* in session: the sequence; one-way: the stamp */
	uint8_t address[SRQ_ADDRESS_LEN]; /* one-way: its destination */
	uint8_t count;
	/* In session: so many steps have ended, as the client has heard. */
	uint8_t heard;
	struct srq_step steps[SRQ_STEPS_MAX];
	/* In session: a time since the host's boot. One-way: a time since 1970,
	 * or 0 for none. */
	uint64_t deadline;
};

/* How far a run has come. */
struct srq_progress {
	uint64_t log_first; /* the next log record when the run began */
	uint8_t count;      /* of steps */
	uint8_t finished;   /* steps; in a refusal: index of the refused step */
	uint8_t states[SRQ_STEPS_MAX]; /* enum srq_step_state */
	/* Milliseconds from a letter's press to the end of its step, or 0.
	 * With SRQ_BUSY the first one is the time until the run in progress
	 * ends at the latest. */
	uint32_t times[SRQ_STEPS_MAX];
};

struct srq_result {
	uint64_t epoch;
	uint64_t sequence;
	uint64_t real_time;
	uint64_t boot_time;
	uint64_t log_next;
	uint32_t tolerance; /* seconds */
	bool restored;      /* as in a status */
	struct srq_progress progress;
};

struct srq_log {
	uint64_t epoch; /* of this key */
	uint64_t first; /* number of the first record wanted */
};

struct srq_logdata {
	uint64_t epoch;
	uint64_t first;    /* number of the first record given */
	uint64_t next;     /* number to ask for next */
	uint64_t log_next; /* number of the record that comes next */
	size_t text_len;
	const char *text; /* no NUL; a reader's points into the body */
};

bool srq_read_header(const uint8_t *body, size_t body_len,
		     struct srq_header *header);

void srq_write_hello(uint8_t *body, size_t body_len, uint64_t id);

void srq_write_status(uint8_t *body, size_t body_len, uint64_t id,
		      const struct srq_status *status);
bool srq_read_status(const uint8_t *body, size_t body_len,
		     struct srq_status *status);

void srq_write_command(uint8_t *body, size_t body_len, uint64_t id,
		       const struct srq_command *command);
bool srq_read_command(const uint8_t *body, size_t body_len,
		      struct srq_command *command);

void srq_write_result(uint8_t *body, size_t body_len, uint64_t id, uint8_t code,
		      const struct srq_result *result);
bool srq_read_result(const uint8_t *body, size_t body_len,
		     struct srq_result *result);

void srq_write_log(uint8_t *body, size_t body_len, uint64_t id,
		   const struct srq_log *log);
bool srq_read_log(const uint8_t *body, size_t body_len, struct srq_log *log);

/*
 * text may be NULL: then the caller has written the text_len bytes itself, at
 * SRQ_LOGDATA_TEXT_AT of the body.
 */
void srq_write_logdata(uint8_t *body, size_t body_len, uint64_t id,
		       uint8_t code, const struct srq_logdata *logdata);
bool srq_read_logdata(const uint8_t *body, size_t body_len,
		      struct srq_logdata *logdata);

#endif
