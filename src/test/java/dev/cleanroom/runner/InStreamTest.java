package dev.cleanroom.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class InStreamTest {
    private final InStream stream = new InStream();
    private final MemorySegment buffer = Arena.ofAuto().allocate(100);

    @Test
    void isNotUpsetByAResetBetweenTheWriteAndItsNote() throws Exception {
        stream.offer(0, new byte[] {1, 2, 3});
        int written = stream.peek(buffer);

        stream.reset();
        stream.taken(written);

        assertThat(stream.wantsToWrite()).isFalse();
        stream.offer(3, new byte[50]);
        assertThat(stream.wantsToWrite()).isFalse();
        assertThat(stream.received()).isEqualTo(53);
    }
}
