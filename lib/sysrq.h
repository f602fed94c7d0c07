/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libsysrq: the magic SysRq keys of remote hosts. libsysrq(3) has an example.
 *
 * A context holds the sockets, a host is somebody to ask. Ask as many hosts at
 * once as you like, from the loop that you have anyway:
 *
 *	struct sysrq *ctx = sysrq_new();
 *	struct sysrq_host *host = sysrq_host_new(ctx, &key);
 *
 *	sysrq_host_add_address(host, address, length);
 *	sysrq_host_ask(host);
 *	while (sysrq_busy(ctx)) {
 *		wait until sysrq_fd(ctx) is readable, or for sysrq_timeout(ctx) ms
 *		sysrq_process(ctx);
 *		while (sysrq_next(ctx, &event))
 *			see sysrq_host_status(event.host), and so on
 *	}
 *
 * No function blocks but sysrq_key_from_password(), which computes for a good
 * part of a second. There is no global state: two threads may use two contexts,
 * and one context at a time is one thread's. Functions that can fail return 0 or
 * a negative errno value, or NULL with errno set. Times are in ns, on the clock
 * of sysrq_now() unless it says otherwise; text is UTF-8 only as far as the
 * host's kernel made it so, and nothing of it is safe on a terminal as it is.
 */
#ifndef SYSRQ_H
#define SYSRQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* Times are in nanoseconds. */
#define SYSRQ_MILLISECOND 1000000ULL
#define SYSRQ_SECOND      1000000000ULL

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default) /* the library keeps the rest to itself */

/* --- Keys --- */

enum {
	SYSRQ_KEY_LEN = 32,
	SYSRQ_KEY_TEXT_LEN = 44, /* without its NUL */
	SYSRQ_PASSWORD_MAX = 255,
	SYSRQ_REALM_MAX = 255,
};

/* What operator and host share: a secret. Wipe it when it is of no more use. */
struct sysrq_key {
	unsigned char bytes[SYSRQ_KEY_LEN];
};

/* A new random key. */
int sysrq_key_generate(struct sysrq_key *key);

/* -EINVAL: longer than SYSRQ_PASSWORD_MAX or SYSRQ_REALM_MAX bytes. */
int sysrq_key_from_password(struct sysrq_key *key, const void *password,
			    size_t password_len, const char *realm);
/* The key that the host of that realm has of a master key. */
int sysrq_key_from_master(struct sysrq_key *key, const struct sysrq_key *master,
			  const char *realm);

/* The text form: standard base64. -EINVAL: len bytes that are none. */
int sysrq_key_from_text(struct sysrq_key *key, const char *text, size_t len);
void sysrq_key_to_text(const struct sysrq_key *key,
		       char text[SYSRQ_KEY_TEXT_LEN + 1]);

void sysrq_key_wipe(struct sysrq_key *key);

/* --- The letters of SysRq: 0-9, a-z and A-Z --- */

enum {
	SYSRQ_LETTERS = 62,
	SYSRQ_LETTER_NAME_MAX = 32, /* bytes of a letter's longest name */
};

/*
 * What the kernel's help calls the letter, such as "sync" for 's'; the letter
 * itself where that has no name for it. NULL: no letter of SysRq. Valid for
 * ever.
 */
const char *sysrq_letter_name(char letter);
/* The letter of that name, 0 where there is none. */
char sysrq_letter_of_name(const char *name);

/* After it the host answers no more: b, c and o. */
bool sysrq_letter_ends_host(char letter);
/* The kernel prints an answer to it into its log. */
bool sysrq_letter_prints(char letter);
/* The kernel prints when its work is complete: s and u. */
bool sysrq_letter_reports(char letter);
/* It may do harm that a rescue cannot undo. */
bool sysrq_letter_harms(char letter);

/*
 * A set of letters has a bit for each, as sysrq_status's. The bit of one
 * letter; 0: no letter of SysRq.
 */
