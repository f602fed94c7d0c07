// SPDX-License-Identifier: GPL-2.0
/*
 * A host in userspace for the client's tests: the project's own gate behind a
 * UDP socket on the loopback addresses, a run that only says which letters it
 * would press, and a made-up kernel log. srq_gate_judge() makes every judgement.
 *
 * With --everywhere it is a host with all addresses of this machine.
 * With --any it is as many hosts as this machine has addresses, in 127.0.0.0/8 or
 * in another network of this size, each with a gate, a run and a log of its own,
 * named n127-0-0-2 and so on. Options before the first --host are for all hosts.
 * Options after --host ADDRESS are for that host alone.
 *
 * It prints these lines at once. With --any all but the first two end with the
 * host's address:
 *	port N			it listens
 *	known ADDRESS BASE64	the public key of a host of --list
 *	key BASE64		the host's public key; of a password: the key that
 *				it makes
 *	hello FROM		a hello was received (FROM: 4 or 6, and port)
 *	copy ID ORDER EPOCH FROM	a command was received
 *	command ID WAITS	it was accepted (WAITS: ms, + until complete)
 *	press LETTER		a letter is pressed
 *	back			the host was rebooted, and is there again
 *	reply CODE		a result was sent
 *	log RECORD EPOCH FROM	the client asked for the log from that record on
 *	logdata FIRST NEXT CODE	records FIRST to NEXT - 1 were sent
 *	odd LENGTH		a datagram was none of these
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/tools/responder.h"

enum {
	BATCH = 64,
	BUFFER = 64 << 20, /* bytes: hellos to 10,000 hosts come at once */
};

