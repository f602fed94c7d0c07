#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What docs/integrations.md shows works as it stands there: each of its files is used, and each
# of its commands is run, by the tools of Debian that lab/tools unpacks. They lie over /usr, /etc
# and /var of this test alone, and its network is a loopback of its own, where one
# tests/tools/responder.c plays the hosts. What a service does, systemctl of tests/docs/bin does.
#
#   network of the test: lo, with 192.0.2.0/24
#     conmand, powermand, node_exporter, … ── send_sysrq ── responder: web1 … web9, port 9
set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/tap.sh
. tests/tap.sh
# shellcheck source=lab/need
. lab/need
document=docs/integrations.md

if [ "${1-}" != inside ]; then
	why=$(need ip unshare mount perl setpriv curl watch nodeset script 2>&1) || bail "$why"
	if [ "$(id -u)" -ne 0 ]; then
		skip 'all of it' 'it wants root'
		done_testing
	fi
	tools=$(lab/tools) || bail 'the tools of others could not be fetched'
	dir=$(mktemp -d)
	trap 'rm -rf "$dir"' EXIT
	unshare --mount --net --pid --fork --kill-child --mount-proc \
		tests/docs/integrations.t inside "$tools" "$dir"
	exit
fi

# --- The machine of the reader ---
tools=$2 dir=$3
build=$(realpath "${BUILD:-build}")
mount -t tmpfs -o mode=755 tmpfs "$dir" || bail 'no tmpfs can be mounted'
mkdir "$dir/home" "$dir/bin" "$dir/reader"
cp "$build/responder" tests/docs/matches tests/docs/bin/* "$dir/bin"
for folder in usr etc var; do
	mkdir -p "$dir/$folder" "$dir/work-$folder" "$tools/$folder"
	mount -t overlay overlay -o "lowerdir=$tools/$folder:/$folder" \
		-o "upperdir=$dir/$folder,workdir=$dir/work-$folder" "/$folder" ||
		bail 'no overlay can be mounted'
done
mount -t tmpfs tmpfs /run
cp "$build/send_sysrq" /usr/bin
cp "$build/fence_sysrq" /usr/sbin
export HOME=$dir/home PATH=$dir/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin
export TERM=xterm SERVICES=$dir
# No host has ssh, and the reader is root.
export ANSIBLE_TRANSPORT=local ANSIBLE_BECOME_METHOD=su ANSIBLE_PIPELINING=1
export ANSIBLE_REMOTE_TEMP=$dir/ansible
unset XDG_CONFIG_HOME XDG_STATE_HOME SUDO_USER NO_COLOR
ip link set lo up
ip route add local 192.0.2.0/24 dev lo

# The users that Debian's packages make, and what they make at boot
for user in nagios prometheus; do
	id "$user" > /dev/null 2>&1 || useradd --system --no-create-home "$user"
done
mkdir -p /run/powerman /run/nagios4 /var/lib/nagios4/spool/checkresults \
	/var/lib/nagios4/rw /var/log/nagios4/archives /etc/nagios-plugins/config \
	/var/lib/prometheus/node-exporter /run/icinga2 /var/lib/icinga2/certs /var/log/icinga2 \
	/var/cache/icinga2 /etc/send_sysrq
chown -R nagios /var/lib/nagios4 /var/log/nagios4 /run/nagios4 /run/icinga2 \
	/var/lib/icinga2 /var/log/icinga2 /var/cache/icinga2
chown daemon /run/powerman

# --- The hosts ---
hosts=(1 2 3 7 9)
for host in "${hosts[@]}"; do
	echo "192.0.2.$host web$host" >> /etc/hosts
	echo "192.0.2.$host"
done > "$dir/addresses"
key=$(send_sysrq genkey)
for daemon in nagios metrics conman powerman warewulf fence; do
	install -m 600 "$HOME/.config/send_sysrq/key" "/etc/send_sysrq/$daemon.key"
done
chown nagios /etc/send_sysrq/nagios.key
chown daemon /etc/send_sysrq/powerman.key
mv /etc/send_sysrq/fence.key "$dir/reader"
responder --key "$key" --any --list "$dir/addresses" --port 9 --family 4 --back 300 \
	--complete 50 --host 192.0.2.9 --mute --host 192.0.2.7 --log 20 --log-grow 300 \
	> "$dir/log" 2>&1 &
for ((i = 0; i < 1000; i++)); do
	[ "$(grep -c ^known "$dir/log")" -lt 5 ] || break
	sleep 0.01
done
awk '/^known/ { sub("192.0.2.", "web", $2); address = $2; sub("web", "192.0.2.", address)
	print $2 "," address, $3 }' "$dir/log" > /etc/send_sysrq/known_hosts
chmod 644 /etc/send_sysrq/known_hosts
cp -r examples/ansible/roles "$dir/reader"
# It names plugins that lab/tools does not have.
sed -i '/localhost.cfg/d' /etc/nagios4/nagios.cfg

# --- The document ---
# Runs a command as its reader types it. `watch` and conman are still running
# when it looks at them.
type_in() { # COMMAND
	if ! [[ $1 =~ ^(watch|conman) ]]; then
		timeout 300 bash -c "$1"
	elif [ ! -e "$dir/screen" ]; then
		timeout 60 script -qec "stty cols 100 rows 30; $1" /dev/null \
			> "$dir/screen" 2> /dev/null &
	else
		perl -pe 's/\e[\[(][0-9;?]*[A-Za-z]/\n/g; s/\r//g' "$dir/screen" | awk NF
	fi < /dev/null 2>&1
}

only_looks='^(watch|conman|tail|curl|grep|pm -q)|send_sysrq status'

# A command that only looks is typed again, at most for a minute, until it shows what it should.
run_command() { # COMMAND EXPECTED
	local end=$((SECONDS + 60)) status
	printf '%s' "$2" > "$dir/expected"
	rm -f "$dir/screen"
	while :; do
		(cd "$dir/reader" && type_in "$1") > "$dir/got"
		status=$?
		if [ -z "$2" ]; then
			[ $status -ne 0 ] || break
		elif matches "$dir/expected" "$dir/got"; then
			break
		fi
		if ! [[ $1 =~ $only_looks ]] || [ $SECONDS -ge $end ]; then
			fail "$section: $1" "exit status $status" 'expected:' "$2" 'got:' \
				"$(tail -n 40 "$dir/got")"
			return
		fi
		sleep 0.2
	done
	pass "$section: $1"
}

run_transcript() { # TEXT
	local line command='' expected='' more=
	while IFS= read -r line; do
		if [ "$more" ]; then
			command+=$'\n'$line
		elif [[ $line == [\#$]\ * ]]; then
			[ -z "$command" ] || run_command "$command" "$expected"
			command=${line:2} expected=
		else
			expected+=$line$'\n'
			continue
		fi
		[[ $line == *\\ ]] && more=1 || more=
	done <<< "$1"
	run_command "$command" "$expected"
}

# One fenced block; the words behind the fence say what it is.
run_block() { # FORMAT PATH TEXT
	case $1,$2 in
	console,) run_transcript "$3" ;;
	?*,untried) skip "$section: $(head -n 1 <<< "$3")" 'the document says so' ;;
	?*,?*)
		(cd "$dir/reader" && mkdir -p "$(dirname "$2")" && printf '%s\n' "$3" > "$2") ||
			fail "$section: $2 can be written"
		;;
	*) fail "$section: a block without a kind: $3" ;;
	esac
}

section=
while IFS= read -r line; do
	case $line in
	'#'*) section=${line##*# } ;;
	'```'*)
		read -r format path <<< "${line#'```'}"
		text=
		while IFS= read -r line && [ "$line" != '```' ]; do
			text+=${text:+$'\n'}$line
		done
		run_block "$format" "${path-}" "$text"
		;;
	esac
done < "$document"

# --- What the document says without showing it ---
render() { # COMMAND
	render-template /usr/share/warewulf/bmc/sysrq.tmpl "Cmd=$1" Ipaddr=192.0.2.7
}
if ok 'Warewulf: the template is there' test -e /usr/share/warewulf/bmc/sysrq.tmpl; then
	sysrq='send_sysrq --key-file /etc/send_sysrq/warewulf.key'
	is 'Warewulf: the line for PowerStatus is that of the document' \
		"$(render PowerStatus)" "$sysrq status --nagios \"192.0.2.7\""
	for word in 'PowerOff s,u,o' 'PowerCycle s,u,b' 'PowerReset b' 'PowerSoft safe-poweroff'; do
		is "Warewulf: the line for $word" "$(render "${word% *}")" \
			"$sysrq \"192.0.2.7\" ${word#* }"
	done
	has 'Warewulf: the console is the log' \
		"$(timeout 60 sh -c "$(render Console) | head -n 3")" '^\[ .*\] record'
	ok 'Warewulf: PowerCycle succeeds' sh -c "$(render PowerCycle) --until-back"
	for word in PowerOn SDRList SensorList; do
		is "Warewulf: $word fails" "$(sh -c "$(render $word)" 2>&1; echo " $?")" \
			"not possible without a BMC: $word
 1"
	done
fi
if ok 'Ansible: the playbook is there' test -e "$dir/reader/site.yml"; then
	public=$(send_sysrq pubkey --key-file /etc/ipt_sysrq/key)
	is 'Ansible: only root reads the key of the host' "$(stat -c %a /etc/ipt_sysrq/key)" 600
	is 'Ansible: it has a note of its machine' "$(sed -n 2p /etc/ipt_sysrq/key)" \
		"# machine-id $(< /etc/machine-id)"
	is 'Ansible: the operator' "$(grep -v '^#' /etc/ipt_sysrq/operators)" "alice $key all log"
	is 'Ansible: the parameters, by whether there is a clock' "$(< /etc/modprobe.d/ipt_SYSRQ.conf)" \
		"options ipt_SYSRQ mask=1 port=9 tolerance=$([ -e /sys/class/rtc/rtc0 ] && echo 300 || echo 0)"
	is 'Ansible: the key is noted' "$(< "$HOME/.config/send_sysrq/known_hosts")" \
		"web4 $public"
	is 'Ansible: the service runs, and at each boot' \
		"$(cd "$dir/service" && ls ipt-sysrq.*; cat ipt-sysrq.active)" \
		'ipt-sysrq.active
ipt-sysrq.enabled
reloaded'
	echo 'options ipt_SYSRQ mask=1 from=192.0.2.0/24' > /etc/modprobe.d/ipt_SYSRQ.conf
	(cd "$dir/reader" && ansible-playbook -i web4, site.yml -e \
		"{ipt_sysrq_operators: [{name: bob, key: $key, permissions: s}]}") > "$dir/got" 2>&1
	like 'Ansible: another operator is the only change' "$dir/got" ' changed=2 .* failed=0'
	is '… and the only operator' "$(grep -v '^#' /etc/ipt_sysrq/operators)" "bob $key s"
	is '… and the parameters of the host stay' "$(< /etc/modprobe.d/ipt_SYSRQ.conf)" \
		'options ipt_SYSRQ mask=1 from=192.0.2.0/24'
	is '… that the module is given' "$(grep -c reloaded "$dir/service/ipt-sysrq.active")" 2
fi
if ok 'powerman: its device is there' test -e /etc/powerman/sysrq.dev; then
	sed -i 's/timeout 60/timeout 7/' /etc/powerman/sysrq.dev
	kill "$(pgrep powermand)"
	end=$((SECONDS + 60))
	until systemctl restart powerman; do
		[ "$SECONDS" -lt "$end" ] || bail 'powermand does not start again'
		sleep 0.2
	done
	pm -c web9 > "$dir/got" 2>&1
	ok 'powerman: the reboot of a silent host fails' test $? -ne 0
	like '… and it is told' "$dir/got" 'errors|failed|timed out'
fi

done_testing
