// SPDX-License-Identifier: GPL-2.0
/* Reads the kernel log: for log requests, and to see that a sync is
 * complete. Writes the module's lines. */
#include "kernel/host.h"
#include "kernel/compat.h"
#include "kernel/panic.h"
#include <linux/math64.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

enum {
	WALK_MAX = 1 << 16,
	SAY_LEN = 224,    /* bytes of a line of ours, at most */
	SAID_MAX = 64,    /* lines that are kept */
	SAID_ROOM = 7168, /* bytes of their text */
	SAID_LEN = SAY_LEN + 48,
};

/*
 * Walks on from the end of the last walk, because Linux 5.10 would walk through
 * its whole log. The log may grow as fast as it is read, so a walk has a limit. Then it goes to
 * the end at once, as the others do.
 */
static u64 kernel_next(void)
{
	static atomic64_t known;
	struct kmsg_dump_iter iter = klog_from(atomic64_read(&known));
	size_t len;

	if (!iter.cur_seq) {
		kmsg_dump_rewind(&iter);
		iter.cur_seq = iter.next_seq;
	}
	for (int n = 0; kmsg_dump_get_line(&iter, true, NULL, 0, &len); n++) {
		if (n < WALK_MAX)
			continue;
		kmsg_dump_rewind(&iter);
		iter.cur_seq = iter.next_seq;
		break;
	}
	atomic64_set(&known, iter.cur_seq);
	return iter.cur_seq;
}

/*
 * After a panic the kernel may write nothing into its log but what a letter
 * prints. So the module keeps its own lines, and whoever reads the log gets them
 * among the records of the kernel: each of them counts as a record. Only the CPU
 * that has panicked uses them.
 */
static struct {
	u64 at;        /* number of the kernel's record that comes after it */
	u16 from, len; /* in said_text */
} said[SAID_MAX];
static unsigned int said_count;
static char said_text[SAID_ROOM];

static void keep(bool by_anybody, const char *text)
{
	unsigned int share = by_anybody ? 2 : 1, from = 0;
	u32 ns;
	u64 s = div_u64_rem(srq_boot_ns(), NSEC_PER_SEC, &ns);

	if (said_count)
		from = said[said_count - 1].from + said[said_count - 1].len;
	if (said_count >= SAID_MAX / share ||
	    from + SAID_LEN > SAID_ROOM / share)
		return;
	said[said_count].at = kernel_next();
	said[said_count].from = from;
	said[said_count].len =
		scnprintf(said_text + from, SAID_LEN,
			  "<5>[%5llu.%06u] " KBUILD_MODNAME ": %s\n", s,
			  ns / 1000, text);
	said_count++;
}

void srq_klog_say(bool by_anybody, const char *format, ...)
{
	u64 next = srq_panicked() ? kernel_next() : 0;
	char text[SAY_LEN];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	pr_notice("%s\n", text);
	if (srq_panicked() && kernel_next() == next)
		keep(by_anybody, text);
}

u64 srq_klog_next(void)
{
	return kernel_next() + said_count;
}

/* A place in the log: the next record of the kernel, and the next line of ours */
struct place {
	struct kmsg_dump_iter iter;
	unsigned int line;
};

static u64 number_of(const struct place *place)
{
	return place->iter.cur_seq + place->line;
}

static struct place place_of(u64 number)
{
	unsigned int line = 0;

	while (line < said_count && said[line].at + line < number)
		line++;
	return (struct place){ .iter = klog_from(number - line), .line = line };
}

/*
 * Reads a record, and moves on. Its whole length goes into *len. Without a
 * buffer, that is all. Returns false at the end of the log.
 */
static bool read_record(struct place *place, char *text, size_t size,
			size_t *len)
{
	struct kmsg_dump_iter next = place->iter;
	bool found = kmsg_dump_get_line(&next, true, text, size, len);
	u64 at;

	/* The kernel passes over records that were overwritten. */
	if (place->line == said_count ||
	    (found && next.cur_seq <= said[place->line].at)) {
		place->iter = next;
		return found;
	}
	at = max(place->iter.cur_seq, said[place->line].at);
	*len = said[place->line].len;
	if (text)
		memcpy(text, said_text + said[place->line].from,
		       min(*len, size));
	place->iter = klog_from(at);
	place->line++;
	return true;
}