uint64_t sysrq_letter_bit(char letter);
/* The letters of a set in a row; "" for the empty set. */
void sysrq_letters_to_text(uint64_t letters, char text[SYSRQ_LETTERS + 1]);

/* --- The context --- */

struct sysrq;
struct sysrq_host;

/* NULL: no memory, no file descriptor, or libsodium does not start. */
struct sysrq *sysrq_new(void);
/* Frees its hosts, too. NULL is fine. */
void sysrq_free(struct sysrq *ctx);

/* Readable when something came; the context's own, to be polled only. */
int sysrq_fd(const struct sysrq *ctx);

/* CLOCK_BOOTTIME, which goes on while this machine sleeps. */
uint64_t sysrq_now(void);
/* When to call sysrq_process() at the latest; UINT64_MAX: when sysrq_fd() is
 * readable only. */
uint64_t sysrq_deadline(const struct sysrq *ctx);
/* The same as ms from now for poll(2); -1 for never. */
int sysrq_timeout(const struct sysrq *ctx);

/* Is any host still to answer, or any event to be taken? */
bool sysrq_busy(const struct sysrq *ctx);

/* Receive what has come, send what is due. */
void sysrq_process(struct sysrq *ctx);

enum sysrq_event_type {
	SYSRQ_EVENT_STATUS = 1, /* sysrq_host_status() and _address() are new */
	SYSRQ_EVENT_ONE_WAY,    /* no status came: pressing goes on one-way */
	SYSRQ_EVENT_RESULT,     /* the host told how far it is: the outcome */
	SYSRQ_EVENT_STEP,       /* step `step` of the press has its last fate */
	SYSRQ_EVENT_TEXT,       /* sysrq_host_text() */
	SYSRQ_EVENT_END,     /* of asking or pressing: sysrq_host_outcome() */
	SYSRQ_EVENT_LOG_END, /* of reading: sysrq_host_log() */
};

struct sysrq_event {
	enum sysrq_event_type type;
	struct sysrq_host *host;
	unsigned int step;
};

/*
 * What has happened, one event a call; of one host in order. False: nothing
 * more. What the accessors below return for the host is as it was then, and
 * valid until the next call of sysrq_next() or sysrq_process().
 */
bool sysrq_next(struct sysrq *ctx, struct sysrq_event *event);

/* --- A host --- */

enum { SYSRQ_ADDRESSES_MAX = 16, SYSRQ_STEPS_MAX = 16 };

struct sysrq_host *sysrq_host_new(struct sysrq *ctx,
				  const struct sysrq_key *key);
/* Ends whatever is asked of it; no event of it comes any more. */
void sysrq_host_free(struct sysrq_host *host);

void sysrq_host_set_data(struct sysrq_host *host, void *data);
void *sysrq_host_data(const struct sysrq_host *host);

/*
 * One more address, with its port, of a host that may answer by any of them.
 * -EAFNOSUPPORT: neither IPv4 nor IPv6. -E2BIG: it has SYSRQ_ADDRESSES_MAX.
 * -EBUSY: while something is asked of it.
 */
int sysrq_host_add_address(struct sysrq_host *host,
			   const struct sockaddr *address, socklen_t len);
/* How long to wait for an answer to a question: 5 s if it is not set, a year at
 * most. */
void sysrq_host_set_timeout(struct sysrq_host *host, uint64_t ns);
/* What one-way commands are addressed to, where that is not the address that
 * they are sent to, as behind NAT; IPv4 as ::ffff:a.b.c.d, network byte order. */
void sysrq_host_set_destination(struct sysrq_host *host,
				const unsigned char address[16]);

/* --- Asking: one at a time of a host, else -EBUSY --- */

/* Who is there? -EDESTADDRREQ: it has no address. */
int sysrq_host_ask(struct sysrq_host *host);

enum { SYSRQ_WAIT_MAX_MS = 600000 };

struct sysrq_step {
	char letter;
	bool until_complete; /* for s and u: the wait ends as they report */
	uint32_t wait_ms;    /* before the next step, at most that */
};

