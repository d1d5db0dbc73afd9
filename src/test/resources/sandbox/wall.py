"""Tries to get out of the sandbox. Prints "FAIL name detail" for each thing that should not work, and a count at the end.

Groups: identity, read-only system, absences, masked kernel files, system calls, set-uid, processes, network, planted files.
Contacts no address but loopback. Arguments: "runner" if the runner is process 1, else "alone"; "absent:PATH" for a path of
the host; "canary:HOST:PORT" for a listener of the host on its own loopback, which must hear nothing, also by the proxy;
"image" where the system is an image's own, root and its files included, and not the host's.
"""
import ctypes, errno, mmap, os, platform, resource, socket, stat, struct, subprocess, sys

RUNNER = sys.argv[1] == "runner"
IMAGE = "image" in sys.argv[2:]


def given(kind):
    return [argument[len(kind) + 1:] for argument in sys.argv[2:] if argument.startswith(kind + ":")]


failures = 0
checks = 0


def check(name, ok, detail=""):
    global failures, checks
    checks += 1
    if not ok:
        failures += 1
        print("FAIL", name, detail)


def text(path):
    with open(path, "rb") as f:
        return f.read(65536).decode("utf-8", "replace")


def fields(path):
    return dict(line.split(":", 1) for line in text(path).splitlines() if ":" in line)


def refused(name, action):
    try:
        result = action()
        check(name, False, "worked: %r" % (result,))
    except (OSError, subprocess.CalledProcessError):
        check(name, True)


# 1 identity
status = {k: v.strip() for k, v in fields("/proc/self/status").items()}
check("uid", os.getuid() != 0, os.getuid())
for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
    check(name, int(status[name], 16) == 0, status[name])
check("no-new-privs", status["NoNewPrivs"] == "1", status["NoNewPrivs"])
check("seccomp", status["Seccomp"] == "2", status["Seccomp"])
check("core", resource.getrlimit(resource.RLIMIT_CORE)[1] == 0, resource.getrlimit(resource.RLIMIT_CORE))
mapped = text("/proc/self/uid_map").split()
check("uid-map", int(mapped[1]) + os.getuid() - int(mapped[0]) != 0 if IMAGE else
      mapped[0] != "0" and len(mapped) == 3 and mapped[2] == "1", mapped)
check("groups", set(os.getgroups()) <= {1000, 65534}, os.getgroups())
check("hostname", socket.gethostname() == "sandbox", socket.gethostname())

# 2 nothing of the system can be written
for path in ("/", "/usr", "/usr/bin", "/etc", "/opt", "/opt/runner", "/run/cleanroom", "/proc", "/proc/sys",
             "/proc/sys/kernel", "/sys", "/sys/fs/cgroup", "/dev", "/var", "/home"):
    if os.path.isdir(path):
        refused("write " + path, lambda: open(path + "/cleanroom-probe", "w"))
for path in ("/etc/passwd", "/etc/hosts", "/usr/bin/env", "/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern",
             "/proc/sys/kernel/hostname", "/proc/sys/vm/overcommit_memory", "/proc/sys/kernel/modprobe",
             "/sys/kernel/uevent_helper", "/sys/fs/cgroup/release_agent", "/sys/fs/cgroup/memory/release_agent"):
    if os.path.exists(path):
        refused("write " + path, lambda: open(path, "r+"))
for entry in os.listdir("/run/cleanroom"):
    refused("unlink socket", lambda: os.unlink("/run/cleanroom/" + entry))
refused("rename socket folder", lambda: os.rename("/run/cleanroom", "/run/other"))

# 3 absences
OF_AN_IMAGE = ("/root", "/var/lib", "/mnt", "/boot", "/etc/shadow", "/etc/gshadow", "/etc/ssl/private", "/etc/environment",
               "/etc/subuid", "/proc/self/root/root")
for path in ("/var/run/docker.sock", "/run/docker.sock", "/run/containerd/containerd.sock", "/run/podman/podman.sock",
             "/run/dbus/system_bus_socket", "/run/systemd", "/dev/kvm", "/dev/mem", "/dev/kmsg", "/dev/port", "/dev/vda",
             "/dev/sda", "/dev/nvme0", "/dev/fuse", "/dev/net/tun", "/dev/loop0", "/dev/loop-control", "/dev/vsock", "/root",
             "/var/lib", "/work", "/mnt", "/boot", "/etc/shadow", "/etc/gshadow", "/etc/ssl/private", "/etc/sudoers",
             "/etc/environment", "/etc/subuid", "/etc/ssh", "/var/run/secrets", "/proc/self/root/root"):
    check("absent " + path, not os.path.lexists(path) or IMAGE and path in OF_AN_IMAGE)
ROOT = {"bin", "dev", "etc", "home", "lib", "lib32", "lib64", "libx32", "opt", "proc", "run", "sbin", "tmp", "usr", "var",
        "workspace"}
check("root directory", IMAGE or set(os.listdir("/")) <= ROOT, os.listdir("/"))
for path in ("/etc/shadow", "/etc/gshadow", "/root"):
    refused("read " + path, lambda: os.listdir(path) if os.path.isdir(path) else open(path).read())
