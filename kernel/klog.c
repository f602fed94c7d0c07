// SPDX-License-Identifier: GPL-2.0
/* Reads the kernel log: for log requests, and to see a sync complete. */
#include "kernel/host.h"
#include "kernel/compat.h"
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

enum { WALK_MAX = 1 << 16 };

/*
 * From where the last one ended, as Linux 5.10 goes through its whole log to tell.
 * One that grows as fast as it is read keeps nobody: the rest is for the next time.
 */
u64 srq_klog_next(void)
{
	static atomic64_t known;
	struct kmsg_dump_iter iter = klog_from(atomic64_read(&known));
	size_t len;

	if (!iter.cur_seq) {
		kmsg_dump_rewind(&iter);
		iter.cur_seq = iter.next_seq;
	}
	for (int n = 0; n < WALK_MAX; n++) {
		if (!kmsg_dump_get_line(&iter, true, NULL, 0, &len))
			break;
	}
	atomic64_set(&known, iter.cur_seq);
	return iter.cur_seq;
}

bool srq_klog_read(struct srq_logdata *log, char *text, size_t size)
{
	struct kmsg_dump_iter iter = klog_from(log->first);
	struct kmsg_dump_iter peek;
	size_t used = 0, len;
	bool cut = false;

	while (!cut) {
		/* Without a buffer it tells the length and moves on. */
		peek = iter;
		if (!kmsg_dump_get_line(&peek, true, NULL, 0, &len)) {
			iter = peek; /* behind what was cleared */
			break;
		}
		if (len >= size - used) { /* one for its terminator */
			if (used)
				break;
			cut = true;
		}
		if (!kmsg_dump_get_line(&iter, true, text + used, size - used,
					&len))
			break;
		/* Records that were overwritten meanwhile are passed over. */
		if (!used)
			log->first = iter.cur_seq - 1;
		used += len;
	}
	if (!used)
		log->first = iter.cur_seq;
	log->next = iter.cur_seq;
	log->log_next = srq_klog_next();
	log->text_len = used;
	return cut;
}

/*
 * A sync is complete when the kernel says so, and all that it says is a line
 * in its log. Lines carry no name of the sync they belong to, so they are
 * counted: with two syncs under way, one line does not complete the second.
 */
enum { REPORTS = 2, SCAN_MAX = 512 };

static const struct {
	char letter;
	const char *line;
} reports[REPORTS] = {
	{ 's', "Emergency Sync complete\n" },
	{ 'u', "Emergency Remount complete\n" },
};

static struct {
	raw_spinlock_t lock;
	u64 next; /* first record that was not looked at */
	unsigned int outstanding[REPORTS];
	bool lost[REPORTS]; /* the last one will never be reported */
} watch = { .lock = __RAW_SPIN_LOCK_UNLOCKED(watch.lock) };

static bool outstanding(void)
{
	unsigned int sum = 0;

	for (int i = 0; i < REPORTS; i++)
		sum += watch.outstanding[i];
	return sum;
}

static int report_of(char letter)
{
	for (int i = 0; i < REPORTS; i++) {
		if (reports[i].letter == letter)
			return i;
	}
	return -1;
}

/*
 * The message of a record "<level>[time] [caller] message", NULL where it is
 * not the kernel's own: what userspace writes has a facility above 0.
 */
static const char *message_of(const char *line)
{
	if (line[0] != '<' || line[1] < '0' || line[1] > '7' || line[2] != '>')
		return NULL;
	line += 3;
	while (*line == '[') {
		const char *end = strchr(line, ']');

		if (!end)
			return NULL;
		line = end + 1;
		line += *line == ' ';
	}
	return line;
}

void srq_klog_scan(void)
{
	struct kmsg_dump_iter iter;
	char line[96]; /* longer ones are none of ours, and may be cut */
	unsigned long flags;
	size_t len;

	/* Whoever holds it is scanning. */
	if (!raw_spin_trylock_irqsave(&watch.lock, flags))
		return;
	if (!outstanding())
		watch.next = srq_klog_next();
	iter = klog_from(watch.next);
	for (int n = 0; n < SCAN_MAX; n++) {
		const char *message;

		if (!kmsg_dump_get_line(&iter, true, line, sizeof(line), &len))
			break;
		message = message_of(line);
		for (int i = 0; message && i < REPORTS; i++) {
			if (watch.outstanding[i] &&
			    !strcmp(message, reports[i].line))
				WRITE_ONCE(watch.outstanding[i],
					   watch.outstanding[i] - 1);
		}
	}
	watch.next = iter.cur_seq;
	raw_spin_unlock_irqrestore(&watch.lock, flags);
}

/*
 * Both letters allocate a work item, and do nothing without memory: then there is
 * no line to wait for, now or ever. What is freed here is what they will get.
 */
static bool will_be_reported(void)
{
	void *work =
		kmalloc(sizeof(struct work_struct), GFP_ATOMIC | __GFP_NOWARN);

	kfree(work);
	return work;
}

void srq_klog_expect(char letter)
{
	int report = report_of(letter);
	unsigned long flags;

	if (report < 0)
		return;
	WRITE_ONCE(watch.lost[report], !will_be_reported());
	if (watch.lost[report])
		return;
	srq_klog_scan(); /* what came before does not count */
	raw_spin_lock_irqsave(&watch.lock, flags);
	WRITE_ONCE(watch.outstanding[report], watch.outstanding[report] + 1);
	raw_spin_unlock_irqrestore(&watch.lock, flags);
}

bool srq_klog_complete(char letter)
{
	int report = report_of(letter);

	return report >= 0 && !READ_ONCE(watch.outstanding[report]) &&
	       !READ_ONCE(watch.lost[report]);
}
