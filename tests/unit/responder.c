// SPDX-License-Identifier: GPL-2.0
/*
 * A host in userspace for the client's tests: the project's own gate behind a
 * UDP socket on the loopback addresses, and a run that only says which keys it
 * would press. Every judgement is srq_gate_judge()'s.
 *
 * On stdout, a line each, at once:
 *	port N			it listens
 *	key BASE64		the key in use
 *	hello FROM		a hello was received (FROM: 4 or 6, and port)
 *	copy ID ORDER EPOCH FROM	a command was received
 *	command ID WAITS	it was accepted (WAITS: ms, + until complete)
 *	press KEY		a key is pressed
 *	reply CODE		a result was sent
 *	odd LENGTH		a datagram was none of these
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "gate.h"

#define MILLISECOND 1000000ULL
#define SECOND	    1000000000ULL

enum { DELAYED_MAX = 64 };

static struct {
	const char *password, *realm, *key;
	int family; /* 4, 6, or 0 for both */
	long port, drop_in, drop_out, silent_after, delay, mask, complete;
	long clock_offset, tolerance, supersede, outrun, new_epochs;
	long new_epoch_after, uptime, lose, shut;
	uint64_t seed, operator_keys, rule_keys, known_keys;
	bool mute, no_status, no_result, immortal, stuck, garbage, newer;
} opt = {
	.password = "test",
	.realm = "",
	.silent_after = -1,
	.mask = 1,
	.complete = 50,
	.tolerance = 60,
	.supersede = -1,
	.uptime = 1000000,
	.new_epoch_after = -1,
};

/* One run, the newest. */
static struct {
	bool exists, over, gone;
	uint64_t number, began, step_began;
	bool end_told; /* a poll has had the previous step's end */
	struct srq_command command;
	struct srq_progress progress;
} run;

static struct {
	uint64_t due;
	int fd;
	struct sockaddr_storage to;
	socklen_t to_len;
	uint8_t datagram[SRQ_SHORT];
} delayed[DELAYED_MAX];

static struct srq_gate *gate;
static uint64_t started;
static long replies;

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

static uint64_t boot_time(void)
{
	return clock_ns(CLOCK_MONOTONIC) - started +
	       (uint64_t)opt.uptime * SECOND;
}

static uint64_t real_time(void)
{
	return clock_ns(CLOCK_REALTIME) + (uint64_t)opt.clock_offset * SECOND;
}

/* xorshift64*: the same losses for the same seed. */
static bool lost(long percent)
{
	opt.seed ^= opt.seed >> 12;
	opt.seed ^= opt.seed << 25;
	opt.seed ^= opt.seed >> 27;
	return (long)((opt.seed * 0x2545f4914f6cdd1dULL >> 33) % 100) < percent;
}

static uint64_t key_set(const char *keys)
{
	uint64_t set = 0;

	for (; *keys; keys++)
		set |= srq_key_bit((unsigned char)*keys);
	return set;
}

static bool ends_host(char key)
{
	return key == 'b' || key == 'c';
}

static void end_step(uint8_t state)
{
	run.progress.states[run.progress.finished++] = state;
	run.step_began = boot_time();
	run.end_told = false;
	run.over = run.progress.finished == run.progress.count;
}

/* The final b, c or o waits until its predecessor's end has been told. */
static bool held(uint8_t i, uint64_t now)
{
	char key = run.command.steps[i].key;

	return i > 0 && i + 1 == run.progress.count &&
	       (ends_host(key) || key == 'o') && !run.end_told &&
	       now < run.step_began + SECOND / 2;
}

static void advance(void)
{
	while (run.exists && !run.over && !run.gone) {
		uint64_t now = boot_time();
		uint8_t i = run.progress.finished;
		const struct srq_step *step = &run.command.steps[i];
		bool until = step->flags & SRQ_UNTIL_COMPLETE;

		if (run.progress.states[i] == SRQ_STEP_PENDING) {
			if (held(i, now))
				return;
			printf("press %c\n", step->key);
			run.progress.states[i] = SRQ_STEP_PRESSED;
			run.step_began = now;
			run.gone = ends_host(step->key) && !opt.immortal;
		}
		if (run.gone || opt.stuck)
			return;
		if (until && opt.complete >= 0 &&
		    now >= run.step_began +
				    (uint64_t)opt.complete * MILLISECOND)
			end_step(SRQ_STEP_COMPLETE);
		else if (now >= run.step_began + step->wait_ms * MILLISECOND)
			end_step(until ? SRQ_STEP_TIMED_OUT : SRQ_STEP_DONE);
		else
			return;
	}
}