for path in given("absent"):
    check("absent " + path, not os.path.lexists(path))
for name in (".aws", ".config/gcloud", ".azure", ".kube", ".docker", ".ssh", ".netrc", ".git-credentials", ".npmrc",
             ".m2/settings.xml"):
    check("absent ~/" + name, not os.path.lexists(os.path.expanduser("~/" + name)))
check("home", os.listdir("/home") == ["dev"], os.listdir("/home"))
for name in os.environ:
    check("environment " + name, not any(word in name for word in ("TOKEN", "SECRET", "PASSWORD", "API_KEY", "AWS_", "JDBC")))

# 4 unreadable or masked
for path in ("/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sched_debug", "/proc/kallsyms", "/proc/1/mem",
             "/proc/1/environ", "/proc/1/maps", "/sys/firmware/acpi/tables", "/sys/kernel/debug", "/proc/1/auxv"):
    if os.path.exists(path):
        def read():
            with open(path, "rb") as f:
                data = f.read(4096)
            if not data.strip(b"\0") or path == "/proc/keys" or path == "/proc/kallsyms" and not any(
                    int(line.split()[0], 16) for line in data.decode().splitlines()[:-1]):
                raise OSError("empty")
            return data[:40]
        if path == "/proc/kallsyms" or not path.startswith("/proc/1/") or RUNNER:
            refused("read " + path, read)
if RUNNER:
    refused("runner's descriptors", lambda: os.listdir("/proc/1/fd"))
    refused("runner's root", lambda: os.listdir("/proc/1/root"))
libc = ctypes.CDLL(None, use_errno=True)
if RUNNER:
    PTRACE_ATTACH = 16
    check("ptrace of the runner", libc.ptrace(PTRACE_ATTACH, 1, 0, 0) == -1)
check("dmesg", subprocess.call(["dmesg"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) != 0)

# 5 system calls
X86 = platform.machine() == "x86_64"
NUMBERS = {  # x86-64, aarch64
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "open_tree": (428, 428), "move_mount": (429, 429), "mount_setattr": (442, 442), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "reboot": (169, 142),
    "swapon": (167, 224), "swapoff": (168, 225), "settimeofday": (164, 170), "clock_settime": (227, 112),
    "acct": (163, 89), "syslog": (103, 116), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "ptrace": (101, 117), "pidfd_getfd": (438, 438), "sethostname": (170, 161), "setdomainname": (171, 162),
    "fanotify_init": (300, 262), "quotactl": (179, 60), "kcmp": (312, 272), "vhangup": (153, 58), "mbind": (237, 235),
}
for name, numbers in NUMBERS.items():
    ctypes.set_errno(0)
    result = libc.syscall(numbers[0 if X86 else 1], 0, 0, 0, 0, 0, 0)
    code = ctypes.get_errno()
    check("syscall " + name, result == -1 and code in (errno.EPERM, errno.ENOSYS), "%d %s" % (result, os.strerror(code)))
ctypes.set_errno(0)
result = libc.syscall(435, 0, 0)
check("clone3 is absent", result == -1 and ctypes.get_errno() == errno.ENOSYS, ctypes.get_errno())
for name, flag in (("NEWNS", 0x20000), ("NEWUSER", 0x10000000), ("NEWNET", 0x40000000), ("NEWPID", 0x20000000),
                   ("NEWCGROUP", 0x02000000), ("NEWUTS", 0x04000000), ("NEWIPC", 0x08000000)):
    ctypes.set_errno(0)
    result = libc.syscall(56 if X86 else 220, flag | 17, 0, 0, 0, 0)
    if result == 0:
        os._exit(0)
    check("clone " + name, result == -1 and ctypes.get_errno() == errno.EPERM, result)
refused("mknod", lambda: os.mknod("/tmp/probe-device", 0o600 | stat.S_IFBLK, os.makedev(254, 0)))
refused("mknod character", lambda: os.mknod("/tmp/probe-mem", 0o600 | stat.S_IFCHR, os.makedev(1, 1)))
for name, family, kind in (("vsock", 40, 1), ("alg", 38, 5), ("packet", 17, 3), ("raw", 2, 3), ("raw6", 10, 3), ("bluetooth", 31, 3),
                           ("can", 29, 3), ("tipc", 30, 1), ("xdp", 44, 3), ("key", 15, 3)):
    refused("socket " + name, lambda: socket.socket(family, kind, 0))
import fcntl, pty
master, slave = pty.openpty()
for name, request in (("TIOCSTI", 0x5412), ("TIOCLINUX", 0x541C)):
    refused("ioctl " + name, lambda: fcntl.ioctl(slave, request, b"x"))


def dies(action):
    child = os.fork()
    if child == 0:
        action()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


if X86:  # the two doors beside the 64-bit one
    check("x32", dies(lambda: libc.syscall(0x40000000 | 39)))
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # mov eax, 20 (getpid); int 0x80; ret
    check("int 0x80", dies(ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))))