bool srq_klog_read(struct srq_logdata *log, char *text, size_t size)
{
	struct place place = place_of(log->first), peek;
	size_t used = 0, len;
	bool cut = false;

	while (!cut) {
		peek = place;
		if (!read_record(&peek, NULL, 0, &len)) {
			place = peek; /* behind the cleared records */
			break;
		}
		if (len >= size - used) { /* one byte is for the NUL */
			if (used)
				break;
			cut = true;
		}
		if (!read_record(&place, text + used, size - used, &len))
			break;
		if (!used)
			log->first = number_of(&place) - 1;
		used += len;
	}
	if (!used)
		log->first = number_of(&place);
	log->next = number_of(&place);
	log->log_next = srq_klog_next();
	log->text_len = used;
	return cut;
}

/*
 * A sync is complete when a line in the kernel's log says so. The line does not
 * say which sync it means. So the lines are counted: with two syncs under way,
 * the second one is complete after two lines. Somebody on the host may have begun
 * one of them: a line tells that, too.
 */
enum {
	REPORTS = 2,
	SCAN_MAX = 512,
	LOOK_BACK = 1024,       /* records; what began before them has ended */
	FOREIGN_MAX = 600,      /* s; without memory one does not even begin */
	LOOK_NS = NSEC_PER_SEC, /* from one scan to the next … */
	BEHIND_NS = 20 * NSEC_PER_MSEC, /* … or to the rest of the log */
};

static const struct {
	char letter;
	const char *begin, *end;
} reports[REPORTS] = {
	{ 's', "sysrq: Emergency Sync\n", "Emergency Sync complete\n" },
	{ 'u', "sysrq: Emergency Remount R/O\n",
	  "Emergency Remount complete\n" },
};

static struct {
	raw_spinlock_t lock;
	u64 next; /* number of the first record that was not scanned */
	unsigned int outstanding[REPORTS];
	unsigned int
		foreign[REPORTS]; /* so many of them were begun by others */
	u64 since
		[REPORTS]; /* time since boot when the last of these was seen */
	unsigned int stray[REPORTS]; /* were forgotten, and may end yet */
	unsigned int back[REPORTS];  /* so many of foreign were stray */
	unsigned int
		ours[REPORTS]; /* pressed here, and the begin not scanned */
	bool lost[REPORTS];    /* the last one will never be reported */
	bool behind;           /* the last scan did not reach the end */
} watch = { .lock = __RAW_SPIN_LOCK_UNLOCKED(watch.lock) };

