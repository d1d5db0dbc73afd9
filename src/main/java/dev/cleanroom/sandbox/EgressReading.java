package dev.cleanroom.sandbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cleanroom.problem.ProblemException;
import dev.cleanroom.problem.ProblemException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Answers "what could have left?". */
@ApplicationScoped
class EgressReading {
    private static final int DEFAULT_PAGE = 100;
    private static final int MAX_PAGE = 1_000;
    private static final int MAX_HOSTS = 500; // nobody reads more; a filter shows the others
    private static final int MAX_CSV = 250_000; // rows; more than one project keeps
    private static final Set<String> VERDICTS = Set.of(EgressLedger.ALLOWED, EgressLedger.GIT, "refused");

    /** Whose turn ran: a person or guest, by the name at that time. */
    record PersonView(UUID id, String name) {}

    /** The command that it came from: the sandbox's word, which nothing proves. */
    record CauseView(String kind, UUID id) {}

    /**
     * @param verdict {@code allowed}, {@code git} (this server's own repositories) or {@code refused}
     * @param times connections alike that this stands for; more than one only where refused
     * @param bytesUp from the sandbox
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ConnectionView(
            String id,
            Instant at,
            UUID project,
            UUID session,
            PersonView turnOf,
            CauseView asSandboxSays,
            String host,
            int port,
            String verdict,
            String reason,
            int times,
            long bytesUp,
            long bytesDown) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ConnectionPage(List<ConnectionView> items, String next) {}

    /** @param keptDays after which a connection leaves the ledger */
    record Totals(List<EgressStore.HostTotal> items, boolean more, long keptDays) {}

    private final EgressStore store;

    EgressReading(EgressStore store) {
        this.store = store;
    }

    /** @throws ProblemException {@code egress.filter} */
    static EgressStore.Filter filter(
            UUID project, String host, String verdict, String session, String from, String to) {
        String wanted = blankToNull(verdict);
        if (wanted != null && !VERDICTS.contains(wanted)) {
            throw wrong("\"verdict\" is allowed, git or refused.");
        }
        return new EgressStore.Filter(
                project,
                host == null || host.isBlank() ? null : host.strip().toLowerCase(Locale.ROOT),
                wanted,
                id(blankToNull(session)),
                moment(blankToNull(from)),
                moment(blankToNull(to)));
    }

    private static String blankToNull(String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static UUID id(String text) {
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException malformed) {
            throw wrong("\"session\" and \"project\" are ids, as other answers have them.");
        }
    }

    static UUID project(String text) {
        return id(blankToNull(text));
    }

    private static Instant moment(String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException malformed) {
            throw wrong("\"from\" and \"to\" are times such as 2026-03-02T14:00:00Z.");
        }
    }

    private static ProblemException wrong(String why) {
        return new ProblemException(Kind.INVALID, "egress.filter", why);
    }

    /** @param cursor an earlier answer's {@code next}, or null */
    ConnectionPage page(EgressStore.Filter filter, String cursor, Integer limit) {
        int size = limit == null ? DEFAULT_PAGE : Math.clamp(limit, 1, MAX_PAGE);
        var rows = store.page(filter, before(cursor), size + 1);
        var items = rows.stream().limit(size).map(EgressReading::view).toList();
        return new ConnectionPage(items, rows.size() > size ? items.getLast().id() : null);
    }

    private static long before(String cursor) {
        try {
            return cursor == null ? Long.MAX_VALUE : Long.parseLong(cursor);
        } catch (NumberFormatException malformed) {
            throw wrong("\"cursor\" takes what an earlier answer's \"next\" said.");
        }
    }

    Totals totals(EgressStore.Filter filter) {
        var totals = store.totals(filter, MAX_HOSTS + 1);
        return new Totals(
                totals.stream().limit(MAX_HOSTS).toList(), totals.size() > MAX_HOSTS, EgressStore.KEPT.toDays());
    }

    /** The newest first, as RFC 4180 has it; read a page at a time while it is sent. */
    StreamingOutput csv(EgressStore.Filter filter) {
        return output -> {
            var writer = new OutputStreamWriter(output, StandardCharsets.UTF_8);
            line(
                    writer,
                    Stream.of(
                            "at",
                            "project",
                            "session",
                            "turn of",
                            "as the sandbox says",
                            "host",
                            "port",
                            "verdict",
                            "reason",
                            "times",
                            "bytes up",
                            "bytes down"));
            long before = Long.MAX_VALUE;
            for (int written = 0; written < MAX_CSV; written += MAX_PAGE) {
                var rows = store.page(filter, before, MAX_PAGE);
                for (var row : rows) {
                    line(
                            writer,
                            Stream.of(
                                    row.at(),
                                    row.project(),
                                    row.session(),
                                    row.author().map(TurnAuthors.Author::name).orElse(""),
                                    row.cause().map(Object::toString).orElse(""),
                                    row.host(),
                                    row.port(),
                                    row.verdict(),
                                    row.reason() == null ? "" : row.reason(),
                                    row.times(),
                                    row.up(),
                                    row.down()));
                }
                if (rows.size() < MAX_PAGE) {
                    break;
                }
                before = rows.getLast().id();
            }
            writer.flush();
        };
    }

    private static void line(Writer writer, Stream<?> cells) throws java.io.IOException {
        writer.write(cells.map(cell -> cell(cell.toString())).collect(Collectors.joining(",")));
        writer.write("\r\n");
    }

    /** What a spreadsheet would take for a formula becomes text. */
    private static String cell(String text) {
        String safe = text.matches("(?s)[=+\\-@\t\r].*") ? "'" + text : text;
        return safe.matches("[^\",\r\n]*") ? safe : "\"" + safe.replace("\"", "\"\"") + "\"";
    }

    private static ConnectionView view(EgressStore.Row row) {
        return new ConnectionView(
                Long.toString(row.id()),
                row.at(),
                row.project(),
                row.session(),
                row.author()
                        .map(author -> new PersonView(author.id(), author.name()))
                        .orElse(null),
                row.cause()
                        .map(cause -> new CauseView(cause.kind().name(), cause.id()))
                        .orElse(null),
                row.host(),
                row.port(),
                row.verdict(),
                row.reason(),
                row.times(),
                row.up(),
                row.down());
    }
}