/* A line for a datagram */
static void say(const struct host *host, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(const struct host *host, const char *format, ...)
{
	va_list args;

	if (common.quiet)
		return;
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("%s\n", host->shown);
}

static void write_status(struct host *host, uint8_t *body, uint64_t id,
			 const struct srq_situation *now)
{
	struct srq_operator *who = &host->gate->operators[0];
	struct options *opt = &host->opt;
	struct srq_status status = {
		.epoch = who->epoch,
		.sequence = srq_gate_sequence(who),
		.real_time = real_time(host),
		.boot_time = boot_time(host),
		.log_next =
			opt->endless ? UINT64_MAX : log_next(host_log(host)),
		.letters = srq_gate_letters(who, now),
		.mask = (uint32_t)opt->mask,
		.tolerance = (uint32_t)opt->tolerance,
		.may_read_log = who->may_read_log,
		.panicked = has_panicked(host),
		.hears_after_panic = opt->panicked || opt->listens >= 0,
		.restored = opt->restored,
		.cpus = has_panicked(host) ? (uint16_t)opt->run_on : 4,
		.memory = 16ULL << 30,
		.memory_free = 58ULL << 20,
		.load = { 31200, 20000, 10000 },
		.release = "6.1.0-56-cloud-amd64",
	};

	if (status.panicked)
		status.reboots_in = (uint32_t)opt->reboots_in;
	memcpy(status.node, host->node, sizeof(status.node));
	srq_write_status(body, SRQ_SHORT_BODY, id, &status);
	/* Another client's command comes in between. */
	if (opt->outrun > 0) {
		opt->outrun--;
		who->session.accepted.order += opt->outrun_far ? 2 : 1;
	}
	if (opt->new_epochs > 0) {
		opt->new_epochs--;
		change_epoch(host);
	}
}

static void write_result(struct host *host, uint8_t *body,
			 const struct srq_verdict *verdict)
{
	struct run *run = &host->run;
	struct srq_result result = {
		.epoch = host->gate->operators[0].epoch,
		.sequence = srq_gate_sequence(&host->gate->operators[0]),
		.real_time = real_time(host),
		.boot_time = boot_time(host),
		.tolerance = (uint32_t)host->opt.tolerance,
		.log_next = log_next(host_log(host)),
		.progress = verdict->progress,
	};
	uint8_t code = (uint8_t)verdict->code;

	if (verdict->action != SRQ_ACT_REFUSE && !verdict->settled) {
		result.progress = run->progress;
		code = run->over ? SRQ_OK : SRQ_RUNNING;
		run->end_told = true;
	}
	srq_write_result(body, SRQ_SHORT_BODY, verdict->id, code, &result);
	say(host, "reply %u", code);
}

static void lie(struct srq_logdata *logdata, char *text)
{
	static const char line[] = "<6>[    1.000000] and so on\n";

	memcpy(text, line, sizeof(line) - 1);
	logdata->text_len = sizeof(line) - 1;
	logdata->next = logdata->first + 1;
	logdata->log_next = UINT64_MAX;
}

/* Returns the number of the record behind those that it has written. */
static uint64_t write_log(struct host *host, uint8_t *body,
			  const struct srq_verdict *verdict)
{
	struct srq_logdata logdata = {
		.epoch = host->gate->operators[0].epoch,
		.first = verdict->log_first,
		.next = verdict->log_first,
		.log_next = log_next(host_log(host)),
	};
	uint8_t code = (uint8_t)verdict->code;
	bool cut;

	if (verdict->action == SRQ_ACT_LOG) {
		logdata.text_len =
			log_read(&host->log, &logdata.first, &logdata.next,
				 (char *)body + SRQ_LOGDATA_TEXT_AT,
				 SRQ_LOGDATA_TEXT_MAX, &cut);
		code = cut ? SRQ_TEXT_CUT : SRQ_OK;
		if (host->opt.endless)
			lie(&logdata, (char *)body + SRQ_LOGDATA_TEXT_AT);
	}
	srq_write_logdata(body, SRQ_LONG_BODY, verdict->id, code, &logdata);
	say(host, "logdata %llu %llu %u", (unsigned long long)logdata.first,
	    (unsigned long long)logdata.next, code);
	return logdata.next;
}

static void get_address(const struct way *way, uint8_t out[SRQ_ADDRESS_LEN])
{
	memset(out, 0, SRQ_ADDRESS_LEN);
	if (way->to.ss_family == AF_INET6) {
		out[15] = 1;
	} else {
		out[10] = 0xff;
		out[11] = 0xff;
		memcpy(out + 12, &way->here, 4);
	}
}

/* --after-log, once */
static void after_log(struct host *host, uint64_t next)
{
	const char *what = host->opt.after_log;

	if (!what || next < log_next(&host->log))
		return;
	host->opt.after_log = NULL;
	if (!strcmp(what, "reboot"))
		boot_again(host);
	else
		change_epoch(host);
}

static void answer_log(struct host *host, const struct way *way,
		       const uint8_t *request, const char *from,
		       const struct srq_verdict *verdict)
{
	uint8_t body[SRQ_LONG_BODY];
	struct srq_log log;
	uint64_t next;

	srq_read_log(request, SRQ_LONG_BODY, &log);
	say(host, "log %llu %llu %s", (unsigned long long)log.first,
	    (unsigned long long)log.epoch, from);
	next = write_log(host, body, verdict);
	reply(host, way, body, SRQ_LONG);
	after_log(host, next);
}

static void judge(struct host *host, const struct way *way, uint8_t *datagram,
		  size_t len)
{
	const uint8_t *id = srq_datagram_key_id(datagram);
	struct srq_operator *who = id ? srq_gate_find(host->gate, id) : NULL;
	char from[sizeof("4:65535")];
	uint8_t body[SRQ_SHORT_BODY];
	struct srq_verdict verdict;
	struct srq_situation now = {
		.boot_time = boot_time(host),
		.real_time = real_time(host),
		.tolerance = (uint32_t)host->opt.tolerance,
		.known = host->opt.known_letters,
		.mask_letters = srq_mask_letters((uint32_t)host->opt.mask),
		.rule_letters = host->opt.rule_letters,
		.run = { .any = host->opt.busy > 0,
			 .owner = "another",
			 .letters = SRQ_ALL_LETTERS,
			 .ends_in = (uint32_t)host->opt.busy,
			 .full = host->opt.full },
	};

	if (!who || !srq_datagram_open(datagram, len, who->keys.request))
		return;
	snprintf(from, sizeof(from), "%d:%u",
		 way->to.ss_family == AF_INET6 ? 6 : 4,
		 ntohs(((const struct sockaddr_in *)&way->to)->sin_port));
	get_address(way, now.address);
	srq_gate_judge(host->gate, who, srq_datagram_body(datagram),
		       srq_body_length(len), &now, &verdict);
	if (verdict.action == SRQ_ACT_NOTHING)
		return;
	if (verdict.action == SRQ_ACT_LOG ||
	    verdict.reply_type == SRQ_LOGDATA) {
		answer_log(host, way, srq_datagram_body(datagram), from,
			   &verdict);
		return;
	}
	if (verdict.action == SRQ_ACT_STATUS) {
		say(host, "hello %s", from);
		write_status(host, body, verdict.id, &now);
		reply(host, way, body, SRQ_SHORT);
		return;
	}
	say(host, "copy %016llx %llu %llu %s", (unsigned long long)verdict.id,
	    (unsigned long long)verdict.command.order,
	    (unsigned long long)verdict.command.epoch, from);
	if (verdict.action == SRQ_ACT_RUN)
		accept_command(host, &verdict);
	write_result(host, body, &verdict);
	reply(host, way, body, SRQ_SHORT);
	advance(host);
}

static struct {
	struct sockaddr_storage from[BATCH];
	_Alignas(struct cmsghdr)
		uint8_t control[BATCH][CMSG_SPACE(sizeof(struct in_pktinfo))];
	uint8_t datagram[BATCH][SRQ_LONG + 1];
	struct iovec bytes[BATCH];
	struct mmsghdr messages[BATCH];
} batch;

/* The address that was asked. */
static in_addr_t asked(struct msghdr *message)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	struct in_pktinfo info;

	if (!header || header->cmsg_level != IPPROTO_IP)
		return home()->address; /* IPv6 */
	memcpy(&info, CMSG_DATA(header), sizeof(info));
	return info.ipi_addr.s_addr;
}

