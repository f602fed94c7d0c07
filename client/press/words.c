// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "client/output/text.h"
#include "client/press/words.h"

/* A slip in a shorter word is more often another word. */
enum { SLIP_LEAST = 4 };

static const struct {
	const char *name;
	char last;
} recipes[] = {
	{ "safe-reboot", 'b' },
	{ "safe-poweroff", 'o' },
};
enum { RECIPES = sizeof(recipes) / sizeof(recipes[0]) };

/*
 * What people type, in small letters with a blank on each side, and what they
 * probably mean.
 */
static const struct {
	const char *words;
	const char *meant;
} slips[] = {
	{ " help usage ",
	  "h, which prints the kernel's help, or send_sysrq help" },
	{ " test try hello noop ", "h, which is harmless: use it for a test" },
	{ " debug gdb kdb kgdb ",
	  "send_sysrq press HOST debug, because debug stops a host that has a "
	  "kernel debugger" },
	{ " log logs dmesg journal syslog ",
	  "send_sysrq log HOST, which prints the kernel log" },
	{ " status state ping up uptime alive ",
	  "send_sysrq status HOST, which shows whether the host is alive" },
	{ " kill killall pkill sigkill ",
	  "i, which kills all processes, or e, which asks them to end" },
	{ " term terminate sigterm end stop quit exit ",
	  "e, which asks all processes to end, or i, which kills them" },
	{ " boot restart reset reload cycle powercycle init6 ",
	  "safe-reboot, or b, which reboots at once" },
	{ " halt shutdown off power down powerdown init0 ",
	  "safe-poweroff, or o, which switches the host off at once" },
	{ " umount remount ro readonly read-only ",
	  "u, which makes all file systems read-only" },
	{ " sys flush save ", "s, which writes all unsaved data to the disks" },
	{ " panic dump kdump crashdump kexec ",
	  "c, which makes the kernel panic" },
	{ " oom oomkill oom-kill ", "f, which kills one process" },
	{ " mem memory free meminfo ",
	  "m, which shows how the memory is used" },
	{ " ps top task tasks proc threads ",
	  "t, which shows all tasks, or w, which shows those that are blocked" },
	{ " cpu cpus bt trace backtrace ",
	  "l, which shows what each CPU does" },
	{ " blocked wait waiting iowait ", "w, which shows blocked tasks" },
	{ " loglevel printk verbose ", "loglevel=0 to loglevel=9" },
	{ " safe ", "safe-reboot or safe-poweroff" },
	{ " diag diagnosis diagnostics diagnostic ",
	  "diagnose, which stands alone" },
	{ " diagnose ", "diagnose alone, or other letters without it" },
	{ " last-words ", "last-words alone, or other letters without it" },
	{ " last lastwords words ", "last-words, which stands alone" },
};

/* --- Words that mean letters --- */

static bool is_one_of(const char *letters, char c)
{
	return c && strchr(letters, c);
}

/* Of the capitals, only those of the kernel: it is easy to type others. */
static bool is_letter(char c)
{
	return isdigit((unsigned char)c) || islower((unsigned char)c) ||
	       (isupper((unsigned char)c) && sysrq_letter_name(c)[1]);
}

/* Of r, s, e and i each at most once and in this order, then su and an end. */
static bool is_rescue(const char *text)
{
	if (!strcmp(text, "sb") || !strcmp(text, "ub"))
		return true;
	for (const char *next = "rsei"; *next; next++)
		text += *text == *next && strncmp(text, "su", 2);
	return !strncmp(text, "su", 2) &&
	       (!text[2] || (is_one_of("boc", text[2]) && !text[3]));
}

/* Letters that print something; one digit may say how much the console gets. */
static bool is_show(const char *text)
{
	text += isdigit((unsigned char)*text) != 0;
	if (!*text)
		return false;
	for (; *text; text++) {
		if (!islower((unsigned char)*text) ||
		    !sysrq_letter_prints(*text))
			return false;
	}
	return true;
}

static char letter_of_name(enum word_place place, const char *text)
{
	static const char loglevel[] = "loglevel=";
	const char *digit = text + sizeof(loglevel) - 1;

	/* People type these two for other reasons. */
	if (place == WORD_ALONE &&
	    (!strcmp(text, "help") || !strcmp(text, "debug")))
		return 0;
	if (!strncmp(text, loglevel, sizeof(loglevel) - 1))
		return isdigit((unsigned char)*digit) && !digit[1] ? *digit : 0;
	return strchr(text, ' ') ? 0 : sysrq_letter_of_name(text);
}

