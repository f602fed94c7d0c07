// SPDX-License-Identifier: GPL-2.0
/* The program behind send_sysrq exporter: tells Prometheus which hosts are alive. */
#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "client/exporter_options.h"
#include "client/output/exit.h"
#include "client/output/process.h"
#include "client/output/tell.h"
#include "client/output/until.h"
#include "exporter/http.h"
#include "exporter/probe.h"
#include "lib/sysrq.h"

/* Threads that look up names would each take memory of their own. */
enum { ARENAS = 2 };

/* From now on the signals come by this file alone, which poll() shows beside the others: ppoll()
 * lets no signal in while a file is ready. -1: the reason has been told. */
static int open_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	sigset_t ours;
	int fd;

	sigemptyset(&ours);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaddset(&ours, signals[i]);
	sigprocmask(SIG_BLOCK, &ours, NULL);
	fd = signalfd(-1, &ours, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0)
		tell("cannot wait for signals: %s", strerror(errno));
	return fd;
}

/* Take the signals that have come. False: one of them ends the exporter. */
static bool take_signals(int fd, struct prober *prober)
{
	struct signalfd_siginfo signal;

	while (read(fd, &signal, sizeof(signal)) == sizeof(signal)) {
		if (signal.ssi_signo != SIGHUP)
			return false;
		files_read(&prober->files);
	}
	return true;
}

/* Serve until a signal ends it. */
static void serve(struct http *http, struct prober *prober, int signals)
{
	do {
		http_step(http);
		/* It asks what http has begun, and ends what http sends then. */
		uint64_t other = prober_step(prober);
		uint64_t then = http_deadline(http);
		struct timespec timeout =
			time_until(other < then ? other : then);
		struct pollfd fds[] = {
			{ http_fd(http), POLLIN, 0 },
			{ sysrq_fd(prober->targets.ctx), POLLIN, 0 },
			{ targets_fd(&prober->targets), POLLIN, 0 },
			{ signals, POLLIN, 0 },
		};

		ppoll(fds, sizeof(fds) / sizeof(fds[0]), &timeout, NULL);
	} while (take_signals(signals, prober));
}

static enum exit_status run(const struct exporter_options *options, int signals)
{
	enum exit_status status = EXIT_USAGE;
	struct http *http = NULL;
	struct prober prober;

	if (prober_open(&prober, &options->common, http_ended)) {
		http = http_open(options, &prober);
		status = http ? EXIT_ALL_DONE : EXIT_MACHINE;
	}
	if (http) {
		serve(http, &prober, signals);
		prober_end(&prober, "the exporter ends");
		http_close(http);
	}
	prober_close(&prober);
	return status;
}

int main(int argc, char **argv)
{
	struct exporter_options options;
	enum options_result result;
	int signals;

	process_begin();
	mallopt(M_ARENA_MAX, ARENAS);
	result = exporter_options_read(&options, argc, argv);
	if (result != OPTIONS_READ)
		return result == OPTIONS_SHOWN ? EXIT_ALL_DONE : EXIT_USAGE;
	if (sodium_init() < 0) {
		tell("cannot start libsodium");
		return EXIT_MACHINE;
	}
	signals = open_signals();
	return signals < 0 ? EXIT_MACHINE : run(&options, signals);
}
