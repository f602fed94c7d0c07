# SPDX-License-Identifier: GPL-2.0
# Completion of send_sysrq for fish.

# Names in the Host lines of the two configuration files, without patterns, and names
# that fish knows
function __send_sysrq_hosts
    set -l config $HOME/.config
    set -q XDG_CONFIG_HOME; and set config $XDG_CONFIG_HOME
    cat $config/send_sysrq/config /etc/send_sysrq/config 2>/dev/null |
        awk 'sub(/^[ \t]*[Hh][Oo][Ss][Tt]([ \t]*=|[ \t])/, "") {
                sub(/(^|[ \t])#.*/, "")
                gsub(/[^ \t,"]*\[[^]]*\][^ \t,"]*/, "")
                gsub(/[",\r]/, " ")
                for (i = 1; i <= NF; i++)
                    if ($i !~ /[][*?!@]/)
                        print $i
            }'
    __fish_print_hostnames
end

# Letters with their names, names with their letters, behind the last comma
function __send_sysrq_letters
    set -l before (string match -r '[^=]*,' -- (commandline -ct))
    set -l letters s sync e terminate-all-tasks i kill-all-tasks u unmount b reboot \
        o poweroff w show-blocked-tasks l show-backtrace-all-active-cpus \
        m show-memory-usage t show-task-states c crash d show-all-locks \
        f memory-full-oom-kill g debug h help j thaw-filesystems k sak \
        n nice-all-RT-tasks p show-registers q show-all-timers r unraw \
        v force-fb z dump-ftrace-buffer D dump-sched-ext R replay-kernel-logs \
        S reset-sched-ext
    while set -q letters[1]
        printf '%s\t%s\n' "$before$letters[1]" $letters[2] \
            "$before$letters[2]" $letters[1]
        set -e letters[1..2]
    end
    printf '%s\tloglevel of the console\n' "$before"(seq 0 9)
end

function __send_sysrq_recipes
    set -l before (string match -r '[^=]*,' -- (commandline -ct))
    printf '%s\t%s\n' "$before"safe-reboot 'e, i, s and u until complete, b' \
        "$before"safe-poweroff 'e, i, s and u until complete, o'
    test -n "$before"
    or printf '%s\t%s\n' diagnose 'log, w, l and m into a file' \
        last-words 'after a panic: log into a file, then b'
end

# The words before that are no options, nor their values; --hosts is as good as one
function __send_sysrq_words
    set -l words (commandline -opc)
    set -e words[1]
    while set -q words[1]
        switch $words[1]
            case --hosts
                echo -- --hosts
                set -e words[1]
            case -p --port --password-file --key-file --known-as --realm --timeout --ethernet -F -x \
                    --operator --key --permissions --from --listen \
                    --exclude --config --wait --host-address --one-way-for --need \
                    --since-boot-seconds \
                    -n --lines --level
                set -e words[1]
            case '--hosts=*'
                echo -- --hosts
            case '-*'
            case '*'
                echo -- $words[1]
        end
        set -e words[1]
    end
end

# The subcommand, or none
function __send_sysrq_subcommand
    set -l first (__send_sysrq_words | string match -v -- --hosts)[1]
    contains -- "$first" press status log genkey pubkey known history exporter setup help
    and echo $first
end

# Is it this subcommand's turn? Of none: it is that of press.
function __send_sysrq_in
    set -l subcommand (__send_sysrq_subcommand)
    test -n "$subcommand"; or set subcommand press
    contains -- $subcommand $argv
end

# How many words before are no options, the subcommand left out
function __send_sysrq_arguments
    set -l count (count (__send_sysrq_words))
    test -z (__send_sysrq_subcommand)""; or set count (math $count - 1)
    test $count $argv
end

set -l ask '__send_sysrq_in press status log'
set -l asks '__send_sysrq_in press status log exporter'
set -l many '__send_sysrq_in press status'
set -l key '__send_sysrq_in press status log genkey pubkey exporter'
set -l press '__send_sysrq_in press'
set -l status_ '__send_sysrq_in status'
set -l log '__send_sysrq_in log'
set -l setup '__send_sysrq_in setup'
set -l one '__send_sysrq_in log known'
set -l first 'test -z (__send_sysrq_words)""'

complete -c send_sysrq -f

complete -c send_sysrq -n $first -a press -d 'Press letters; may be left out'
complete -c send_sysrq -n $first -a status -d 'Who is alive below userspace?'
complete -c send_sysrq -n $first -a log -d 'The host\'s kernel log'
complete -c send_sysrq -n $first -a genkey -d 'Make your key'
complete -c send_sysrq -n $first -a pubkey -d 'Print your public key'
complete -c send_sysrq -n $first -a known -d 'Note the public key of a host'
complete -c send_sysrq -n $first -a history -d 'Print what you have pressed'
complete -c send_sysrq -n $first -a exporter -d 'Tell Prometheus which hosts are alive'
complete -c send_sysrq -n $first -a setup -d 'Give this host its key and operators'

complete -c send_sysrq -n $first -a help -d 'Print a summary'
complete -c send_sysrq -n '__send_sysrq_in help' -a 'press status log genkey pubkey known history exporter setup'

complete -c send_sysrq -n '__send_sysrq_in press status history' -a '(__send_sysrq_hosts)' -d Host
complete -c send_sysrq -n "$one; and __send_sysrq_arguments -eq 0" -a '(__send_sysrq_hosts)' -d Host
complete -c send_sysrq -n "$press; and __send_sysrq_arguments -gt 0" -a '(__send_sysrq_letters)'
complete -c send_sysrq -n "$press; and __send_sysrq_arguments -gt 0" -a '(__send_sysrq_recipes)'

complete -c send_sysrq -n $asks -s p -l port -x -d 'UDP port of the host'
complete -c send_sysrq -n $key -l key-file -r -F -d 'Your key is its first line'
complete -c send_sysrq -n $ask -l known-as -x -a '(__send_sysrq_hosts)' -d 'Whose public key the host has'
complete -c send_sysrq -n $ask -l password -d 'Ask for the password'
complete -c send_sysrq -n $ask -l password-file -r -F -d 'Password is its first line'
complete -c send_sysrq -n $ask -l realm -x -d 'With a password: the host\'s realm'
complete -c send_sysrq -n $asks -l timeout -x -d 'How long to ask for an answer'
complete -c send_sysrq -n $ask -l ethernet -x -d 'Network card of a host without address'
complete -c send_sysrq -n $asks -s 4 -d 'Only IPv4'
complete -c send_sysrq -n $asks -s 6 -d 'Only IPv6'
complete -c send_sysrq -n $asks -s F -l config -r -F -a none -d 'Configuration, or none'
complete -c send_sysrq -s h -l help -d 'Print a summary'
complete -c send_sysrq -s V -l version -d 'Print the version'
complete -c send_sysrq -n $many -l hosts -r -F -d 'More hosts, one a line'
complete -c send_sysrq -n $many -s x -l exclude -x -a '(__send_sysrq_hosts)' -d 'Hosts to leave out'
complete -c send_sysrq -n $many -l json -d 'One JSON object a line and host'

complete -c send_sysrq -n $press -l wait -x -d 'After each letter, or some (s=30,e=5)'
complete -c send_sysrq -n $setup -l yes -d 'Ask nothing'
complete -c send_sysrq -n $setup -l operator -x -d 'The operator\'s name'
complete -c send_sysrq -n $setup -l key -x -d 'The operator\'s public key'
complete -c send_sysrq -n $setup -l permissions -x -d 'What the operator may do'
complete -c send_sysrq -n $setup -l port -x -d 'UDP port of this host'
complete -c send_sysrq -n $setup -l from -x -d 'The networks that it hears'
complete -c send_sysrq -n $setup -l panic-on-lockup -d 'Make a lockup and an oops a panic'
complete -c send_sysrq -n $setup -l after-panic -d 'Listen after a panic, until the host reboots'
complete -c send_sysrq -n $press -s q -l quiet -d 'Leave out what the kernel prints'
complete -c send_sysrq -n $press -s y -l yes -d 'Do not ask'
complete -c send_sysrq -n $press -l dry-run -d 'Show what would be sent'
complete -c send_sysrq -n $press -l until-back -d 'Wait until the host is back'
complete -c send_sysrq -n $press -l one-way -d 'Send without asking first'
complete -c send_sysrq -n $press -l no-one-way -d 'Never send without an answer'
complete -c send_sysrq -n $press -l one-way-for -x -d 'How long such a command is valid'
complete -c send_sysrq -n $press -l host-address -x -d 'Host\'s own address, through NAT'

complete -c send_sysrq -n $status_ -l need -x -a '(__send_sysrq_letters)' -d 'Letters that must be permitted'
complete -c send_sysrq -n $status_ -l nagios -d 'One line for Nagios or Icinga'
complete -c send_sysrq -n $status_ -l prometheus -d 'For the textfile collector'

complete -c send_sysrq -n '__send_sysrq_in exporter' -l listen -x -d 'Where Prometheus asks'
complete -c send_sysrq -n $log -l since-boot-seconds -x -d 'Records of that time or later'
complete -c send_sysrq -n '__send_sysrq_in log history' -s n -l lines -x -d 'Only the last lines'
complete -c send_sysrq -n $log -s f -l follow -d 'Go on until interrupted'
complete -c send_sysrq -n $log -l level -x -a 'emerg alert crit err warn notice info debug' -d 'That level and more severe ones'
