package dev.cleanroom.sandbox;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The system calls that sandboxed code may not make, as a classic BPF program for {@code bwrap --seccomp}.
 *
 * <p>What is denied answers EPERM, so that programs fall back; {@code clone3} answers ENOSYS, so that libc uses {@code
 * clone}, whose flags can be read; a foreign architecture or the x32 numbers kill the process.
 */
final class SeccompFilter {
    /** Numbers of one kernel architecture, {@link #NONE} where it lacks the call. */
    enum Architecture {
        X86_64(0xC000003E, 0),
        AARCH64(0xC00000B7, 1);

        private final int audit; // AUDIT_ARCH_… of linux/audit.h
        private final int column;

        Architecture(int audit, int column) {
            this.audit = audit;
            this.column = column;
        }

        /** Of the machine that this runs on. */
        static Architecture current() {
            return switch (System.getProperty("os.arch")) {
                case "amd64", "x86_64" -> X86_64;
                case "aarch64", "arm64" -> AARCH64;
                case String other ->
                    throw new SandboxException("No system call filter for the processor " + other
                            + ": sandboxes run on x86-64 and aarch64 only");
            };
        }
    }

    private static final int NONE = -1;

    /** Name, number on x86-64, number on aarch64; from asm/unistd_64.h and asm-generic/unistd.h of Linux 6.1. */
    private static final Map<String, int[]> DENIED = Map.ofEntries(
            call("_sysctl", 156, NONE),
            call("acct", 163, 89),
            call("add_key", 248, 217),
            call("adjtimex", 159, 171),
            call("bpf", 321, 280),
            call("chroot", 161, 51),
            call("clock_adjtime", 305, 266),
            call("clock_settime", 227, 112),
            call("create_module", 174, NONE),
            call("delete_module", 176, 106),
            call("fanotify_init", 300, 262),
            call("finit_module", 313, 273),
            call("fsconfig", 431, 431),
            call("fsmount", 432, 432),
            call("fsopen", 430, 430),
            call("fspick", 433, 433),
            call("get_kernel_syms", 177, NONE),
            call("init_module", 175, 105),
            call("io_uring_enter", 426, 426),
            call("io_uring_register", 427, 427),
            call("io_uring_setup", 425, 425),
            call("ioperm", 173, NONE),
            call("iopl", 172, NONE),
            call("kcmp", 312, 272),
            call("kexec_file_load", 320, 294),
            call("kexec_load", 246, 104),
            call("keyctl", 250, 219),
            call("lookup_dcookie", 212, 18),
            call("mbind", 237, 235),
            call("migrate_pages", 256, 238),
            call("modify_ldt", 154, NONE),
            call("mount", 165, 40),
            call("mount_setattr", 442, 442),
            call("move_mount", 429, 429),
            call("move_pages", 279, 239),
            call("name_to_handle_at", 303, 264),
            call("nfsservctl", 180, 42),
            call("open_by_handle_at", 304, 265),
            call("open_tree", 428, 428),
            call("perf_event_open", 298, 241),
            call("pidfd_getfd", 438, 438),
            call("pivot_root", 155, 41),
            call("process_vm_readv", 310, 270),
            call("process_vm_writev", 311, 271),
            call("ptrace", 101, 117),
            call("query_module", 178, NONE),
            call("quotactl", 179, 60),
            call("quotactl_fd", 443, 443),
            call("reboot", 169, 142),
            call("request_key", 249, 218),
            call("set_mempolicy", 238, 237),
            call("set_mempolicy_home_node", 450, 450),
            call("setdomainname", 171, 162),
            call("sethostname", 170, 161),
            call("setns", 308, 268),
            call("settimeofday", 164, 170),
            call("swapoff", 168, 225),
            call("swapon", 167, 224),
            call("sysfs", 139, NONE),
            call("syslog", 103, 116),
            call("umount2", 166, 39),
            call("unshare", 272, 97),
            call("uselib", 134, NONE),
            call("userfaultfd", 323, 282),
            call("ustat", 136, NONE),
            call("vhangup", 153, 58));

    private static final int[] CLONE = {56, 220};
    private static final int[] CLONE3 = {435, 435};
    private static final int[] IOCTL = {16, 29};
    private static final int[] SOCKET = {41, 198};