/* A newer run takes the place of this one. */
static void settle_run(void)
{
	enum srq_code code = run.over ? SRQ_OK : SRQ_SUPERSEDED;

	if (!run.exists)
		return;
	for (int i = run.progress.finished; i < run.progress.count; i++) {
		if (run.progress.states[i] == SRQ_STEP_PENDING)
			run.progress.states[i] = SRQ_STEP_DROPPED;
	}
	srq_gate_settle(gate, run.number, code, &run.progress);
	run.exists = false;
}

/* Another operator's command, or a newer one of this operator's. */
static void supersede(void)
{
	if (opt.supersede < 0 || !run.exists || run.over ||
	    boot_time() < run.began + (uint64_t)opt.supersede * MILLISECOND)
		return;
	settle_run();
	if (opt.newer) {
		gate->operators[0].session.accepted.order++;
		gate->operators[0].session.accepted.id++;
	}
}

/* As after a reboot */
static void change_epoch(void)
{
	struct srq_operator *who = &gate->operators[0];

	gate->epoch++;
	memset(&who->session, 0, sizeof(who->session));
	memset(&who->one_way, 0, sizeof(who->one_way));
	who->since = boot_time();
}

static void accept_command(const struct srq_verdict *verdict)
{
	const struct srq_command *command = &verdict->command;

	settle_run();
	memset(&run, 0, sizeof(run));
	run.exists = true;
	run.number = verdict->run;
	run.command = *command;
	run.progress.count = command->count;
	run.began = boot_time();
	run.step_began = run.began;
	printf("command %016llx", (unsigned long long)verdict->id);
	for (uint8_t i = 0; i < command->count; i++)
		printf(" %c=%u%s", command->steps[i].key,
		       command->steps[i].wait_ms,
		       command->steps[i].flags & SRQ_UNTIL_COMPLETE ? "+" : "");
	printf("\n");
}

static void send_reply(int fd, const struct sockaddr_storage *to,
		       socklen_t to_len, const uint8_t *datagram, size_t len)
{
	sendto(fd, datagram, len, 0, (const struct sockaddr *)to, to_len);
}

/* body with a lie in it, sealed with that key, to an answer's address. */
static void send_lie(int fd, const struct sockaddr_storage *to,
		     socklen_t to_len, const uint8_t *body, const uint8_t *key)
{
	uint8_t forged[SRQ_SHORT], nonce[SRQ_AEAD_NONCE_LEN];

	randombytes_buf(nonce, sizeof(nonce));
	memcpy(srq_datagram_body(forged), body, SRQ_SHORT_BODY);
	srq_datagram_seal(forged, SRQ_SHORT, gate->operators[0].keys.id, key,
			  nonce);
	send_reply(fd, to, to_len, forged, SRQ_SHORT);
	send_reply(fd, to, to_len, forged, SRQ_SHORT - 1);
}

/* What an attacker might send in place of a reply; all to be ignored. */
static void send_garbage(int fd, const struct sockaddr_storage *to,
			 socklen_t to_len, const uint8_t *body)
{
	const struct srq_keys *keys = &gate->operators[0].keys;
	uint8_t noise[SRQ_LONG], lie[SRQ_SHORT_BODY], other[SRQ_AEAD_KEY_LEN];

	randombytes_buf(noise, sizeof(noise));
	send_reply(fd, to, to_len, noise, 0);
	send_reply(fd, to, to_len, noise, 7);
	send_reply(fd, to, to_len, noise, SRQ_SHORT);
	send_reply(fd, to, to_len, noise, SRQ_LONG);

	/* Believed, it would end the run or send the command astray. */
	memcpy(lie, body, sizeof(lie));
	lie[1] = SRQ_SUPERSEDED;
	lie[16] ^= 1;
	randombytes_buf(other, sizeof(other));
	send_lie(fd, to, to_len, lie, other);
	send_lie(fd, to, to_len, lie, keys->request);
	lie[8] ^= 1; /* an answer to another question */
	send_lie(fd, to, to_len, lie, keys->reply);
	lie[8] ^= 1;
	lie[0] = SRQ_LOGDATA;
	send_lie(fd, to, to_len, lie, keys->reply);
}

