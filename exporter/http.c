// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/output/tell.h"
#include "client/output/text.h"
#include "exporter/http.h"
#include "exporter/metrics.h"
#include "lib/sysrq.h"

enum {
	CONNECTIONS_MOST = 2048,
	CONNECTIONS_LEAST = 16,
	/* File descriptors for what else there is: sockets of libsysrq, look-ups */
	FILES_OTHER = 700,
	REQUEST_MOST = 8192, /* bytes: its head, and that of the response */
	BACKLOG = 4096,
};

/* So long a client may take to send its request, and to take the response. If all
 * connections are taken, the second one counts. */
static const uint64_t client_time = 10 * SYSRQ_SECOND;
static const uint64_t client_time_full = SYSRQ_SECOND;
/* Prometheus gives up at its timeout: the response must be there before. */
static const uint64_t way_back = SYSRQ_SECOND / 2;

struct connection {
	struct http *http;
	struct MHD_Connection *connection;
	int fd;
	bool silent;    /* in http->silent: the client has its turn */
	uint64_t since; /* when it was */
	TAILQ_ENTRY(connection) link;
	struct probe *probe;
};

struct http {
	struct MHD_Daemon *daemon;
	struct prober *prober;
	uint64_t timeout; /* ns */
	size_t count, most;
	/* A connection has been resumed or closed: MHD goes on with it, or takes another one,
	 * in the next step, but tells no time for that. */
	bool again;
	bool ends; /* no probe may begin any more: MHD would abort in http_close() */
	TAILQ_HEAD(, connection) silent; /* by the time since when */
};

/* --- Connections --- */

static void enter_silent(struct connection *c)
{
	c->silent = true;
	c->since = sysrq_now();
	TAILQ_INSERT_TAIL(&c->http->silent, c, link);
}

static void leave_silent(struct connection *c)
{
	if (c->silent)
		TAILQ_REMOVE(&c->http->silent, c, link);
	c->silent = false;
}

/* MHD sees the end of the connection, and closes it. */
static void hang_up(struct connection *c)
{
	leave_silent(c);
	shutdown(c->fd, SHUT_RDWR);
}

static struct connection *connection_new(struct http *http,
					 struct MHD_Connection *connection)
{
	struct connection *c = calloc(1, sizeof(*c));
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	if (!c)
		return NULL;
	c->http = http;
	c->connection = connection;
	c->fd = info->connect_fd;
	http->count++;
	enter_silent(c);
	return c;
}

static void on_connection(void *data, struct MHD_Connection *connection,
			  void **context,
			  enum MHD_ConnectionNotificationCode code)
{
	struct connection *c = *context;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		*context = connection_new(data, connection);
		return;
	}
	if (!c)
		return;
	leave_silent(c);
	if (c->probe)
		probe_free(c->http->prober, c->probe);
	c->http->count--;
	c->http->again = true;
	free(c);
}

void http_ended(struct probe *probe)
{
	struct connection *c = probe->data;

	enter_silent(c);
	c->http->again = true;
	MHD_resume_connection(c->connection);
}

/* --- Pages --- */

/* Send the page, whose text is freed then, and close the connection. */
static enum MHD_Result send_page(struct MHD_Connection *connection,
				 struct page *page)
{
	static char no_memory[] = "out of memory\n";
	bool good = page->text;
	struct MHD_Response *response =
		good ? MHD_create_response_from_buffer(page->len, page->text,
						       MHD_RESPMEM_MUST_FREE)
		     : MHD_create_response_from_buffer(strlen(no_memory),
						       no_memory,
						       MHD_RESPMEM_PERSISTENT);
	enum page_status status = good ? page->status : PAGE_FAULT;
	enum MHD_Result result;

