"""Numbers of the system calls that a learner's program may make, by machine.

Everything that is not listed is answered "no such call", which the C library and Python cope with;
what a learner may well try (a socket, another process, a signal) is answered "not permitted".
"""

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X86_64 = """
read 0 write 1 open 2 close 3 stat 4 fstat 5 lstat 6 poll 7 lseek 8 mmap 9 mprotect 10 munmap 11
brk 12 rt_sigaction 13 rt_sigprocmask 14 rt_sigreturn 15 ioctl 16 pread64 17 pwrite64 18 readv 19
writev 20 access 21 pipe 22 select 23 sched_yield 24 mremap 25 madvise 28 dup 32 dup2 33
nanosleep 35 getpid 39 exit 60 uname 63 fcntl 72 flock 73 fsync 74 fdatasync 75 truncate 76
ftruncate 77 getcwd 79 chdir 80 rename 82 mkdir 83 rmdir 84 creat 85 unlink 87 readlink 89
chmod 90 fchmod 91 umask 95 gettimeofday 96 getrlimit 97 getrusage 98 sysinfo 99 times 100
getuid 102 getgid 104 geteuid 107 getegid 108 getppid 110 getpgrp 111 getgroups 115 getresuid 118
getresgid 120 getpgid 121 getsid 124 sigaltstack 131 statfs 137 fstatfs 138 arch_prctl 158
gettid 186 time 201 futex 202 sched_getaffinity 204 getdents64 217 set_tid_address 218
restart_syscall 219 clock_gettime 228 clock_getres 229 clock_nanosleep 230 exit_group 231
openat 257 mkdirat 258 newfstatat 262 unlinkat 263 renameat 264 readlinkat 267 fchmodat 268
faccessat 269 pselect6 270 ppoll 271 set_robust_list 273 utimensat 280 dup3 292 pipe2 293
getcpu 309 renameat2 316 getrandom 318 statx 332 rseq 334 close_range 436 faccessat2 439
"""
_X86_64_REFUSED = """
socket 41 connect 42 socketpair 53 clone 56 fork 57 vfork 58 execve 59 kill 62 setpgid 109
setsid 112 setuid 105 setgid 106 setresuid 117 setresgid 119 setgroups 116 ptrace 101 tkill 200
tgkill 234 chroot 161 mount 165 unshare 272 setns 308 seccomp 317 bpf 321 execveat 322
process_vm_readv 310 process_vm_writev 311 prlimit64 302 pidfd_open 434 prctl 157 chown 92
link 86 symlink 88 linkat 265 symlinkat 266
"""
_AARCH64 = """
getcwd 17 dup 23 dup3 24 fcntl 25 ioctl 29 flock 32 mkdirat 34 unlinkat 35 renameat 38 statfs 43
fstatfs 44 truncate 45 ftruncate 46 faccessat 48 chdir 49 fchmod 52 fchmodat 53 openat 56 close 57
pipe2 59 getdents64 61 lseek 62 read 63 write 64 readv 65 writev 66 pread64 67 pwrite64 68
pselect6 72 ppoll 73 readlinkat 78 newfstatat 79 fstat 80 fsync 82 fdatasync 83 utimensat 88
exit 93 exit_group 94 set_tid_address 96 futex 98 set_robust_list 99 nanosleep 101
clock_gettime 113 clock_getres 114 clock_nanosleep 115 sched_getaffinity 123 sched_yield 124
restart_syscall 128 sigaltstack 132 rt_sigaction 134 rt_sigprocmask 135 rt_sigreturn 139
getresuid 148 getresgid 150 times 153 getpgid 155 getsid 156 getgroups 158 uname 160 getrlimit 163
getrusage 165 umask 166 getcpu 168 gettimeofday 169 getpid 172 getppid 173 getuid 174 geteuid 175
getgid 176 getegid 177 gettid 178 sysinfo 179 brk 214 munmap 215 mremap 216 mmap 222 mprotect 226
madvise 233 renameat2 276 getrandom 278 statx 291 rseq 293 close_range 436 faccessat2 439
"""
_AARCH64_REFUSED = """
symlinkat 36 linkat 37 mount 40 chroot 51 unshare 97 ptrace 117 kill 129 tkill 130 tgkill 131
setgid 144 setuid 146 setresuid 147 setresgid 149 setpgid 154 setsid 157 setgroups 159 prctl 167
socket 198 socketpair 199 connect 203 clone 220 execve 221 prlimit64 261 setns 268
process_vm_readv 270 process_vm_writev 271 seccomp 277 bpf 280 execveat 281 pidfd_open 434
"""


def _numbers(table: str) -> dict[str, int]:
    words = table.split()
    return {name: int(number) for name, number in zip(words[::2], words[1::2], strict=True)}


ALLOWED = {"x86_64": _numbers(_X86_64), "aarch64": _numbers(_AARCH64)}
REFUSED = {"x86_64": _numbers(_X86_64_REFUSED), "aarch64": _numbers(_AARCH64_REFUSED)}
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
CAPSET = {"x86_64": 126, "aarch64": 91}
