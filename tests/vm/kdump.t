#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# On a host with kdump, `--until-back c` waits through the dump kernel: the host panics, its
# dump kernel saves a part of the memory and reboots, and the normal kernel answers again.
# The dump has the line that says who pressed c.
#
#   this machine                    guest                 its dump kernel
#   send_sysrq -------------- QEMU -- eth0 10.0.2.15        no network
#                                     /data -------------- /data/vmcore
#                                     /dev/vdb: the kernel
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/lib.sh"

needs qemu-system-x86_64
kernel=$("$TOP/lab/kernel" ${KERNEL:+"$KERNEL"})/vmlinuz || bail 'there is no kernel'
boot --disk --memory 768 --no-rule --append crashkernel=256M \
	--params "passwd=$SEND_SYSRQ_PASSWORD mask=1 port=9" \
	-- -drive "file=$kernel,format=raw,if=virtio,readonly=on"

# The initramfs of the dump kernel: busybox, what it needs for /data, and this script. The
# kernel text and data, and with them the log, are at the beginning of the dump.
guest 'set -e
	mkdir -p /tmp/dump/bin /tmp/dump/dev /tmp/dump/proc /tmp/dump/data
	cd /tmp/dump
	cp /usr/bin/busybox bin/
	for module in virtio_pci virtio_blk ext4; do
		modprobe --show-depends $module
	done | sed -n "s/^insmod //p" | while read -r file rest; do
		cp $file .
		echo "insmod ${file##*/}" >> modules
	done
	cat > init << "END"
#!/bin/busybox sh
exec > /dev/console 2>&1
mount -t proc proc /proc
mount -t devtmpfs dev /dev
[ ! -e modules ] || . ./modules
until [ -b /dev/vda ]; do sleep 0.1; done
mount -t ext4 /dev/vda /data
dd if=/proc/vmcore of=/data/vmcore bs=1M count=96
umount /data
reboot -f
END
	chmod +x init
	ln -s busybox bin/sh
	for name in mount insmod sleep dd umount reboot; do
		ln -s busybox bin/$name
	done
	find . | cpio -o -H newc > /tmp/initramfs
	cat /dev/vdb > /tmp/vmlinuz
	loaddump /tmp/vmlinuz /tmp/initramfs \
		"$(sed "s/ crashkernel=[^ ]*//" /proc/cmdline) nr_cpus=1 reset_devices"
	rm -r /tmp/vmlinuz /tmp/initramfs /tmp/dump' || bail 'the guest takes no dump kernel'
is 'the guest has a dump kernel' "$(guest 'cat /sys/kernel/kexec_crash_loaded')" 1

boots() {
	vm console "$VM" | grep -c 'Linux version'
}
before=$(boots)
send --until-back=500 s,c
is '--until-back s,c' "$status" 0
has '… c is accepted' "$out" '^  c  crash +accepted$'
has '… the host is back, and each part has its time' "$out" \
	'is back, it was away for [0-9.]+ s: silent for [0-9.]+ s, and then up for '
grep 'is back' <<< "$out" | note
is '… two kernels were booted: that of the dump, and the normal one' \
	$(($(boots) - before)) 2
ok 'the normal kernel runs' vm wait --timeout 120 "$VM" ready
is '… it is not that of the dump' "$(guest 'ls /proc/vmcore 2> /dev/null')" ''
is 'the dump is there' "$(guest 'head -c 4 /data/vmcore' | tr -d '\177')" ELF
has '… it has the line that says who pressed c' \
	"$(guest 'grep -a -o "passwd from [0-9.]* presses sc" /data/vmcore | head -n 1')" \
	'^passwd from 10\.0\.2\.2 presses sc$'
done_testing
