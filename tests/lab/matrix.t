#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Each cell of the rescue matrix is run once, also by several runs and after a stop, and the
# document has the results. The states and the guests are stand-ins.
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export STATES=$work/states RESULTS=$work/matrix LOGS=$work/logs BUILD=$work/build
unset KERNEL

# As send_sysrq genkey --key-file FILE
mkdir "$BUILD"
cat > "$BUILD/send_sysrq" << 'END'
#!/bin/sh
[ ! -e "$3" ] || exit 1
echo private > "$3"
echo public
END
chmod +x "$BUILD/send_sysrq"

# An attempt notes its cell. It waits for the fifo of this cell, if there is one. It has no
# result if there is a file failing.
cat > "$STATES" << 'END'
kernels=(6.1 6.10)
vm() { :; }
versions() { echo 'none.'; }
state first says='the first' why='it could not'
state second says='the second' why='it cannot'
attempt() {
	echo "$KERNEL $STATE $1" | tee -a "$RESULTS.attempts"
	[ ! -p "$RESULTS.$STATE.$1" ] || read -r < "$RESULTS.$STATE.$1"
	[ ! -e "$RESULTS.failing" ] || exit
	[ "$1" != ssh ] || echo 'ping alive - -' >&3
	echo "$1 intact 1.5 -" >&3
}
END

matrix() {
	lab/matrix "$@" > "$work/said" 2>&1
}

# The attempts since the last call
attempts() {
	cat "$work/matrix.attempts" 2> "$work/errors"
	rm -f "$work/matrix.attempts"
}

# --- One cell ---
matrix first sysrqd
is 'a cell is run' "$(attempts)" '6.1 first sysrqd'
is '… its result is a line' "$(cat "$work/matrix.tsv")" \
	$'6.1\tfirst\tsysrqd\tintact\t1.5\t-'
is '… and is printed' "$(cat "$work/said")" '6.1: first, sysrqd: intact 1.5 -'
is '… it has a log' "$(cat "$work/logs/6.1/first/sysrqd.log")" '6.1 first sysrqd'
matrix first sysrqd
is 'a cell that has a line is not run again' "$(attempts)" ''
rm "$work/matrix.tsv"
matrix first sysrqd
is '… but is if its line was removed' "$(attempts)" '6.1 first sysrqd'
KERNEL=6.10 matrix first sysrqd
is '… and for another kernel' "$(attempts)" '6.10 first sysrqd'
touch "$work/matrix.failing"
matrix first ours
is 'a cell that fails has no line' "$(grep ours "$work/matrix.tsv")" ''
has '… its log is named' "$(cat "$work/said")" ': failed: see .*/6.1/first/ours.log$'
rm "$work/matrix.failing"
attempts > "$work/seen"
matrix first ours
is '… and it is run again' "$(attempts)" '6.1 first ours'
printf '6.1\tfirst\tping\tsilent\t-\t-\n' >> "$work/matrix.tsv"
matrix first ssh
is 'a new result takes the place of an old one' \
	"$(grep ping "$work/matrix.tsv")" $'6.1\tfirst\tping\talive\t-\t-'

attempts > "$work/seen"

matrix first tcp
is 'there is no tool tcp' "$(cat "$work/said")" \
	'lab/matrix: there is no tool tcp; there are ssh sysrqd xt_SYSRQ ours'
matrix third
has 'there is no state third' "$(cat "$work/said")" 'there is no state third;'
is '… and nothing is run' "$(attempts)" ''

# --- All cells ---
rm "$work/matrix.tsv"
matrix all sysrqd ours
is 'all states are run with the tools that are named, on all kernels' "$(attempts)" \
	'6.1 first sysrqd
6.1 first ours
6.1 second sysrqd
6.1 second ours
6.10 first sysrqd
6.10 first ours
6.10 second sysrqd
6.10 second ours'
matrix all
is 'without names, the other tools are run' "$(attempts | sort -u -k 3 | cut -d ' ' -f 3)" \
	'ssh
xt_SYSRQ'
is 'each cell has one line' "$(cut -f 1-3 "$work/matrix.tsv" | uniq | wc -l)" \
	"$(wc -l < "$work/matrix.tsv")"
is '… also of ping' "$(wc -l < "$work/matrix.tsv")" 20
ok '… and the lines are sorted' env LC_ALL=C sort -c "$work/matrix.tsv"

# The real attempt ends where no guest starts.
sed '/^vm()/,/^versions/d; /^attempt()/,$d' "$STATES" > "$work/real"
echo 'vm() { [ "$1" != start ] || echo "$*" >> "$RESULTS.starts"; return 1; }' >> "$work/real"
rm "$work/matrix.tsv"
STATES=$work/real matrix all ours
is 'the guest of each cell knows the operator' \
	"$(grep -c "operators='alice public all,log'" "$work/matrix.starts")" 4

# --- Several runs ---
# Waits until the attempt has begun.
begins() { # ATTEMPT
	# shellcheck disable=SC2016 # its own variables
	timeout 60 bash -c 'until grep -qxF "$1" "$2" 2> /dev/null; do sleep 0.1; done' \
		bash "$1" "$work/matrix.attempts"
}
# Lets the attempt of this fifo end.
release() {
	# shellcheck disable=SC2016 # its own variables
	timeout 60 bash -c 'echo > "$1"' bash "$work/matrix.first.ours"
}
rm "$work/matrix.tsv"
mkfifo "$work/matrix.first.ours"
lab/matrix first ours > "$work/other" 2>&1 &
other=$!
ok 'a run is at its cell' begins '6.1 first ours'
KERNEL=6.1 matrix first ours
matrix second ours
is 'another run skips this cell' "$(attempts)" '6.1 first ours
6.1 second ours'
release
wait "$other"
is '… and both have results' "$(cut -f 1-4 "$work/matrix.tsv")" \
	$'6.1\tfirst\tours\tintact\n6.1\tsecond\tours\tintact'

rm "$work/matrix.tsv"
lab/matrix all ours > "$work/other" 2>&1 &
other=$!
begins '6.1 first ours'
kill "$other"
release
wait "$other"
is 'TERM ends a run when its cell is done' "$(attempts)" '6.1 first ours'
is '… which has its result' "$(cut -f 1-4 "$work/matrix.tsv")" $'6.1\tfirst\tours\tintact'

# --- The document ---
printf '6.10\tsecond\tours\tlost\t2.0\tyes\n' >> "$work/matrix.tsv"
printf '6.10\tsecond\tssh\tno\t-\t-\n' >> "$work/matrix.tsv"
ok 'the document is written' lab/matrix document
like '… it counts the cells of each tool' "$work/matrix.md" \
	'^\| 6\.10 \| ours \| 1 \| 0 \| 1 \| 0 \| 1 of 1 \|$'
like '… it shows a cell that was rescued' "$work/matrix.md" \
	'^\| `first` \| the first \| not run \| not run \| not run \| not run \| \*\*1\.5 s\*\* \|  \|$'
like '… and one that was not, and why' "$work/matrix.md" \
	'^\| `second` \| the second \| not run \| – \| not run \| not run \| 2\.0 s, data lost \| yes \|$'
like '… in words, too' "$work/matrix.md" '^- the second: it cannot\.$'
unlike '… but nothing of one that was rescued' "$work/matrix.md" 'it could not'
like '… and there is a picture' "$work/matrix.svg" '✓ 1\.5 s'
done_testing
