# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Completion of send_sysrq for bash, on top of bash-completion.

# Names in the Host lines of the two configuration files, without patterns. compgen -W
# expands its words, so nothing that a shell could expand may be among them.
__send_sysrq_config_hosts()
{
	cat "${XDG_CONFIG_HOME:-$HOME/.config}/send_sysrq/config" \
		/etc/send_sysrq/config 2> /dev/null |
		awk 'sub(/^[ \t]*[Hh][Oo][Ss][Tt]([ \t]*=|[ \t])/, "") {
				sub(/(^|[ \t])#.*/, "")
				gsub(/[^ \t,"]*\[[^]]*\][^ \t,"]*/, "")
				gsub(/[",\r]/, " ")
				for (i = 1; i <= NF; i++)
					if ($i ~ /^[A-Za-z0-9._:%-]+$/)
						print $i
			}'
}

__send_sysrq_hosts()
{
	_known_hosts_real -- "$cur"
	mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(
		compgen -W "$(__send_sysrq_config_hosts)" -- "$cur")
}

# Lines of "WORD  (meaning)"; the meaning is for the eye, so it goes where only
# one is left to be inserted, or where each is inserted in its turn.
__send_sysrq_described()
{
	local before=$1 start=$2 line lines=()

	while IFS= read -r line; do
		[[ $line != "$start"* ]] || lines+=("$before$line")
	done
	if [[ ${COMP_TYPE-} == @(37|42) || \
		$((${#COMPREPLY[@]} + ${#lines[@]})) -eq 1 ]]; then
		lines=("${lines[@]%%  (*}")
	fi
	COMPREPLY+=("${lines[@]}")
}

__send_sysrq_letters()
{
	local names='s sync,e terminate-all-tasks,i kill-all-tasks,u unmount,b reboot,o poweroff,w show-blocked-tasks,l show-backtrace-all-active-cpus,m show-memory-usage,t show-task-states,c crash,d show-all-locks,f memory-full-oom-kill,g debug,h help,j thaw-filesystems,k sak,n nice-all-RT-tasks,p show-registers,q show-all-timers,r unraw,v force-fb,z dump-ftrace-buffer,D dump-sched-ext,R replay-kernel-logs,S reset-sched-ext'
	local before='' start=$cur pair digit

	if [[ $cur == *,* ]]; then
		before=${cur%,*},
		start=${cur##*,}
	fi
	compopt -o nosort 2> /dev/null
	__send_sysrq_described "$before" "$start" < <(
		if [[ $1 == recipes ]]; then
			echo 'safe-reboot  (e, i, s and u until complete, b)'
			echo 'safe-poweroff  (e, i, s and u until complete, o)'
			[[ $before ]] || printf '%s\n' \
				'diagnose  (log, w, l and m into a file)' \
				'last-words  (after a panic: log into a file, then b)'
		fi
		IFS=,
		for pair in $names; do
			echo "${pair%% *}  (${pair#* })"
			# What an empty word has two of is hard to read.
			[[ ! $start ]] || echo "${pair#* }  (${pair%% *})"
		done
		for digit in {0..9}; do
			echo "$digit  (loglevel $digit)"
		done
	)
}

# The subcommand, and how many other words before the one that is completed are no
# options; --hosts is as good as one.
__send_sysrq_read_arguments()
{
	local i seen=''

	arguments=0
	for ((i = 1; i < cword; i++)); do
		case ${words[i]} in
		--hosts) ((arguments++, i++)) ;;
		--listen | -p | --port | --password-file | --key-file | --known-as | --realm | \
			--ethernet | -x | --exclude | --timeout | -F | --config | --wait | --host-address | \
			--one-way-for | --need | --since-boot-seconds | -n | --lines | --level | \
			--operator | --key | --permissions | --from)
			((i++))
			;;
		-?*) [[ ${words[i]} != --hosts=* ]] || ((arguments++)) ;;
		*)
			if [[ ! $seen && " $subcommands " == *" ${words[i]} "* ]]; then
				subcommand=${words[i]}
			else
				((arguments++))
			fi
			seen=1
			;;
		esac
	done
}

_send_sysrq()
{
	local cur prev words cword split
	local help='-h --help -V --version'
	local common="-p --port --key-file --known-as --password --password-file --realm --timeout --ethernet -4 -6 -F --config $help"
	local subcommands='press status log genkey pubkey known history exporter setup help'
	local subcommand='' arguments

	_init_completion -s -n : || return
	__send_sysrq_read_arguments

	case $prev in
	--password-file | --key-file | --hosts)
		_filedir
		return
		;;
	--config | -F)
		_filedir
		mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(
			compgen -W none -- "$cur")
		return
		;;
	-x | --exclude | --known-as)
		__send_sysrq_hosts
		return
		;;
	--need)
		__send_sysrq_letters names
		return
		;;
	--level)
		mapfile -t COMPREPLY < <(compgen -W 'emerg alert crit err
			warn notice info debug' -- "$cur")
		return
		;;
	--operator | --key | --permissions | --from | --listen | \
		-p | --port | --realm | --timeout | --ethernet | --wait | --host-address | --one-way-for | \
		--since-boot-seconds | -n | --lines)
		return
		;;
	esac
	! $split || return 0

	if [[ $cur == -* ]]; then
		case $subcommand in
		status) common+=' --hosts -x --exclude --need --json --nagios --prometheus' ;;
		log) common+=' --since-boot-seconds -n --lines -f --follow --level' ;;
		genkey | pubkey) common="--key-file $help" ;;
		known | help) common=$help ;;
		history) common="$help -n --lines" ;;
		exporter) common="--listen --key-file -p --port --timeout -4 -6 -F --config $help" ;;
		setup) common="--yes --operator --key --permissions --port --from --panic-on-lockup --after-panic $help" ;;
		*) common+=' --hosts -x --exclude --wait -q --quiet -y --yes --dry-run --until-back --one-way --no-one-way --one-way-for --host-address --json' ;;
		esac
		mapfile -t COMPREPLY < <(compgen -W "$common" -- "$cur")
		return
	fi

	case $subcommand in
	genkey | pubkey | exporter | setup) return ;;
	help)
		mapfile -t COMPREPLY < <(compgen -W "${subcommands% help}" -- "$cur")
		;;
	known | log) [[ $arguments -gt 0 ]] || __send_sysrq_hosts ;;
	status | history) __send_sysrq_hosts ;;
	*)
		__send_sysrq_hosts
		[[ $arguments -eq 0 ]] || __send_sysrq_letters recipes
		if [[ ! $subcommand && $arguments -eq 0 ]]; then
			mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(
				compgen -W "$subcommands" -- "$cur")
		fi
		;;
	esac
} &&
	complete -F _send_sysrq send_sysrq