static bool outstanding(void)
{
	unsigned int sum = 0;

	for (int i = 0; i < REPORTS; i++)
		sum += READ_ONCE(watch.outstanding[i]);
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
 * Returns the message of a record "<level>[time] [caller] message". NULL: the
 * record is not the kernel's own, as one of userspace has a facility above 0.
 */
static const char *message_of(const char *line)
{
	if (line[0] != '<' || line[1] < '0' || line[1] > '7' || line[2] != '>')
		return NULL;
	line += 3;
	while (*line == '[') {
		line += strcspn(line, "]");
		if (!*line)
			return NULL;
		line++;
		line += *line == ' ';
	}
	return line;
}

static void count(int report, const char *message)
{
	unsigned int before = watch.outstanding[report];

	if (!strcmp(message, reports[report].begin)) {
		if (watch.ours[report]) {
			watch.ours[report]--;
			return;
		}
		WRITE_ONCE(watch.outstanding[report], before + 1);
		watch.foreign[report]++;
		watch.since[report] = srq_boot_ns();
	} else if (!strcmp(message, reports[report].end)) {
		if (before)
			WRITE_ONCE(watch.outstanding[report], before - 1);
		else if (watch.stray[report])
			watch.stray[report]--;
	}
}

/*
 * What others have begun may never end. Whose sync has ended is not known then. One
 * that ends later must not be taken for the next one of ours: see recall().
 */
static void forget_foreign(int report)
{
	unsigned int before = watch.outstanding[report];
	unsigned int forgotten = min(before, watch.foreign[report]);
	u64 until = watch.since[report] + FOREIGN_MAX * (u64)NSEC_PER_SEC;

	if (before && srq_boot_ns() < until)
		return;
	if (forgotten)
		WRITE_ONCE(watch.lost[report], true);
	WRITE_ONCE(watch.outstanding[report], before - forgotten);
	watch.stray[report] += forgotten - min(forgotten, watch.back[report]);
	watch.foreign[report] = 0;
	watch.back[report] = 0;
}

/* What was forgotten counts once more, and not again: its line may be lost for good. */
static void recall(int report)
{
	unsigned int stray = watch.stray[report];

	if (!stray)
		return;
	WRITE_ONCE(watch.outstanding[report],
		   watch.outstanding[report] + stray);
	watch.foreign[report] += stray;
	watch.back[report] += stray;
	watch.stray[report] = 0;
	watch.since[report] = srq_boot_ns();
}

/* Records were overwritten, or cleared, that may have been lines of ours. */
static void doubt(void)
{
	for (int i = 0; i < REPORTS; i++) {
		watch.foreign[i] = watch.outstanding[i];
		watch.since[i] = srq_boot_ns();
		watch.ours[i] = 0;
	}
}

/* Reads so many records at most. */
static void scan(int most)
{
	struct kmsg_dump_iter iter = klog_from(watch.next);
	char line[96]; /* a longer line is no report, and may be cut */
	size_t len;
	int n;

	lockdep_assert_held(&watch.lock);
	for (n = 0; n < most; n++) {
		u64 at = iter.cur_seq;
		bool more = kmsg_dump_get_line(&iter, true, line, sizeof(line),
					       &len);
		const char *message;

		/* It may have gone over a gap also where it finds no record. */
		if (iter.cur_seq != at + more)
			doubt();
		if (!more)
			break;
		message = message_of(line);
		for (int i = 0; message && i < REPORTS; i++)
			count(i, message);
	}
	watch.next = iter.cur_seq;
	for (int i = 0; i < REPORTS; i++)
		forget_foreign(i);
	WRITE_ONCE(watch.behind, n == most);
}

/* Nothing is under way, as far as it was scanned. Goes on not too far from the end. */
static void look_back(void)
{
	u64 next = kernel_next();

	if (next < LOOK_BACK || watch.next >= next - LOOK_BACK)
		return;
	watch.next = next - LOOK_BACK;
	memset(watch.ours, 0, sizeof(watch.ours));
}

void srq_klog_scan(void)
{
	unsigned long flags;

	/* Is another CPU scanning? */
	if (!outstanding() || !raw_spin_trylock_irqsave(&watch.lock, flags))
		return;
	scan(SCAN_MAX);
	raw_spin_unlock_irqrestore(&watch.lock, flags);
}

/*
 * Both letters allocate a work item. Without memory they do nothing, and no
 * line ever comes. This allocates as much and frees it, for the letter to get
 * it.
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
	bool lost;

	if (report < 0)
		return;
	/* Another CPU may press the same letter for a newer run. */
	lost = !will_be_reported();
	WRITE_ONCE(watch.lost[report], lost);
	raw_spin_lock_irqsave(&watch.lock, flags);
	if (!outstanding())
		look_back();
	scan(WALK_MAX); /* what is under way already */
	recall(report);
	watch.ours[report]++;
	if (!lost)
		WRITE_ONCE(watch.outstanding[report],
			   watch.outstanding[report] + 1);
	raw_spin_unlock_irqrestore(&watch.lock, flags);
}

u64 srq_klog_next_look(void)
{
	if (!outstanding())
		return 0;
	return READ_ONCE(watch.behind) ? BEHIND_NS : LOOK_NS;
}

bool srq_klog_complete(char letter)
{
	int report = report_of(letter);

	return report >= 0 && !READ_ONCE(watch.outstanding[report]) &&
	       !READ_ONCE(watch.lost[report]);
}

void srq_klog_panicked(void)
{
	raw_spin_lock_init(&watch.lock);
}