enum sysrq_way {
	SYSRQ_WAY_ANY, /* in session, one-way where no status comes */
	SYSRQ_WAY_SESSION,
	SYSRQ_WAY_ONE_WAY,
};

/* Press 1 to SYSRQ_STEPS_MAX letters. -EINVAL: not such a number, no such letters
 * or too long a wait. */
int sysrq_host_press(struct sysrq_host *host, const struct sysrq_step *steps,
		     unsigned int count, enum sysrq_way way);

/* Follow the asking or pressing no further; what was sent may be carried out. */
void sysrq_host_stop(struct sysrq_host *host);

enum sysrq_end {
	SYSRQ_END_NONE,          /* has not ended */
	SYSRQ_END_ANSWERED,      /* asked only: it has answered */
	SYSRQ_END_CARRIED_OUT,   /* pressed */
	SYSRQ_END_ALIVE,         /* host answers on after b or c, or o */
	SYSRQ_END_SUPERSEDED,    /* a newer command ended the run */
	SYSRQ_END_LOST,          /* accepted, then silence */
	SYSRQ_END_STALLED,       /* accepted, answers, comes to no end */
	SYSRQ_END_RESTARTED,     /* accepted, then the host's epoch changed */
	SYSRQ_END_CANCELLED,     /* sysrq_host_stop(), no command was sent */
	SYSRQ_END_STOPPED,       /* the same once it was accepted */
	SYSRQ_END_STOPPED_EARLY, /* the same: sent, before any result */
	SYSRQ_END_MAYBE,         /* sent in session, no result */
	SYSRQ_END_SENT,          /* sent one-way, no result */
	SYSRQ_END_SILENT,        /* no status; no command was sent */
	SYSRQ_END_CLOSED,        /* the same, all addresses refuse the port */
	SYSRQ_END_UNREACHABLE,   /* the same, no way to any address */
	SYSRQ_END_REFUSED,       /* by the host, with code; nothing pressed */
};

enum sysrq_fate {
	SYSRQ_FATE_OPEN,        /* nothing known yet, or not begun */
	SYSRQ_FATE_RUNNING,     /* pressed, its wait goes on */
	SYSRQ_FATE_DONE,        /* pressed, its wait is over */
	SYSRQ_FATE_COMPLETE,    /* the kernel reported it complete */
	SYSRQ_FATE_INCOMPLETE,  /* the kernel did not, within its wait */
	SYSRQ_FATE_DROPPED,     /* not pressed: a newer command came */
	SYSRQ_FATE_ACCEPTED,    /* the host took it, and ends by design */
	SYSRQ_FATE_SENT,        /* sent; whether it was pressed is not known */
	SYSRQ_FATE_NOT_REACHED, /* the host ended before it */
};

/* Codes of a refusal; docs/protocol.md. */
enum sysrq_refusal {
	SYSRQ_REFUSED_EPOCH = 16,    /* restarts, or its keys change */
	SYSRQ_REFUSED_SEQUENCE = 17, /* others' commands were quicker */
	SYSRQ_REFUSED_ONE_WAY = 18,  /* takes no one-way commands */
	SYSRQ_REFUSED_CLOCK = 19,    /* one-way: clocks differ too much */
	SYSRQ_REFUSED_STAMP = 20,    /* one-way: has had a newer one */
	SYSRQ_REFUSED_ADDRESS = 21,  /* one-way: not its address */
	SYSRQ_REFUSED_DEADLINE = 22, /* too long on its way */
	SYSRQ_REFUSED_OPERATOR = 32, /* not permitted to this operator */
	SYSRQ_REFUSED_MASK = 33,     /* nor by the host's sysrq mask */
	SYSRQ_REFUSED_RULE = 34,     /* nor by the firewall rule */
	SYSRQ_REFUSED_LETTER = 35,   /* the host knows no such key */
	SYSRQ_REFUSED_LOG = 36,      /* this operator may not read the log */
	SYSRQ_REFUSED_MALFORMED = 48,
};

