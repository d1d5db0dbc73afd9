package dev.cleanroom.agent;

import static dev.cleanroom.agent.Replies.bash;
import static dev.cleanroom.agent.Replies.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cleanroom.model.ModelClient.Message;
import dev.cleanroom.session.SessionEvent.ModeChanged;
import dev.cleanroom.session.SessionEvent.Rewound;
import dev.cleanroom.session.SessionEvent.TurnStarted;
import dev.cleanroom.session.SessionEvent.UsageRecorded;
import dev.cleanroom.session.SessionLog.Entry;
import dev.cleanroom.testing.LocalSandbox;
import dev.cleanroom.testing.TestPeople;
import dev.cleanroom.testing.TestProject;
import dev.cleanroom.tool.Toolbox;
import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the model is sent after the conversation was set back. */
@QuarkusTest
class RewoundTurnsTest {
    private LocalSandbox local;
    private TestRoom room;

    @BeforeEach
    void openRoom() throws Exception {
        var owner = TestPeople.administrator();
        local = LocalSandbox.start();
        room = new TestRoom(owner, TestProject.session(owner, TestProject.empty(owner)), local);
        room.model.mayForget();
        room.say(Entry.of(new ModeChanged("bypassPermissions")));
    }

    @AfterEach
    void closeRoom() throws Exception {
        local.close();
    }

    @Test
    void areAShorterPrefixByteForByteAndTheWholeOneAgainWhenItIsUndone() throws Exception {
        room.model
                .then(text("I look."), bash("echo one"))
                .then(text("One."))
                .then(text("Two."))
                .then(text("Other two."))
                .then(text("Three."));
        room.prompt("first");
        room.ended(1);
        room.prompt("second");
        room.ended(2);
        long rewound = rewind(sequenceOf(2) - 1, "commit");
        room.prompt("another second");
        room.ended(3);
        rewind(rewound - 1, "commit");
        room.prompt("third");
        room.ended(4);

        var requests = room.model.requests();
        var second = requests.get(2).conversation();
        var other = requests.get(3).conversation();
        var third = requests.get(4).conversation();
        assertThat(other.subList(0, other.size() - 1)).isEqualTo(second.subList(0, second.size() - 1));
        assertThat(texts(other.getLast())).containsExactly("another second");
        assertThat(third.subList(0, second.size())).isEqualTo(second);
        assertThat(texts(third.getLast())).containsExactly("third");
        var turns = room.events(TurnStarted.class);
        var tools = ModelStep.tools(Arc.container().instance(Toolbox.class).get());
        for (int turn = 1; turn < 4; turn++) {
            assertThat(SentRequest.of(
                                    room.events(),
                                    room.session,
                                    Optional.of(turns.get(turn).turnId()),
                                    1,
                                    tools)
                            .orElseThrow()
                            .conversation())
                    .isEqualTo(requests.get(turn + 1).conversation());
        }
        assertThat(room.events(UsageRecorded.class)).hasSize(5);
    }

    @Test
    void sayThatTheFilesStayedWhereOnlyTheConversationWasSetBack() throws Exception {
        room.model.then(text("One.")).then(text("Two."));
        room.prompt("first");
        room.ended(1);
        rewind(0, null);
        room.prompt("second");
        room.ended(2);

        var request = room.model.requests().getLast().conversation();
        assertThat(request).hasSize(1);
        assertThat(texts(request.getFirst())).containsExactly("second", TurnFold.FILES_STAYED);
    }

    /** @param commit null: the files stay @return sequence of the event */
    private long rewind(long to, String commit) {
        return room.log
                .append(
                        room.session,
                        room.person,
                        List.of(Entry.of(new Rewound(null, commit, commit == null ? null : "before", to, true))))
                .getFirst()
                .sequence();
    }

    /** Where the n-th turn started, from 1. */
    private long sequenceOf(int turn) {
        return room.events().stream()
                .filter(logged -> logged.event() instanceof TurnStarted)
                .toList()
                .get(turn - 1)
                .sequence();
    }

    private static List<String> texts(Message message) {
        return ((Message.User) message).texts();
    }
}
