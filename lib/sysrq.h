/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libsysrq presses magic SysRq letters of remote hosts, asks for their status, and reads
 * their kernel logs. libsysrq(3) has an example, and says what later versions may change.
 *
 * A context holds the sockets, and a host is a machine to ask. A program asks
 * as many hosts at once as it likes, from the loop that it has anyway:
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
 * Blocking: only sysrq_key_from_password() computes for a large part of a second.
 * Threads: one thread at a time may use a context and its hosts.
 * Errors: 0 or a negative errno value; or NULL, with errno set.
 * Memory: the library keeps no pointer that it is given, except the data of
 * sysrq_host_set_data(). What it returns stays its own: never free it.
 * Times: ns on the clock of sysrq_now(), unless a comment says otherwise.
 * Text of a host may hold any byte. Make it safe for a terminal.
 */
#ifndef SYSRQ_H
#define SYSRQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* In nanoseconds */
#define SYSRQ_MILLISECOND 1000000ULL
#define SYSRQ_SECOND      1000000000ULL

#ifdef __cplusplus
extern "C" {
#endif
#pragma GCC visibility push(default) /* the library hides all other symbols */

/* --- Keys --- */

enum {
	SYSRQ_KEY_LEN = 32,
	SYSRQ_PUBLIC_TEXT_LEN = 44,  /* without the NUL */
	SYSRQ_PRIVATE_TEXT_LEN = 58, /* without the NUL */
	SYSRQ_PASSWORD_MAX = 255,
	SYSRQ_REALM_MAX = 255,
};

/* A public key, of an operator or of a host */
struct sysrq_public {
	unsigned char bytes[SYSRQ_KEY_LEN];
};

/* A key pair (X25519). Wipe it after use. */
struct sysrq_pair {
	unsigned char secret[SYSRQ_KEY_LEN];
	struct sysrq_public public_key;
};

/* The secret that an operator and a host share. Wipe it after use. */
struct sysrq_key {
	unsigned char bytes[SYSRQ_KEY_LEN];
	bool of_password;
};

/* Makes a random pair. -EIO: libsodium does not start. */
int sysrq_pair_generate(struct sysrq_pair *pair);

/*
 * Read the text forms. A public key is SYSRQ_PUBLIC_TEXT_LEN characters of
 * base64, a private key SYSRQ_PRIVATE_TEXT_LEN characters, "sysrq-private:" and
 * base64. text has len bytes and needs no NUL. -EINVAL: it is no such text.
 */
int sysrq_public_from_text(struct sysrq_public *key, const char *text,
			   size_t len);
int sysrq_pair_from_text(struct sysrq_pair *pair, const char *text, size_t len);
/* Write the text forms, with a NUL. That of the pair is a secret. */
void sysrq_public_to_text(const struct sysrq_public *key,
			  char text[SYSRQ_PUBLIC_TEXT_LEN + 1]);
void sysrq_pair_to_text(const struct sysrq_pair *pair,
			char text[SYSRQ_PRIVATE_TEXT_LEN + 1]);
void sysrq_pair_wipe(struct sysrq_pair *pair);

/*
 * Makes the key that the operator with this pair shares with the host that has
 * this public key. -EINVAL: host is no key that a host can have, or is the
 * operator's own. -ENOMEM.
 */
int sysrq_key_from_pair(struct sysrq_key *key, const struct sysrq_pair *pair,
			const struct sysrq_public *host);

/*
 * Makes the key that a host has whose parameters passwd and realm are these.
 * Every host with this password and realm has the same key: nothing tells these
 * hosts apart. The password has password_len bytes and needs no NUL; the realm
 * is a string, "" for none. -EINVAL: the password is longer than
 * SYSRQ_PASSWORD_MAX bytes, or the realm longer than SYSRQ_REALM_MAX. -ENOMEM.
 */
int sysrq_key_from_password(struct sysrq_key *key, const void *password,
			    size_t password_len, const char *realm);

void sysrq_key_wipe(struct sysrq_key *key);

/* --- Letters --- */

/*
 * SysRq has 62 letters: 0-9, a-z and A-Z. A set of letters is a uint64_t with
 * one bit for each letter. Any character may be given to these functions.
 */
enum { SYSRQ_LETTERS = 62, SYSRQ_WORDS_MAX = 128, SYSRQ_LETTER_NAME_MAX = 32 };

/*
 * Returns the name that the kernel's help has for the letter, such as "sync"
 * for 's'. A letter without a name there is its own name, such as "x". NULL:
 * the character is no letter of SysRq. The string is valid for ever.
 */
const char *sysrq_letter_name(char letter);
/* Returns the letter that the kernel's help calls so; 0: there is none. */
char sysrq_letter_of_name(const char *name);

/* Does the host answer no more after this letter? Yes for b, c and o. */
bool sysrq_letter_ends_host(char letter);
/* Does the kernel print an answer to this letter into its log? */
bool sysrq_letter_prints(char letter);
/* Does the kernel report the end of this letter's work? Yes for s and u. */
bool sysrq_letter_reports(char letter);
/* Can it do harm that cannot be undone? Yes for a letter without a name, too. */
bool sysrq_letter_harms(char letter);

/* Returns the set of this one letter; 0: it is no letter of SysRq. */
uint64_t sysrq_letter_bit(char letter);
/* Writes the letters of a set in a row, with a NUL: first 0-9, then a-z, then
 * A-Z. The empty set is "". */
void sysrq_letters_to_text(uint64_t letters, char text[SYSRQ_LETTERS + 1]);
/* Writes a set as permissions are written, with a NUL: "b,s,u", "loglevel,s"
 * (0 to 9, and s) or "all". The empty set is "". */
void sysrq_letters_to_words(uint64_t letters, char words[SYSRQ_WORDS_MAX]);

/* --- The context --- */

struct sysrq;
struct sysrq_host;

/* NULL: no memory, no file descriptor, or (EIO) libsodium does not start. */
struct sysrq *sysrq_new(void);
/* Frees the context with all of its hosts. ctx may be NULL. */
void sysrq_free(struct sysrq *ctx);

/*
 * From now on IPv4 goes to this hardware address: for one host that has lost
 * its IPv4 address. -EINVAL: no card has such a hardware address. -ENODEV,
 * -EMEDIUMTYPE, -EADDRNOTAVAIL: the interface is not there, is no Ethernet, has
 * no IPv4 address. -EPERM: CAP_NET_RAW is missing. -EBUSY: something was sent. */
int sysrq_use_ethernet(struct sysrq *ctx, const char *interface,
		       const unsigned char hardware[6]);

/* Returns a descriptor, only to be polled: readable when something has come. */
int sysrq_fd(const struct sysrq *ctx);

/* CLOCK_BOOTTIME, which also counts while this machine sleeps */
uint64_t sysrq_now(void);
/* When to call sysrq_process() at the latest. UINT64_MAX: see sysrq_fd(). */
uint64_t sysrq_deadline(const struct sysrq *ctx);
/* Returns the same as poll(2) takes it: ms from now, or -1 for never. */
int sysrq_timeout(const struct sysrq *ctx);

/* Does a host still have to answer, or does an event wait for sysrq_next()? */
bool sysrq_busy(const struct sysrq *ctx);

/* Receives what has come, and sends what is due. */
void sysrq_process(struct sysrq *ctx);
/* True: a question asked now leaves with the next sysrq_process(). Datagrams are
 * paced: who has tens of thousands of hosts asks the next one only then. */
bool sysrq_room(const struct sysrq *ctx);

/* What has happened, and the function that tells more of it */
enum sysrq_event_type {
	/* A status has come: sysrq_host_status(), sysrq_host_address(). */
	SYSRQ_EVENT_STATUS = 1,
	/* No status has come, so the command is sent one-way. */
	SYSRQ_EVENT_ONE_WAY,
	/* The host has told how far it is: sysrq_host_outcome(). */
	SYSRQ_EVENT_RESULT,
	/* A step of the press has its last fate: sysrq_host_outcome(). */
	SYSRQ_EVENT_STEP,
	/* Lines of the log have come: sysrq_host_text(). */
	SYSRQ_EVENT_TEXT,
	/* Asking or pressing has ended: sysrq_host_outcome(). */
	SYSRQ_EVENT_END,
	/* Reading the log has ended: sysrq_host_log(). */
	SYSRQ_EVENT_LOG_END,
};

struct sysrq_event {
	enum sysrq_event_type type;
	struct sysrq_host *host;
	unsigned int step; /* EVENT_STEP: the index of the step */
};

/*
 * Takes one event; false: there is none. The events of one host come in order.
 * What the functions below return for the host is as it was at the event, and a
 * pointer is valid until the next call of sysrq_next() or sysrq_process().
 */
bool sysrq_next(struct sysrq *ctx, struct sysrq_event *event);

/* --- A host --- */

enum { SYSRQ_ADDRESSES_MAX = 16, SYSRQ_STEPS_MAX = 16 };

/* Makes a host without an address. Copies the key: the caller may wipe it. */
struct sysrq_host *sysrq_host_new(struct sysrq *ctx,
				  const struct sysrq_key *key);
/* Frees a host: no event of it comes any more. host may be NULL. */
void sysrq_host_free(struct sysrq_host *host);

/* Store and return a pointer of the caller's; NULL at first. */
void sysrq_host_set_data(struct sysrq_host *host, void *data);
void *sysrq_host_data(const struct sysrq_host *host);

/*
 * Adds an address with its port, of len bytes. The host may answer by any of
 * its addresses. An address that the host has already is no error. -EBUSY:
 * something is asked of it. -E2BIG: it has SYSRQ_ADDRESSES_MAX. -EAFNOSUPPORT.
 */
int sysrq_host_add_address(struct sysrq_host *host,
			   const struct sockaddr *address, socklen_t len);
/* Says how long to wait for an answer: 5 s by default, a year at most. */
void sysrq_host_set_timeout(struct sysrq_host *host, uint64_t ns);
/* Says how long one-way commands are valid: a year at most; 0: 10 minutes. */
void sysrq_host_set_one_way_for(struct sysrq_host *host, uint64_t ns);
/*
 * Gives the address for which one-way commands are made, if the host has
 * another one than they are sent to, as behind NAT. IPv4 is ::ffff:a.b.c.d.
 */
void sysrq_host_set_destination(struct sysrq_host *host,
				const unsigned char address[16]);

/* --- Asking and pressing: one question at a time --- */

/* Asks for the status. -EDESTADDRREQ: no address. -EBUSY: it is asked. -ENOMEM. */
int sysrq_host_ask(struct sysrq_host *host);

enum { SYSRQ_WAIT_MAX_MS = 600000 };

struct sysrq_step {
	char letter;
	bool until_complete; /* s, u: the wait ends when they report */
	uint32_t wait_ms;    /* before the next step, at most this long */
};

enum sysrq_way {
	SYSRQ_WAY_ANY, /* in session, and one-way if no status comes */
	SYSRQ_WAY_SESSION,
	SYSRQ_WAY_ONE_WAY,
	SYSRQ_WAY_SAME_EPOCH, /* in session, in the last answer's epoch only */
};

/*
 * Presses the letters of 1 to SYSRQ_STEPS_MAX steps, one after the other.
 * Copies the steps. -EINVAL: another number of steps, a character that is no
 * letter, or a wait that is too long. -EDESTADDRREQ, -EBUSY: as for
 * sysrq_host_ask(). -EDESTADDRREQ, too: no answer has come for WAY_SAME_EPOCH.
 */
int sysrq_host_press(struct sysrq_host *host, const struct sysrq_step *steps,
		     unsigned int count, enum sysrq_way way);

/* Stops asking or following. The host may still carry out what was sent. */
void sysrq_host_stop(struct sysrq_host *host);

/*
 * How asking, pressing or reading has ended. "Stopped" means: by
 * sysrq_host_stop(). END_SEVERAL: no command was sent. With a password a one-way
 * command goes to one address, and this host has several.
 */
enum sysrq_end {
	SYSRQ_END_NONE,          /* it goes on */
	SYSRQ_END_ANSWERED,      /* only asked: the host has answered */
	SYSRQ_END_CARRIED_OUT,   /* pressed, but for FATE_POINTLESS */
	SYSRQ_END_ALIVE,         /* the host still answers after b, c or o */
	SYSRQ_END_SUPERSEDED,    /* a newer command ended the run, or came */
	SYSRQ_END_LOST,          /* accepted, then no answer came */
	SYSRQ_END_STALLED,       /* a step does not end; the log is too slow */
	SYSRQ_END_RESTARTED,     /* accepted, then the key's epoch changed */
	SYSRQ_END_WITHDRAWN,     /* a letter was no longer permitted */
	SYSRQ_END_SEVERAL,       /* no status came; see below */
	SYSRQ_END_CANCELLED,     /* stopped before a command was sent */
	SYSRQ_END_STOPPED,       /* stopped after it was accepted */
	SYSRQ_END_STOPPED_EARLY, /* stopped before any result came */
	SYSRQ_END_MAYBE,         /* sent in session, no result came */
	SYSRQ_END_SENT,          /* sent one-way, no result came */
	SYSRQ_END_SILENT,        /* no status came; no command was sent */
	SYSRQ_END_CLOSED,        /* the same; all addresses refuse the port */
	SYSRQ_END_UNREACHABLE,   /* the same; there is no way to any address */
	SYSRQ_END_REFUSED,       /* the host refused: see outcome.sure */
};

/* What has become of a step */
enum sysrq_fate {
	SYSRQ_FATE_OPEN,        /* nothing is known yet, or it has not begun */
	SYSRQ_FATE_RUNNING,     /* pressed, its wait goes on */
	SYSRQ_FATE_DONE,        /* pressed, its wait is over */
	SYSRQ_FATE_COMPLETE,    /* the kernel reported it; c: it panicked */
	SYSRQ_FATE_INCOMPLETE,  /* the kernel did not, within its wait */
	SYSRQ_FATE_DROPPED,     /* not pressed: the run has ended before */
	SYSRQ_FATE_WITHDRAWN,   /* not pressed: no longer permitted */
	SYSRQ_FATE_POINTLESS,   /* not pressed: the kernel has panicked */
	SYSRQ_FATE_ACCEPTED,    /* accepted; the host stops because of it */
	SYSRQ_FATE_SENT,        /* sent; whether it was pressed is not known */
	SYSRQ_FATE_NOT_REACHED, /* not pressed: the host had stopped */
};

/* Why a host refuses: the codes of docs/protocol.md, "Codes of a reply" */
enum sysrq_refusal {
	SYSRQ_REFUSED_EPOCH = 16,    /* rebooted, restored, or the key is new */
	SYSRQ_REFUSED_SEQUENCE = 17, /* other commands were quicker */
	SYSRQ_REFUSED_ONE_WAY = 18,  /* the host takes no one-way commands */
	SYSRQ_REFUSED_CLOCK = 19,    /* one-way: the clocks differ too much */
	SYSRQ_REFUSED_STAMP = 20,    /* one-way: a newer command has come */
	SYSRQ_REFUSED_ADDRESS = 21,  /* one-way: not the host's address */
	SYSRQ_REFUSED_DEADLINE = 22, /* the command was too long on its way */
	SYSRQ_REFUSED_BUSY = 23,     /* this operator may not end the run */
	SYSRQ_REFUSED_OPERATOR = 32, /* a letter not for this operator */
	SYSRQ_REFUSED_MASK = 33,     /* a letter not in the sysrq mask */
	SYSRQ_REFUSED_RULE = 34,     /* a letter not in the firewall rule */
	SYSRQ_REFUSED_LETTER = 35,   /* a letter that the host does not have */
	SYSRQ_REFUSED_LOG = 36,      /* this operator may not read the log */
	SYSRQ_REFUSED_MALFORMED = 48,
};

struct sysrq_status {
	uint64_t epoch;     /* changes when the host restarts or sets the key */
	uint64_t key_age;   /* ns since the host has had this key */
	uint64_t real_time; /* ns since 1970, by the host's clock */
	int64_t clock_ahead; /* ns: host's real time minus ours, at the answer */
	uint64_t boot_time;  /* ns since the host's boot */
	uint64_t heard;      /* when the answer came */
	uint64_t log_next;   /* number of the next record of the host's log */
	uint64_t letters;    /* a set: the letters that may be pressed now */
	uint32_t mask;       /* the sysrq mask, in kernel.sysrq's numbers */
	uint32_t tolerance;  /* seconds; 0: no one-way commands */
	bool may_read_log;
	bool panicked;          /* the kernel; since then it only listens */
	bool hears_after_panic; /* it would listen, or does */
	bool restored;          /* or cloned, since the module was loaded */
	uint32_t cpus;
	uint64_t memory; /* bytes */
	uint64_t memory_free;
	uint32_t load[3];    /* of 1, 5 and 15 minutes, in hundredths */
	char node[65];       /* the host's own name, any bytes, with a NUL */
	char release[65];    /* of its kernel, the same */
	uint64_t reboots_in; /* ns, after a panic; 0: not by itself */
};

/* Returns the newest status; NULL: none has come. */
const struct sysrq_status *sysrq_host_status(const struct sysrq_host *host);
/* Returns the address that has answered last; NULL: none has answered. */
const struct sockaddr *sysrq_host_address(const struct sysrq_host *host);

struct sysrq_outcome {
	enum sysrq_end end;
	/* enum sysrq_refusal; 0: none. END_REFUSED: the reason. END_MAYBE,
	 * END_SENT: why some copies of the datagram were refused. */
	int refusal;
	bool one_way; /* the command was sent one-way */
	/* END_REFUSED: nothing was pressed, and nothing will be. false: another
	 * copy may have been carried out, or may be until void_at. */
	bool sure;
	uint64_t void_at; /* ns since 1970, by the host's clock; 0: not known */
	uint64_t busy_for; /* REFUSED_BUSY: ns, at most; 0: letters hang */
	bool restarted;    /* the host has booted since its first answer */
	/* END_REFUSED, END_ALIVE, END_WITHDRAWN: index of the step */
	unsigned int step;
	int64_t clock_ahead;    /* END_REFUSED: ns, host's clock minus ours */
	uint64_t host_time;     /* END_REFUSED: ns since 1970 */
	uint64_t heard;         /* when the last result came */
	uint64_t running_since; /* when the current step began */
	bool running;           /* accepted, and not ended */
	unsigned int current;   /* the step's index; earlier ones have ended */
	unsigned int count;     /* of the steps */
	struct {
		struct sysrq_step step;
		enum sysrq_fate fate;
		uint64_t took; /* ns, by the host's clock */
	} steps[SYSRQ_STEPS_MAX];
	/* Numbers of log records: the first one of the run, and the next one
	 * when the last result came. */
	uint64_t log_first;
	uint64_t log_next;
	int error;                       /* END_UNREACHABLE: an errno value */
	const struct sockaddr *error_at; /* the address that gave the error */
	bool closed; /* ICMP messages said that the port is closed */
	/* END_SEVERAL: the addresses */
	unsigned int address_count;
	const struct sockaddr *addresses[SYSRQ_ADDRESSES_MAX];
};

/*
 * Returns how asking or pressing goes, or how it went. Never NULL. It is valid
 * until the next call of this function for a host of the same context.
 */
const struct sysrq_outcome *sysrq_host_outcome(const struct sysrq_host *host);

/* --- The kernel log of a host --- */
enum { SYSRQ_LOG_TIMEOUTS = 20 };

/*
 * Reads the records from number first (0: the oldest one) up to number end,
 * not included. UINT64_MAX as end: up to the end that the log has by then. The
 * host may press letters meanwhile. Reading takes SYSRQ_LOG_TIMEOUTS timeouts at most.
 * -EDESTADDRREQ: no status and no result has come yet, so no address is known
 * to answer. -EBUSY: the log is being read. -ENOMEM.
 */
int sysrq_host_read_log(struct sysrq_host *host, uint64_t first, uint64_t end);
/* Stops reading. Forgets the text and what sysrq_host_log() tells. */
void sysrq_host_stop_log(struct sysrq_host *host);

struct sysrq_log {
	/* NONE, CARRIED_OUT, LOST, STALLED, RESTARTED, REFUSED */
	enum sysrq_end end;
	int refusal;     /* END_REFUSED: enum sysrq_refusal */
	uint64_t next;   /* number of the first record that was not read */
	uint64_t missed; /* records overwritten before they were read */
	uint64_t cut;    /* records longer than a datagram, and cut */
};

/* Returns how reading goes, or how it went; NULL: nothing is read. */
const struct sysrq_log *sysrq_host_log(const struct sysrq_host *host);

/* Returns the text of EVENT_TEXT, *len bytes without a NUL. It has whole lines
 * "<level>[seconds.micros] message\n", in order. level is a number with the
 * facility in its higher bits. */
const char *sysrq_host_text(const struct sysrq_host *host, size_t *len);

/* Returns the version of the library, such as "1.2.3". */
const char *sysrq_version(void);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif

#endif