static void take(int fd, int i)
{
	struct msghdr *message = &batch.messages[i].msg_hdr;
	size_t len = batch.messages[i].msg_len;
	struct way way = {
		.fd = fd,
		.to = batch.from[i],
		.to_len = message->msg_namelen,
		.here = asked(message),
	};
	in_addr_t name = common.everywhere ? home()->address : way.here;
	unsigned long address = ntohl(name);
	struct host *host;

	if (common.silent && (address & 0xff) % common.silent == 0)
		return;
	host = host_at(name);
	if (!srq_datagram_length_ok(len))
		say(host, "odd %zu", len);
	else if (!host->run.gone &&
		 (!host->run.crashed || has_panicked(host)) &&
		 !lost(common.drop_in))
		judge(host, &way, batch.datagram[i], len);
}

static void receive(int fd)
{
	int n;

	for (int i = 0; i < BATCH; i++) {
		batch.bytes[i] = (struct iovec){ batch.datagram[i],
						 sizeof(batch.datagram[i]) };
		batch.messages[i].msg_hdr = (struct msghdr){
			.msg_name = &batch.from[i],
			.msg_namelen = sizeof(batch.from[i]),
			.msg_iov = &batch.bytes[i],
			.msg_iovlen = 1,
			.msg_control = batch.control[i],
			.msg_controllen = sizeof(batch.control[i]),
		};
	}
	n = recvmmsg(fd, batch.messages, BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < n; i++)
		take(fd, i);
}

static int listen_on(int family, uint16_t *port)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6,
				    .sin6_addr = IN6ADDR_LOOPBACK_INIT,
				    .sin6_port = htons(*port) };
	struct sockaddr_in four = { .sin_family = AF_INET,
				    .sin_addr.s_addr =
					    common.any || common.everywhere
						    ? INADDR_ANY
						    : home()->address,
				    .sin_port = htons(*port) };
	const struct sockaddr *at = family == AF_INET
					    ? (const struct sockaddr *)&four
					    : (const struct sockaddr *)&six;
	socklen_t len = family == AF_INET ? sizeof(four) : sizeof(six);
	int fd = socket(family, SOCK_DGRAM, 0), on = 1, size = BUFFER;
	int error = fd < 0 ? errno : 0;

	if (common.everywhere)
		six.sin6_addr = in6addr_any;
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	else
		setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
	/* As much as the system permits; root may have all of it. */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (!error && (bind(fd, at, len) ||
		       getsockname(fd, (struct sockaddr *)&six, &len)))
		error = errno;
	/* Containers often have no IPv6. */
	if (family == AF_INET6 && common.family != 6 &&
	    (error == EADDRNOTAVAIL || error == EAFNOSUPPORT))
		return -1;
	if (error) {
		fprintf(stderr, "responder: bind: %s\n", strerror(error));
		exit(1);
	}
	*port = ntohs(six.sin6_port);
	return fd;
}

/* Closes the port for a while, so that the client gets an ICMP message. */
static void shut(struct pollfd *fds, uint16_t port)
{
	struct timespec pause = { .tv_nsec = common.shut * 1000000 };

	common.shut = 0;
	close(fds[0].fd);
	nanosleep(&pause, NULL);
	fds[0].fd = listen_on(AF_INET, &port);
}

static void print_list(void)
{
	FILE *list = fopen(common.list, "re");
	struct in_addr address;
	char line[64];

	while (list && fgets(line, sizeof(line), list)) {
		line[strcspn(line, "\n")] = '\0';
		if (inet_pton(AF_INET, line, &address) != 1)
			continue;
		print_public_key(address.s_addr);
		/* Its keys are made now: nobody waits for them later. */
		host_at(address.s_addr);
	}
	if (!list || fclose(list)) {
		perror("responder: --list");
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct pollfd fds[2] = { { -1, POLLIN, 0 }, { -1, POLLIN, 0 } };
	uint16_t port;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (sodium_init() < 0)
		return 1;
	read_options(argc, argv);
	host_at(home()->address);
	port = (uint16_t)common.port;
	if (common.family != 6)
		fds[0].fd = listen_on(AF_INET, &port);
	if (common.family != 4)
		fds[1].fd = listen_on(AF_INET6, &port);
	if (common.list)
		print_list();
	printf("port %u\n", port);

	for (;;) {
		poll(fds, 2, send_delayed());
		send_delayed();
		advance_all();
		for (int i = 0; i < 2; i++) {
			if (fds[i].revents)
				receive(fds[i].fd);
		}
		if (common.shut && fds[0].revents)
			shut(fds, port);
	}
}