	if (!response) {
		page_free(page);
		return MHD_NO;
	}
	page->text = NULL;
	MHD_add_response_header(response, "Content-Type",
				status == PAGE_GOOD
					? "text/plain; version=0.0.4; "
					  "charset=utf-8"
					: "text/plain; charset=utf-8");
	MHD_add_response_header(response, "Connection", "close");
	if (status == PAGE_NOT_ALLOWED)
		MHD_add_response_header(response, "Allow", "GET, HEAD");
	result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static void write_home(FILE *out, const void *data)
{
	(void)data;
	fputs("send_sysrq exporter\n"
	      "/probe?target=NAME  asks a known host for its status\n"
	      "/metrics            tells about this exporter\n",
	      out);
}

static void write_metrics(struct page *page, struct prober *prober)
{
	files_check(&prober->files);
	page_write(page, PAGE_GOOD, metrics_write, prober);
}

/* The value of a parameter; NULL: it is not given. False: it has a NUL. */
static bool parameter(struct MHD_Connection *connection, const char *name,
		      const char **value)
{
	size_t len = 0;

	*value = NULL;
	return MHD_lookup_connection_value_n(connection, MHD_GET_ARGUMENT_KIND,
					     name, strlen(name), value,
					     &len) != MHD_YES ||
	       !*value || strlen(*value) == len;
}

/* How long a probe may take. False: the header is wrong, and page says so. */
static bool find_timeout(struct MHD_Connection *connection,
			 const struct http *http, uint64_t *timeout,
			 struct page *page)
{
	static const char name[] = "X-Prometheus-Scrape-Timeout-Seconds";
	const char *text =
		MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
	double ns;
	char *end;

	*timeout = http->timeout;
	if (!text)
		return true;
	ns = strtod(text, &end) * 1e9;
	if (end == text || *end || !isfinite(ns) || ns <= 0) {
		page_say(page, PAGE_BAD_REQUEST,
			 "%s: expected seconds, such as 10\n", name);
		return false;
	}
	/* Of a timeout that is very short, half remains. */
	ns -= ns < 2.0 * (double)way_back ? ns / 2 : (double)way_back;
	if (ns < (double)*timeout)
		*timeout = (uint64_t)ns;
	return true;
}

static bool check_probe(struct MHD_Connection *connection, const char **target,
			struct page *page)
{
	const char *module;

	if (!parameter(connection, "target", target) || !*target || !**target)
		page_say(page, PAGE_BAD_REQUEST,
			 "no target given, expected /probe?target=NAME\n");
	else if (!parameter(connection, "module", &module) ||
		 (module && strcmp(module, "status")))
		page_say(page, PAGE_BAD_REQUEST,
			 "module: expected status, or no module: there is no "
			 "other\n");
	return !page->status;
}

/* --- Requests --- */

static enum MHD_Result begin_probe(struct connection *c)
{
	struct page page = { .text = NULL };
	const char *target;
	uint64_t timeout;

