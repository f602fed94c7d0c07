// SPDX-License-Identifier: GPL-2.0
/*
 * Loads a dump kernel, as the tools of kdump do: `loaddump KERNEL INITRAMFS COMMAND-LINE`.
 * When the kernel that runs panics, that one starts.
 */
#include <fcntl.h>
#include <linux/kexec.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int kernel, initramfs;

	if (argc != 4) {
		fprintf(stderr,
			"usage: loaddump KERNEL INITRAMFS COMMAND-LINE\n");
		return 2;
	}
	kernel = open(argv[1], O_RDONLY);
	initramfs = open(argv[2], O_RDONLY);
	if (kernel < 0 || initramfs < 0 ||
	    syscall(SYS_kexec_file_load, kernel, initramfs, strlen(argv[3]) + 1,
		    argv[3], KEXEC_FILE_ON_CRASH)) {
		perror("loaddump");
		return 1;
	}
	return 0;
}
