// SPDX-License-Identifier: GPL-2.0
/*
 * The service of a cluster: writes into a disk that all nodes share, as a database would,
 * and does not look whether another node does so, too. `writer judge FILE` tells from what
 * they wrote whether two ever did at the same time.
 *
 *   writer run DISK NODE    writes ten records a second, until it is killed
 *   writer judge FILE       prints the nodes in the order in which they wrote, a line each:
 *                           NODE RUN RECORDS FIRST LAST, the times in seconds since 1970 by
 *                           the clock of the node. Exits with 1 if a run began before the run
 *                           before it had ended.
 *
 * A record is a sector, and goes into the first sector that is empty. So the order of the
 * sectors is the order of the writes, and no clock has to be right for the judgement.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SECTOR 512
#define RUNS   64

static const char magic[8] = "writer 1";

/* What a sector has, in the order of bytes of the machine */
struct record {
	char magic[sizeof(magic)];
	char node[16];
	uint64_t run; /* random: another one each time that the writer starts */
	uint64_t time; /* by the node's clock, in ns since 1970 */
};

union sector {
	struct record record;
	char bytes[SECTOR];
};

/* Reads a sector. False: it is empty, or the disk ends before it. */
static bool read_sector(int disk, uint64_t at, union sector *sector)
{
	ssize_t length = pread(disk, sector, SECTOR, at * SECTOR);

	if (length < 0)
		err(1, "cannot read");
	return length == SECTOR &&
	       !memcmp(sector->record.magic, magic, sizeof(magic));
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return time.tv_sec * 1000000000ull + time.tv_nsec;
}

static int run(const char *path, const char *node)
{
	static const struct timespec pause = { .tv_nsec = 100000000 };
	int disk = open(path, O_RDWR | O_DIRECT | O_SYNC);
	union sector *own, *there;
	uint64_t at = 0;

	if (disk < 0)
		err(1, "%s", path);
	own = aligned_alloc(4096, 4096);
	there = aligned_alloc(4096, 4096);
	if (!own || !there)
		err(1, "no memory");
	memset(own, 0, SECTOR);
	memcpy(own->record.magic, magic, sizeof(magic));
	snprintf(own->record.node, sizeof(own->record.node), "%s", node);
	if (getentropy(&own->record.run, sizeof(own->record.run)))
		err(1, "no random numbers");
	for (;; nanosleep(&pause, NULL)) {
		while (read_sector(disk, at, there))
			at++;
		own->record.time = now();
		if (pwrite(disk, own, SECTOR, at * SECTOR) != SECTOR)
			err(1, "cannot write");
	}
}

struct found {
	struct record first;
	uint64_t records;
	uint64_t last;
};

static bool known(const struct found *found, unsigned int count, uint64_t run)
{
	for (unsigned int i = 0; i < count; i++) {
		if (found[i].first.run == run)
			return true;
	}
	return false;
}

static int judge(const char *path)
{
	struct found found[RUNS] = { 0 };
	unsigned int count = 0;
	bool overlap = false;
	union sector sector;
	int file = open(path, O_RDONLY);

	if (file < 0)
		err(2, "%s", path);
	for (uint64_t at = 0; read_sector(file, at, &sector); at++) {
		const struct record *record = &sector.record;

		if (!count || found[count - 1].first.run != record->run) {
			if (count == RUNS)
				errx(2, "more than %d runs", RUNS);
			overlap |= known(found, count, record->run);
			found[count++].first = *record;
		}
		found[count - 1].records++;
		found[count - 1].last = record->time;
	}
	for (unsigned int i = 0; i < count; i++)
		printf("%.16s %016" PRIx64 " %" PRIu64 " %.3f %.3f\n",
		       found[i].first.node, found[i].first.run,
		       found[i].records, found[i].first.time / 1e9,
		       found[i].last / 1e9);
	return overlap;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "run"))
		return run(argv[2], argv[3]);
	if (argc == 3 && !strcmp(argv[1], "judge"))
		return judge(argv[2]);
	fputs("usage: writer run DISK NODE, or writer judge FILE\n", stderr);
	return 2;
}