bool word_read(struct word *word, enum word_place place, const char *text)
{
	char letter = letter_of_name(place, text);

	*word = (struct word){ .letters = { letter } };
	if (letter)
		return true;
	for (size_t i = 0; i < RECIPES; i++) {
		if (!strcmp(text, recipes[i].name)) {
			word->recipe = recipes[i].last;
			return true;
		}
	}
	if (strlen(text) >= sizeof(word->letters) ||
	    !((is_letter(text[0]) && !text[1]) || is_rescue(text) ||
	      (place != WORD_PART && is_show(text))))
		return false;
	strcpy(word->letters, text);
	return true;
}

/* --- Words that mean something else --- */

bool word_is_slip(const char *text, const char *meant)
{
	size_t a = strlen(text), b = strlen(meant), same = 0;

	while (text[same] && text[same] == meant[same])
		same++;
	text += same;
	meant += same;
	if (a == b && !*text)
		return false; /* it is the word */
	if (a == b + 1)
		return !strcmp(text + 1, meant);
	if (b == a + 1)
		return !strcmp(text, meant + 1);
	if (a != b)
		return false;
	return !strcmp(text + 1, meant + 1) ||
	       (text[0] == meant[1] && text[1] == meant[0] && text[1] &&
		!strcmp(text + 2, meant + 2));
}

/* A name or recipe that is nearly text. NULL: there is none. */
static const char *near_name(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzDRS";

	for (const char *letter = letters; *letter; letter++) {
		const char *name = sysrq_letter_name(*letter);

		if (strlen(name) >= SLIP_LEAST && word_is_slip(text, name))
			return name;
	}
	for (size_t i = 0; i < RECIPES; i++) {
		if (word_is_slip(text, recipes[i].name))
			return recipes[i].name;
	}
	if (word_is_slip(text, "last-words"))
		return "last-words";
	return word_is_slip(text, "diagnose") ? "diagnose" : NULL;
}

/* Write the letters of text with commas. False: that is no better. */
static bool separate(char out[WORD_MEANT_MAX], const char *text)
{
	enum { LONGEST = 4 }; /* a longer word was meant as a word */
	size_t len = strlen(text);
	char *to = out;

	if (len < 2 || len > LONGEST)
		return false;
	to += sprintf(to, "commas between the letters: ");
	for (size_t i = 0; i < len; i++) {
		if (!islower((unsigned char)text[i]) ||
		    (sysrq_letter_ends_host(text[i]) && i + 1 < len))
			return false;
		*to++ = text[i];
		*to++ = ',';
	}
	to[-1] = '\0';
	return true;
}

/* Copy text without its blanks, cut to size bytes with the NUL. */
static void drop_blanks(char *out, size_t size, const char *text)
{
	size_t len = 0;

	for (; *text && len + 1 < size; text++) {
		if (*text != ' ')
			out[len++] = *text;
	}
	out[len] = '\0';
}

/* Find text in slips[]. small is text in small letters between two blanks. */
static const char *slip_of(const char *small)
{
	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		if (strstr(slips[i].words, small))
			return slips[i].meant;
	}
	return NULL;
}

void word_meant(char out[WORD_MEANT_MAX], enum word_place place,
		const char *text, const char *whole)
{
	static const char better[] = "small letters: ";
	static const char joined[] = "no blanks: ";
	const char *meant =
		"letters or names with commas between them (w,s,u,b), a rescue "
		"word (sub) or a recipe (safe-reboot)";
	char small[SYSRQ_LETTER_NAME_MAX + 3] = " ";
	size_t len = strlen(text);
	struct word word;

	drop_blanks(out, WORD_MEANT_MAX, text);
	if (word_read(&word, place, out)) {
		memcpy(out, joined, sizeof(joined));
		drop_blanks(out + strlen(out), WORD_MEANT_MAX - strlen(out),
			    whole);
		return;
	}
	text_small(small + 1, sizeof(small) - 1, text);
	if (strcmp(small + 1, text) && word_read(&word, place, small + 1)) {
		/* The rest of the argument probably has the same fault. */
		memcpy(out, better, sizeof(better));
		text_small(out + strlen(out), WORD_MEANT_MAX - strlen(out),
			   whole);
		return;
	}
	if (place != WORD_PART && is_show(text))
		meant = "1 to 16 letters";
	if (separate(out, text))
		meant = NULL;
	if (len && len <= SYSRQ_LETTER_NAME_MAX && !strchr(text, ' ')) {
		strcat(small, " ");
		if (slip_of(small))
			meant = slip_of(small);
		else if (near_name(text))
			meant = near_name(text);
	}
	if (meant)
		snprintf(out, WORD_MEANT_MAX, "%s", meant);
}
