package dev.cleanroom.runner.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.runner.wire.Frame.Type;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * One frame of each type as version 1 of the protocol has it on the wire: a runner that an earlier server started still
 * speaks so. Each frame's id is its place in the file, of {@code OPEN} the negative.
 */
class GoldenFramesTest {
    private static final Path FILE = Path.of("src/test/resources/golden/runner-frames-1.bin");
    private static final UUID ID = UUID.fromString("01970000-0000-7000-8000-000000000301");

    @Test
    void readsTheFieldsOfEveryType() throws IOException {
        var read = new ArrayList<String>();
        var frames = new FrameReader(Channels.newChannel(new ByteArrayInputStream(Files.readAllBytes(FILE))));

        for (var frame = frames.read(); frame.isPresent(); frame = frames.read()) {
            int place = read.size();
            assertThat(frame.get().id()).isEqualTo(frame.get().type() == Type.OPEN ? -place : place);
            read.add(frame.get().type() + " "
                    + told(frame.get().type(), frame.get().fields()));
        }

        assertThat(read)
                .containsExactly(
                        "DIAL 1 1 " + ID + " 16 true",
                        "HELLO 1 7 16 false 32",
                        "WELCOME 1 32 1.0",
                        "REFUSED The key is another one",
                        "REQUEST " + ID + " 0 42",
                        "ANSWER " + ID + " content",
                        "REFUSAL " + ID + " 0 no such file ü",
                        "DATA 65536 bytes",
                        "ACK 65541",
                        "END 65541",
                        "RESET gone",
                        "GAP 100 1099511627776",
                        "EXIT " + ID + " 137 true 120000",
                        "CHANGES " + ID + " false 0 src/a.ts 1 odd\uFFFDname",
                        "OPEN tcp example.org:443",
                        "PING 42",
                        "PONG 42",
                        "PORTS 3000 node");
        assertThat(read).hasSameSizeAs(Type.values());
    }

    @Test
    void writesTheSameBytes() throws IOException {
        byte[] golden = Files.readAllBytes(FILE);
        var frames = new FrameReader(Channels.newChannel(new ByteArrayInputStream(golden)));
        var written = new ByteArrayOutputStream();
        var writer = new FrameWriter(Channels.newChannel(written));

        for (var frame = frames.read(); frame.isPresent(); frame = frames.read()) {
            writer.write(frame.get());
        }
        writer.flush();

        assertThat(written.toByteArray()).isEqualTo(golden);
    }

    private static String told(Type type, Fields fields) throws ProtocolException {
        var told = switch (type) {
            case DIAL -> List.of(fields.u16(), fields.u16(), fields.id(), fields.bytes().length, fields.flag());
            case HELLO ->
                List.of(fields.u16(), fields.u64(), fields.bytes().length, fields.flag(), fields.bytes().length);
            case WELCOME -> List.of(fields.u16(), fields.bytes().length, fields.text());
            case REFUSED, RESET -> List.of(fields.text());
            case REQUEST -> List.of(fields.id(), fields.u8(), fields.u8());
            case ANSWER -> List.of(fields.id(), new String(fields.rest()));
            case REFUSAL -> List.of(fields.id(), fields.u8(), fields.text());
            case DATA -> List.of(fields.u64(), new String(fields.rest()));
            case ACK, END, PING, PONG -> List.of(fields.u64());
            case GAP -> List.of(fields.u64(), fields.u64());
            case EXIT -> List.of(fields.id(), fields.i32(), fields.flag(), fields.u64());
            case CHANGES -> changes(fields);
            case OPEN -> List.of(fields.text(), fields.text());
            case PORTS -> ports(fields);
        };
        assertThat(fields.remaining())
                .as(type + " has nothing after its fields")
                .isZero();
        return String.join(" ", told.stream().map(Object::toString).toList());
    }

    private static List<Object> changes(Fields fields) throws ProtocolException {
        var told = new ArrayList<Object>(List.of(fields.id(), fields.flag()));
        for (int left = fields.u32(10); left > 0; left--) {
            told.add(fields.u8());
            told.add(fields.text());
        }
        return told;
    }

    private static List<Object> ports(Fields fields) throws ProtocolException {
        var told = new ArrayList<Object>();
        for (int left = fields.u32(Frame.MAX_PORTS); left > 0; left--) {
            told.add(fields.u16());
            told.add(fields.text());
        }
        return told;
    }
}