struct sysrq_status {
	uint64_t epoch;      /* another: it restarted, or its keys changed */
	uint64_t real_time;  /* ns since 1970, by its clock */
	int64_t clock_ahead; /* ns: its real time minus ours, at the answer */
	uint64_t boot_time;  /* ns since its boot */
	uint64_t heard;      /* when the answer came */
	uint64_t log_next;   /* number of its next log record */
	uint64_t letters;    /* a set: what may be pressed now */
	uint32_t mask;       /* as kernel.sysrq counts */
	uint32_t tolerance;  /* s, of one-way commands; 0: it takes none */
	bool may_read_log;
	uint32_t cpus;
	uint64_t memory; /* bytes */
	uint64_t memory_free;
	uint32_t load[3]; /* x 100: of 1, 5 and 15 minutes */
	char node[65];    /* its name for itself */
	char release[65];
};

/* NULL: none has come. Valid until the host's next EVENT_STATUS. */
const struct sysrq_status *sysrq_host_status(const struct sysrq_host *host);
/* The address that has answered last, NULL: none has. */
const struct sockaddr *sysrq_host_address(const struct sysrq_host *host);

struct sysrq_outcome {
	enum sysrq_end end;
	/* enum sysrq_refusal, 0 for none: END_REFUSED: why; END_MAYBE and
	 * END_SENT: some copies of the datagram were refused with that. */
	int refusal;
	bool one_way;           /* the command was sent one-way */
	unsigned int step;      /* END_REFUSED, END_ALIVE: which */
	int64_t clock_ahead;    /* END_REFUSED, ns */
	uint64_t host_time;     /* END_REFUSED, ns since 1970 */
	uint64_t heard;         /* when the last result came */
	uint64_t running_since; /* the current step */
	bool running;           /* accepted, not ended: a step runs */
	unsigned int current;   /* that step; those before it have ended */
	unsigned int count;
	struct {
		struct sysrq_step step;
		enum sysrq_fate fate;
		uint64_t took; /* ns */
	} steps[SYSRQ_STEPS_MAX];
	/* Log records of the run: the first, and the one after the last that
	 * there was when the last result came. */
	uint64_t log_first;
	uint64_t log_next;
	/* END_UNREACHABLE: why, an errno value, and by which address. */
	int error;
	const struct sockaddr *error_at;
	bool closed; /* ICMP messages came that say that the port is */
};

/* Of the asking or pressing that goes on, or was the last. */
const struct sysrq_outcome *sysrq_host_outcome(struct sysrq_host *host);

/* --- Its kernel log --- */

/*
 * Read the records from number first (0: the oldest) up to end, not included,
 * or (UINT64_MAX) to the end that the log has by then. It may go on while keys are pressed. -EDESTADDRREQ: no status
 * and no result has come, so that it is not known which address answers.
 */
int sysrq_host_read_log(struct sysrq_host *host, uint64_t first, uint64_t end);
void sysrq_host_stop_log(struct sysrq_host *host);

struct sysrq_log {
	enum sysrq_end end; /* NONE, CARRIED_OUT, LOST, RESTARTED, REFUSED */
	int refusal;        /* END_REFUSED: enum sysrq_refusal */
	uint64_t next;      /* number of the first record not read */
	uint64_t missed;    /* records overwritten before they were read */
	uint64_t cut;       /* records longer than a datagram, and cut */
};

/* NULL: it was not read. */
const struct sysrq_log *sysrq_host_log(const struct sysrq_host *host);

/*
 * EVENT_TEXT: whole lines "<level>[seconds.micros] message\n", in order; level
 * is a number with the facility in its higher bits. *len in bytes; no NUL ends
 * it.
 */
const char *sysrq_host_text(const struct sysrq_host *host, size_t *len);

/* The library's version, "1.2.3". */
const char *sysrq_version(void);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