for path in ("/proc/self/ns/user", "/proc/self/uid_map", "/proc/self/gid_map", "/proc/self/setgroups"):
    refused("write " + path, lambda: os.write(os.open(path, os.O_WRONLY), b"0 0 1\n"))

# 6 set-uid and file capabilities
for program in ("/usr/bin/su", "/usr/bin/sudo", "/usr/bin/mount", "/usr/bin/newuidmap", "/usr/bin/pkexec"):
    if os.path.exists(program):
        uid = os.stat(program).st_uid
        check("set-uid " + program, IMAGE or uid != 0, uid)  # root is not mapped: nobody owns it; else no-new-privs holds
with open("/tmp/probe-suid", "wb") as f:
    f.write(open("/usr/bin/id", "rb").read())
os.chmod("/tmp/probe-suid", 0o6755)
check("own set-uid", subprocess.run(["/tmp/probe-suid", "-u"], capture_output=True, text=True).stdout.strip() == "1000")
refused("own file capability", lambda: os.setxattr(
    "/tmp/probe-suid", "security.capability", struct.pack("<5I", 0x02000001, 0xFFFFFFFF, 0xFFFFFFFF, 0, 0)))
refused("setuid 0", lambda: os.setuid(0))
refused("chown to root", lambda: os.chown("/tmp/probe-suid", 0, 0))

# 7 processes
pids = [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]
check("few processes", len(pids) < 30, len(pids))
check("own parents only", os.getpid() < 1000, os.getpid())
for pid in pids:
    try:
        check("process %d" % pid, fields("/proc/%d/status" % pid)["Uid"].split()[0] == "1000")
    except FileNotFoundError:
        pass
check("no abstract sockets", "@" not in text("/proc/net/unix"), text("/proc/net/unix"))
command = text("/proc/1/cmdline") if RUNNER else ""
check("process 1 tells no host path", not any(part in command for part in ("/mnt", "/var/", "/tmp", "/root", "sandboxes", "caches")), command)
mounts = text("/proc/self/mountinfo")
check("mounts", "/etc/shadow" not in mounts)
for mount in mounts.splitlines():
    check("no set-uid by mount " + mount.split()[4], IMAGE or "nosuid" in mount.split()[5].split(","), mount)

# 8 network
interfaces = [name for _, name in socket.if_nameindex()]
check("loopback only", interfaces == ["lo"], interfaces)
check("no route", len(text("/proc/net/route").splitlines()) <= 1, text("/proc/net/route"))
refused("names", lambda: socket.getaddrinfo("example.com", 80))
def by_proxy(target):
    """The answer's status line; the proxy is the runner's, on this sandbox's own loopback."""
    with socket.create_connection(("127.0.0.1", 3128), timeout=20) as proxy:
        proxy.sendall(("CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (target, target)).encode())
        return proxy.makefile("rb").readline().decode("latin-1").strip()


for canary in given("canary"):
    host, port = canary.rsplit(":", 1)
    refused("connect " + canary, lambda: socket.create_connection((host.strip("[]"), int(port)), timeout=2))
    if RUNNER:
        for name in (host, "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0.0.0.0", "[::ffff:127.0.0.1]", "[::]",
                     "localhost", "LOCALHOST.", "user@" + host):
            answer = by_proxy(name + ":" + port)
            check("proxy to " + name, answer.split(" ")[1:2] in (["403"], ["400"]), answer)

# 9 what is planted in the workspace stays in the workspace; the test looks at it from outside
PLANTED = {"shadow": "/etc/shadow", "up": "../..", "memory": "/proc/self/mem", "socket": "/run/cleanroom/s"}
for name, target in PLANTED.items():
    if not os.path.lexists("/workspace/" + name):
        os.symlink(target, "/workspace/" + name)
for number, path in enumerate(given("absent")):
    os.symlink(path, "/workspace/host%d" % number)
    refused("planted link to the host", lambda: os.listdir("/workspace/host%d" % number))
refused("planted link", lambda: open("/workspace/shadow").read())
refused("hard link to the system", lambda: os.link("/usr/bin/env", "/workspace/hard"))
refused("hard link to the socket", lambda: os.link("/run/cleanroom/s", "/workspace/hard-socket"))
refused("device in the workspace", lambda: os.mknod("/workspace/device", 0o600 | stat.S_IFBLK, os.makedev(8, 0)))
refused("socket in the socket folder", lambda: socket.socket(socket.AF_UNIX).bind("/run/cleanroom/other"))
os.mkfifo("/workspace/fifo")
socket.socket(socket.AF_UNIX).bind("/workspace/listener")
for name in (b"-rf", b"new\nline", b"not-utf-8-\xff", b"sp ace'\"$(x)"):
    open(b"/workspace/" + name, "wb").close()
with open("/workspace/sparse", "wb") as f:
    f.truncate(10 << 40)
os.chdir("/workspace")
for _ in range(300):
    os.mkdir("deep")
    os.chdir("deep")

print(checks, "checks,", failures, "failures")
sys.exit(1 if failures else 0)
