package dev.cleanroom.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cleanroom.runner.wire.ProtocolException;
import org.junit.jupiter.api.Test;

class InboundTest {
    private final Inbound inbound = new Inbound(100);

    @Test
    void takesNoOffenceAtWhatWasOnItsWayWhenItWasCutOff() throws Exception {
        inbound.data(0, new byte[10]);

        inbound.cutOff();
        inbound.data(10, new byte[10]);
        inbound.end(20);

        assertThat(inbound.take())
                .hasValueSatisfying(piece -> assertThat(piece.bytes()).hasSize(10));
        assertThat(inbound.take()).isEmpty();
    }

    @Test
    void refusesBytesAfterTheEndThatTheRunnerSaid() throws Exception {
        inbound.data(0, new byte[10]);
        inbound.end(10);

        assertThatThrownBy(() -> inbound.data(10, new byte[1])).isInstanceOf(ProtocolException.class);
    }
}