static void reply(int fd, const struct sockaddr_storage *to, socklen_t to_len,
		  const uint8_t *body)
{
	const struct srq_keys *keys = &gate->operators[0].keys;
	uint8_t datagram[SRQ_SHORT], nonce[SRQ_AEAD_NONCE_LEN];

	if (opt.mute || (opt.no_status && body[0] == SRQ_STATUS) ||
	    (opt.no_result && body[0] == SRQ_RESULT) ||
	    (opt.silent_after >= 0 && replies >= opt.silent_after))
		return;
	replies++;
	if (replies > 2 && opt.lose > 0) {
		opt.lose--;
		return;
	}
	if (lost(opt.drop_out))
		return;
	if (opt.garbage)
		send_garbage(fd, to, to_len, body);
	memcpy(srq_datagram_body(datagram), body, SRQ_SHORT_BODY);
	randombytes_buf(nonce, sizeof(nonce));
	srq_datagram_seal(datagram, SRQ_SHORT, keys->id, keys->reply, nonce);
	if (!opt.delay) {
		send_reply(fd, to, to_len, datagram, SRQ_SHORT);
		return;
	}
	for (size_t i = 0; i < DELAYED_MAX; i++) {
		if (delayed[i].due)
			continue;
		delayed[i].due =
			boot_time() + (uint64_t)opt.delay * MILLISECOND;
		delayed[i].fd = fd;
		delayed[i].to = *to;
		delayed[i].to_len = to_len;
		memcpy(delayed[i].datagram, datagram, SRQ_SHORT);
		return;
	}
}

static void send_delayed(void)
{
	for (size_t i = 0; i < DELAYED_MAX; i++) {
		if (!delayed[i].due || delayed[i].due > boot_time())
			continue;
		send_reply(delayed[i].fd, &delayed[i].to, delayed[i].to_len,
			   delayed[i].datagram, SRQ_SHORT);
		delayed[i].due = 0;
	}
}

static void write_status(uint8_t *body, uint64_t id)
{
	struct srq_status status = {
		.epoch = gate->epoch,
		.sequence = gate->operators[0].session.accepted.order,
		.real_time = real_time(),
		.boot_time = boot_time(),
		.mask = (uint32_t)opt.mask,
		.tolerance = (uint32_t)opt.tolerance,
		.cpus = 4,
		.memory = 16ULL << 30,
		.memory_free = 58ULL << 20,
		.load = { 31200, 20000, 10000 },
		.node = "web7",
		.release = "6.1.0-56-cloud-amd64",
	};

	srq_write_status(body, SRQ_SHORT_BODY, id, &status);
	/* Another client's command comes in between. */
	if (opt.outrun > 0) {
		opt.outrun--;
		gate->operators[0].session.accepted.order += 5;
	}
	if (opt.new_epochs > 0) {
		opt.new_epochs--;
		change_epoch();
	}
}

static void write_result(uint8_t *body, const struct srq_verdict *verdict)
{
	struct srq_result result = {
		.epoch = gate->epoch,
		.sequence = gate->operators[0].session.accepted.order,
		.real_time = real_time(),
		.progress = verdict->progress,
	};
	uint8_t code = (uint8_t)verdict->code;

	if (verdict->action != SRQ_ACT_REFUSE && !verdict->settled) {
		result.progress = run.progress;
		code = run.over ? SRQ_OK : SRQ_RUNNING;
		run.end_told = true;
	}
	srq_write_result(body, SRQ_SHORT_BODY, verdict->id, code, &result);
	printf("reply %u\n", code);
}

static void address_of(const struct sockaddr_storage *at,
		       uint8_t out[SRQ_ADDRESS_LEN])
{
	const struct sockaddr_in *four = (const struct sockaddr_in *)at;

	/* Loopback: both ends have the same address. */
	memset(out, 0, SRQ_ADDRESS_LEN);
	if (at->ss_family == AF_INET6) {
		out[15] = 1;
	} else {
		out[10] = 0xff;
		out[11] = 0xff;
		memcpy(out + 12, &four->sin_addr, 4);
	}
}

