#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# In Turkish, the small letter of I is not i. In a Turkish locale, names of hosts and
# keywords of the configuration are found all the same, whatever their case, and a terminal
# shows all characters of a log.
# shellcheck source=tests/client/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=lab/need
. lab/need

need localedef || bail 'localedef is missing'
localedef --quiet -i tr_TR -f UTF-8 "$dir/tr_TR.UTF-8" ||
	bail 'there is no Turkish locale: install the package locales'
# This shell does not find it, and says so.
export LOCPATH=$dir LC_ALL=tr_TR.UTF-8 2> /dev/null
# shellcheck disable=SC2016 # the variable of the other shell
is 'the locale is Turkish' "$(bash -c 'letter=I; echo "${letter,,}"')" 'ı'

printf '<6>[    1.000000] \xc3\xa4\xc4\xb1 \xff!\n' > "$dir/source"
serve --log-file "$dir/source"
sed -i 's/^host1 /winix1 /' "$config/known_hosts"
cat > "$dir/config" <<- END
	HOST WinIx1
		ADDRESS 127.0.0.1
		KEYFILE $config/key
		PORT $port
END
run --config "$dir/config" WINIX1 i
exits 'the host WINIX1 and keywords in capital letters' 0
is 'the host presses the letter' "$(pressed "$log")" i
on_terminal 80 "$client" log --config "$dir/config" WINIX1
like 'a terminal shows all characters of a log' "$out" 'äı \\xff!'
done_testing