	if (!check_probe(c->connection, &target, &page) ||
	    !find_timeout(c->connection, c->http, &timeout, &page))
		return send_page(c->connection, &page);
	c->probe = probe_begin(c->http->prober, target, timeout, c);
	if (!c->probe)
		return send_page(c->connection, &page); /* out of memory */
	if (!c->probe->question)
		return send_page(c->connection, &c->probe->page);
	leave_silent(c);
	MHD_suspend_connection(c->connection);
	return MHD_YES;
}

static enum MHD_Result on_request(void *data, struct MHD_Connection *connection,
				  const char *url, const char *method,
				  const char *version, const char *upload,
				  size_t *upload_size, void **context)
{
	struct http *http = data;
	struct connection *c =
		MHD_get_connection_info(connection,
					MHD_CONNECTION_INFO_SOCKET_CONTEXT)
			->socket_context;
	struct page page = { .text = NULL };

	(void)version;
	(void)upload;
	(void)upload_size;
	(void)context;
	if (!c || (http->ends && !c->probe))
		return MHD_NO; /* there was no memory for it, or it is too late */
	if (c->probe)
		return send_page(connection, &c->probe->page);
	if (strcmp(method, "GET") && strcmp(method, "HEAD"))
		page_say(&page, PAGE_NOT_ALLOWED, "expected GET or HEAD\n");
	else if (!strcmp(url, "/probe"))
		return begin_probe(c);
	else if (!strcmp(url, "/metrics"))
		write_metrics(&page, http->prober);
	else if (!strcmp(url, "/"))
		page_write(&page, PAGE_GOOD, write_home, NULL);
	else
		page_say(&page, PAGE_NOT_FOUND,
			 "expected /probe?target=NAME or /metrics\n");
	return send_page(connection, &page);
}

/* --- Begin, step and end --- */

/* A socket that listens. -1: the reason has been told. */
static int open_socket(const struct exporter_options *options)
{
	const struct sockaddr *at = &options->listen.any;
	bool six = at->sa_family == AF_INET6;
	socklen_t len = six ? sizeof(options->listen.six)
			    : sizeof(options->listen.four);
	int fd = socket(at->sa_family,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	char place[PLACE_MAX];
	int on = 1;

	if (fd >= 0 &&
	    !setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) &&
	    (!six ||
	     !setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on))) &&
	    !bind(fd, at, len) && !listen(fd, BACKLOG))
		return fd;
	text_of_place(place, at);
	tell("cannot listen on %s: %s", place, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static void print_place(int fd)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);
	char place[PLACE_MAX];

	getsockname(fd, (struct sockaddr *)&at, &len);
	text_of_place(place, (const struct sockaddr *)&at);
	printf("listens on http://%s\n", place);
	fflush(stdout);
}

static size_t connections_most(void)
{
	struct rlimit files = { .rlim_cur = 0 };

	getrlimit(RLIMIT_NOFILE, &files);
	if (files.rlim_cur < FILES_OTHER + CONNECTIONS_LEAST)
		return CONNECTIONS_LEAST;
	return files.rlim_cur - FILES_OTHER < CONNECTIONS_MOST
		       ? files.rlim_cur - FILES_OTHER
		       : CONNECTIONS_MOST;
}

struct http *http_open(const struct exporter_options *options,
		       struct prober *prober)
{
	struct http *http = calloc(1, sizeof(*http));
	int fd = http ? open_socket(options) : -1;

	if (fd < 0) {
		free(http);
		return NULL;
	}
	http->prober = prober;
	http->timeout = options->common.timeout;
	http->most = connections_most();
	TAILQ_INIT(&http->silent);
	http->daemon = MHD_start_daemon(
		MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
		on_request, http, MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned int)http->most,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)REQUEST_MOST,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, http,
		MHD_OPTION_END);
	if (!http->daemon) {
		tell("cannot start the HTTP server: %s", strerror(errno));
		close(fd);
		free(http);
		return NULL;
	}
	print_place(fd);
	return http;
}

int http_fd(const struct http *http)
{
	return MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD)
		->epoll_fd;
}

/* When the time of the client ends that has been silent longest */
static uint64_t silent_deadline(const struct http *http)
{
	const struct connection *first = TAILQ_FIRST(&http->silent);

	if (!first)
		return UINT64_MAX;
	return first->since +
	       (http->count < http->most ? client_time : client_time_full);
}

void http_step(struct http *http)
{
	uint64_t now = sysrq_now();

	while (silent_deadline(http) <= now)
		hang_up(TAILQ_FIRST(&http->silent));
	http->again = false;
	MHD_run(http->daemon);
}

uint64_t http_deadline(const struct http *http)
{
	uint64_t then = silent_deadline(http);
	uint64_t now = sysrq_now();
	MHD_UNSIGNED_LONG_LONG ms;

	if (http->again)
		return 0;
	if (MHD_get_timeout(http->daemon, &ms) != MHD_YES)
		return then;
	now += ms * SYSRQ_MILLISECOND;
	return now < then ? now : then;
}

void http_close(struct http *http)
{
	http->ends = true;
	MHD_run(http->daemon); /* resumes the connections, and sends what it can */
	MHD_stop_daemon(http->daemon);
	free(http);
}
