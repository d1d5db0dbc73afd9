package dev.cleanroom.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.sandbox.SeccompFilter.Architecture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Runs the program as the kernel does. What it does to a real process is in the wall's probes. */
class SeccompFilterTest {
    private static final int ALLOW = 0x7FFF0000;
    private static final int EPERM = 0x00050001;
    private static final int ENOSYS = 0x00050026;
    private static final int KILL = 0x80000000;
    private static final int X86_64 = 0xC000003E;
    private static final int AARCH64 = 0xC00000B7;

    @Test
    void allowsOrdinaryCalls() {
        assertThat(x86(0)).isEqualTo(ALLOW); // read
        assertThat(x86(59)).isEqualTo(ALLOW); // execve
        assertThat(x86(57)).isEqualTo(ALLOW); // fork
        assertThat(aarch64(63)).isEqualTo(ALLOW); // read
    }

    @Test
    void deniesTheListOnBothArchitectures() {
        assertThat(x86(272)).isEqualTo(EPERM); // unshare
        assertThat(x86(165)).isEqualTo(EPERM); // mount
        assertThat(x86(101)).isEqualTo(EPERM); // ptrace
        assertThat(x86(438)).isEqualTo(EPERM); // pidfd_getfd
        assertThat(aarch64(97)).isEqualTo(EPERM); // unshare
        assertThat(aarch64(40)).isEqualTo(EPERM); // mount
        assertThat(aarch64(425)).isEqualTo(EPERM); // io_uring_setup
    }

    @Test
    void killsAForeignArchitectureAndX32() {
        assertThat(run(Architecture.X86_64, 0, AARCH64, 0, 0)).isEqualTo(KILL);
        assertThat(run(Architecture.X86_64, 0, 0x40000003, 0, 0)).isEqualTo(KILL); // i386
        assertThat(x86(0x40000000)).isEqualTo(KILL);
        assertThat(x86(0x400001ff)).isEqualTo(KILL);
    }

    @Test
    void letsCloneMakeThreadsButNoNamespaces() {
        assertThat(run(Architecture.X86_64, 56, X86_64, 0x3D0F00, 0)).isEqualTo(ALLOW); // pthread_create's flags
        assertThat(run(Architecture.X86_64, 56, X86_64, 0x10000011, 0)).isEqualTo(EPERM);
        assertThat(run(Architecture.AARCH64, 220, AARCH64, 0x00020011, 0)).isEqualTo(EPERM);
        assertThat(x86(435)).isEqualTo(ENOSYS); // clone3: its flags cannot be read
    }

    @Test
    void letsOrdinaryTerminalsAndSocketsThrough() {
        assertThat(run(Architecture.X86_64, 16, X86_64, 0, 0x5413)).isEqualTo(ALLOW); // TIOCGWINSZ
        assertThat(run(Architecture.X86_64, 16, X86_64, 0, 0x5412)).isEqualTo(EPERM); // TIOCSTI
        assertThat(run(Architecture.X86_64, 16, X86_64, 0, 0x541C)).isEqualTo(EPERM); // TIOCLINUX
        for (int family : new int[] {1, 2, 10, 16}) {
            assertThat(run(Architecture.X86_64, 41, X86_64, family, 0)).isEqualTo(ALLOW);
        }
        for (int family : new int[] {0, 3, 17, 38, 40, 44}) {
            assertThat(run(Architecture.X86_64, 41, X86_64, family, 0)).isEqualTo(EPERM);
            assertThat(run(Architecture.AARCH64, 198, AARCH64, family, 0)).isEqualTo(EPERM);
        }
    }

    private static int x86(int number) {
        return run(Architecture.X86_64, number, X86_64, 0, 0);
    }

    private static int aarch64(int number) {
        return run(Architecture.AARCH64, number, AARCH64, 0, 0);
    }

    /** Classic BPF over struct seccomp_data: load, three jumps, return. */
    private static int run(Architecture filter, int number, int architecture, int first, int second) {
        var program = ByteBuffer.wrap(SeccompFilter.program(filter)).order(ByteOrder.LITTLE_ENDIAN);
        var data = ByteBuffer.allocate(64)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, number)
                .putInt(4, architecture)
                .putInt(16, first)
                .putInt(24, second);
        int accumulator = 0;
        for (int at = 0; ; at++) {
            int code = program.getShort(8 * at);
            int whenTrue = program.get(8 * at + 2) & 0xff;
            int whenFalse = program.get(8 * at + 3) & 0xff;
            int operand = program.getInt(8 * at + 4);
            switch (code) {
                case 0x20 -> accumulator = data.getInt(operand);
                case 0x15 -> at += accumulator == operand ? whenTrue : whenFalse;
                case 0x35 -> at += Integer.compareUnsigned(accumulator, operand) >= 0 ? whenTrue : whenFalse;
                case 0x45 -> at += (accumulator & operand) != 0 ? whenTrue : whenFalse;
                case 0x06 -> {
                    return operand;
                }
                default -> throw new AssertionError("instruction " + code);
            }
        }
    }
}