static void judge(int fd, const struct sockaddr_storage *from,
		  socklen_t from_len, uint8_t *datagram)
{
	const uint8_t *id = srq_datagram_key_id(datagram);
	struct srq_operator *who = id ? srq_gate_find(gate, id) : NULL;
	unsigned int port = ntohs(((const struct sockaddr_in *)from)->sin_port);
	int family = from->ss_family == AF_INET6 ? 6 : 4;
	uint8_t body[SRQ_SHORT_BODY];
	struct srq_verdict verdict;
	struct srq_situation now = {
		.boot_time = boot_time(),
		.real_time = real_time(),
		.tolerance = (uint32_t)opt.tolerance,
		.known = opt.known_keys,
		.mask_keys = srq_mask_keys((uint32_t)opt.mask),
		.rule_keys = opt.rule_keys,
	};

	if (!who || !srq_datagram_open(datagram, SRQ_SHORT, who->keys.request))
		return;
	address_of(from, now.address);
	srq_gate_judge(gate, who, srq_datagram_body(datagram), SRQ_SHORT_BODY,
		       &now, &verdict);
	if (verdict.action == SRQ_ACT_NOTHING)
		return;
	if (verdict.action == SRQ_ACT_STATUS) {
		printf("hello %d:%u\n", family, port);
		write_status(body, verdict.id);
		reply(fd, from, from_len, body);
		return;
	}
	printf("copy %016llx %llu %llu %d:%u\n", (unsigned long long)verdict.id,
	       (unsigned long long)verdict.command.order,
	       (unsigned long long)verdict.command.epoch, family, port);
	if (verdict.action == SRQ_ACT_RUN)
		accept_command(&verdict);
	write_result(body, &verdict);
	reply(fd, from, from_len, body);
}

static void receive(int fd)
{
	struct sockaddr_storage from;
	socklen_t from_len = sizeof(from);
	uint8_t datagram[SRQ_LONG + 1];
	ssize_t n = recvfrom(fd, datagram, sizeof(datagram), MSG_DONTWAIT,
			     (struct sockaddr *)&from, &from_len);

	if (n >= 0 && n != SRQ_SHORT)
		printf("odd %zd\n", n);
	if (n != SRQ_SHORT || run.gone || lost(opt.drop_in))
		return;
	judge(fd, &from, from_len, datagram);
}

static int listen_on(int family, uint16_t *port)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6,
				    .sin6_addr = IN6ADDR_LOOPBACK_INIT,
				    .sin6_port = htons(*port) };
	struct sockaddr_in four = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
				    .sin_port = htons(*port) };
	const struct sockaddr *at = family == AF_INET
					    ? (const struct sockaddr *)&four
					    : (const struct sockaddr *)&six;
	socklen_t len = family == AF_INET ? sizeof(four) : sizeof(six);
	int fd = socket(family, SOCK_DGRAM, 0), on = 1;

	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (fd < 0 || bind(fd, at, len) ||
	    getsockname(fd, (struct sockaddr *)&six, &len)) {
		perror("responder: bind");
		exit(1);
	}
	*port = ntohs(six.sin6_port);
	return fd;
}

static void make_gate(void)
{
	uint8_t key[SRQ_KEY_LEN];
	char text[SRQ_KEY_TEXT_LEN + 1];

	if (opt.key) {
		if (!srq_key_from_text(key, opt.key, strlen(opt.key))) {
			fprintf(stderr, "responder: bad --key\n");
			exit(2);
		}
	} else if (srq_key_from_password(key, opt.password,
					 strlen(opt.password), opt.realm,
					 strlen(opt.realm))) {
		exit(1);
	}
	gate = calloc(1, sizeof(*gate) + sizeof(gate->operators[0]));
	if (!gate || srq_keys_derive(&gate->operators[0].keys, key))
		exit(1);
	randombytes_buf(&gate->epoch, sizeof(gate->epoch));
	gate->epoch |= 1;
	gate->count = 1;
	gate->operators[0].permitted = opt.operator_keys;
	srq_key_to_text(text, key);
	printf("key %s\n", text);
}

static const struct option options[] = {
	{ "password", 1, NULL, 'P' },	  { "realm", 1, NULL, 'R' },
	{ "key", 1, NULL, 'K' },	  { "family", 1, NULL, 'f' },
	{ "port", 1, NULL, 'p' },	  { "drop-in", 1, NULL, 'i' },
	{ "drop-out", 1, NULL, 'o' },	  { "seed", 1, NULL, 's' },
	{ "silent-after", 1, NULL, 'a' }, { "delay", 1, NULL, 'd' },
	{ "mask", 1, NULL, 'm' },	  { "operator", 1, NULL, 'O' },
	{ "rule", 1, NULL, 'r' },	  { "known", 1, NULL, 'k' },
	{ "complete", 1, NULL, 'c' },	  { "clock-offset", 1, NULL, 't' },
	{ "tolerance", 1, NULL, 'T' },	  { "supersede", 1, NULL, 'S' },
	{ "newer", 0, NULL, 'n' },	  { "outrun", 1, NULL, 'u' },
	{ "new-epochs", 1, NULL, 'e' },	  { "new-epoch-after", 1, NULL, 'E' },
	{ "mute", 0, NULL, 'M' },	  { "no-status", 0, NULL, 'N' },
	{ "no-result", 0, NULL, 'X' },	  { "immortal", 0, NULL, 'I' },
	{ "stuck", 0, NULL, 'Z' },	  { "garbage", 0, NULL, 'g' },
	{ "uptime", 1, NULL, 'U' },	  { "lose", 1, NULL, 'L' },
	{ "shut", 1, NULL, 'C' },	  { NULL, 0, NULL, 0 },
};