    private static final int X32_BIT = 0x40000000; // numbers from here on are x86-64's x32 calls
    static final int NEW_NAMESPACES = 0x7E020000; // every CLONE_NEW… flag that clone takes
    static final List<Integer> TERMINAL_INJECTION = List.of(0x5412, 0x541C); // TIOCSTI, TIOCLINUX
    static final List<Integer> ADDRESS_FAMILIES = List.of(1, 2, 10, 16); // AF_UNIX, AF_INET, AF_INET6, AF_NETLINK

    // struct seccomp_data
    private static final int NUMBER = 0;
    private static final int ARCHITECTURE = 4;
    private static final int ARGUMENT_0 = 16;
    private static final int ARGUMENT_1 = 24;

    // linux/bpf_common.h: BPF_LD|BPF_W|BPF_ABS, BPF_JMP|BPF_JEQ|BPF_K, …
    private static final int LOAD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int JUMP_IF_GREATER_OR_EQUAL = 0x35;
    private static final int JUMP_IF_ANY_BIT = 0x45;
    private static final int RETURN = 0x06;

    private static final int ALLOW = 0x7FFF0000;
    private static final int KILL_PROCESS = 0x80000000;
    private static final int EPERM = 0x00050001;
    private static final int ENOSYS = 0x00050026;

    private record Instruction(int code, int whenTrue, int whenFalse, int operand) {}

    private final List<Instruction> program = new ArrayList<>();

    private SeccompFilter() {}

    /** Names of the calls that are denied whatever their arguments. */
    static Set<String> denied() {
        return DENIED.keySet();
    }

    /** The program as the kernel reads it: eight bytes an instruction, little-endian. */
    static byte[] program(Architecture architecture) {
        var filter = new SeccompFilter();
        filter.build(architecture);
        return filter.toBytes();
    }

    private void build(Architecture architecture) {
        int column = architecture.column;
        load(ARCHITECTURE);
        add(JUMP_IF_EQUAL, 1, 0, architecture.audit);
        answer(KILL_PROCESS);
        load(NUMBER);
        add(JUMP_IF_GREATER_OR_EQUAL, 0, 1, X32_BIT);
        answer(KILL_PROCESS);
        when(CLONE3[column], ENOSYS);
        DENIED.values().stream()
                .mapToInt(numbers -> numbers[column])
                .filter(number -> number != NONE)
                .sorted()
                .forEach(number -> when(number, EPERM));

        add(JUMP_IF_EQUAL, 0, 4, CLONE[column]);
        load(ARGUMENT_0);
        add(JUMP_IF_ANY_BIT, 0, 1, NEW_NAMESPACES);
        answer(EPERM);
        answer(ALLOW);

        add(JUMP_IF_EQUAL, 0, 2 * TERMINAL_INJECTION.size() + 2, IOCTL[column]);
        load(ARGUMENT_1);
        for (int request : TERMINAL_INJECTION) {
            when(request, EPERM);
        }
        answer(ALLOW);

        add(JUMP_IF_EQUAL, 0, 2 * ADDRESS_FAMILIES.size() + 2, SOCKET[column]);
        load(ARGUMENT_0);
        for (int family : ADDRESS_FAMILIES) {
            when(family, ALLOW);
        }
        answer(EPERM);
        answer(ALLOW);
    }

    private void when(int value, int answer) {
        add(JUMP_IF_EQUAL, 0, 1, value);
        answer(answer);
    }

    private void load(int offset) {
        add(LOAD, 0, 0, offset);
    }

    private void answer(int action) {
        add(RETURN, 0, 0, action);
    }

    private void add(int code, int whenTrue, int whenFalse, int operand) {
        program.add(new Instruction(code, whenTrue, whenFalse, operand));
    }

    private byte[] toBytes() {
        var bytes = ByteBuffer.allocate(8 * program.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (var instruction : program) {
            bytes.putShort((short) instruction.code())
                    .put((byte) instruction.whenTrue())
                    .put((byte) instruction.whenFalse())
                    .putInt(instruction.operand());
        }
        return bytes.array();
    }

    private static Map.Entry<String, int[]> call(String name, int x86, int aarch64) {
        return Map.entry(name, new int[] {x86, aarch64});
    }
}