static void set_option(int c)
{
	long n = optarg ? atol(optarg) : 0;

	switch (c) {
	case 'P':
		opt.password = optarg;
		break;
	case 'R':
		opt.realm = optarg;
		break;
	case 'K':
		opt.key = optarg;
		break;
	case 'f': /* 4, 6 or both */
		opt.family = (int)n;
		break;
	case 'p':
		opt.port = n;
		break;
	case 'i': /* percent of what comes in */
		opt.drop_in = n;
		break;
	case 'o': /* percent of what goes out */
		opt.drop_out = n;
		break;
	case 's':
		opt.seed = (uint64_t)n + 1;
		break;
	case 'a': /* replies */
		opt.silent_after = n;
		break;
	case 'd': /* of replies, ms */
		opt.delay = n;
		break;
	case 'm':
		opt.mask = n;
		break;
	case 'O':
		opt.operator_keys = key_set(optarg);
		break;
	case 'r':
		opt.rule_keys = key_set(optarg);
		break;
	case 'k':
		opt.known_keys = key_set(optarg);
		break;
	case 'c': /* s and u after so many ms; never: -1 */
		opt.complete = n;
		break;
	case 't': /* seconds that the host's clock is ahead */
		opt.clock_offset = n;
		break;
	case 'T':
		opt.tolerance = n;
		break;
	case 'S': /* ms after a run began: another operator's command */
		opt.supersede = n;
		break;
	case 'n': /* with it: a newer one of the same operator */
		opt.newer = true;
		break;
	case 'u': /* statuses after which another command comes first */
		opt.outrun = n;
		break;
	case 'e': /* statuses after which the epoch changes */
		opt.new_epochs = n;
		break;
	case 'E': /* ms into a run: the epoch changes */
		opt.new_epoch_after = n;
		break;
	case 'M':
		opt.mute = true;
		break;
	case 'N':
		opt.no_status = true;
		break;
	case 'X':
		opt.no_result = true;
		break;
	case 'I': /* alive after b and c */
		opt.immortal = true;
		break;
	case 'Z': /* no pressed key comes to an end */
		opt.stuck = true;
		break;
	case 'g':
		opt.garbage = true;
		break;
	case 'U': /* seconds since boot and since the key was set */
		opt.uptime = n;
		break;
	case 'L': /* replies after the second */
		opt.lose = n;
		break;
	case 'C': /* ms after the first datagram without a socket */
		opt.shut = n;
		break;
	default:
		exit(2);
	}
}

/* The port is closed for a while: an ICMP message comes from it. */
static void shut(struct pollfd *fds, uint16_t port)
{
	struct timespec pause = { .tv_nsec = opt.shut * 1000000 };

	opt.shut = 0;
	close(fds[0].fd);
	nanosleep(&pause, NULL);
	fds[0].fd = listen_on(AF_INET, &port);
}

int main(int argc, char **argv)
{
	struct pollfd fds[2] = { { -1, POLLIN, 0 }, { -1, POLLIN, 0 } };
	uint16_t port;
	int c;

	setvbuf(stdout, NULL, _IOLBF, 0);
	opt.seed = 1;
	opt.operator_keys = opt.rule_keys = opt.known_keys = SRQ_ALL_KEYS;
	started = clock_ns(CLOCK_MONOTONIC);
	if (sodium_init() < 0)
		return 1;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1)
		set_option(c);
	make_gate();
	port = (uint16_t)opt.port;
	if (opt.family != 6)
		fds[0].fd = listen_on(AF_INET, &port);
	if (opt.family != 4)
		fds[1].fd = listen_on(AF_INET6, &port);
	printf("port %u\n", port);

	for (;;) {
		poll(fds, 2, 5);
		send_delayed();
		supersede();
		if (opt.new_epoch_after >= 0 && run.exists && !run.gone &&
		    boot_time() > run.began + (uint64_t)opt.new_epoch_after *
						      MILLISECOND) {
			opt.new_epoch_after = -1;
			change_epoch();
		}
		advance();
		for (int i = 0; i < 2; i++) {
			if (fds[i].revents)
				receive(fds[i].fd);
		}
		if (opt.shut && fds[0].revents)
			shut(fds, port);
		advance();
	}
}
