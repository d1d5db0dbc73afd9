import { expect, it } from "vitest";
import { newsOf } from "./Announcer";
import { EMPTY } from "./conversation";
import type { Logged } from "./events";
import { applyAll, replay } from "./fold";
import { rowOfEvent, rowOfStep, rowsOf, withLive } from "./rows";
import { asMarkdown, searchable } from "./transcript";

const ANA = { kind: "person", id: "a", name: "Ana" } as const;
const AGENT = { kind: "agent" } as const;

/** One answered turn: a search, a failed test run, a sentence. */
const TURN = [
  { actor: ANA, type: "prompt-submitted", promptId: "p1", text: "Test it\nplease" },
  { actor: AGENT, type: "turn-started", turnId: "t1", promptId: "p1", model: "m", mode: "default" },
  { actor: AGENT, step: 1, type: "tool-called", callId: "c1", tool: "Glob", input: { pattern: "**/*.ts" } },
  { actor: AGENT, step: 1, type: "tool-returned", callId: "c1", output: "a.ts", failed: false, durationMs: 5 },
  { actor: AGENT, step: 2, type: "tool-called", callId: "c2", tool: "Bash", input: { command: "npm test" } },
  {
    actor: AGENT,
    step: 2,
    type: "tool-returned",
    callId: "c2",
    output: "```\nbroken",
    failed: false,
    durationMs: 5,
    exitCode: 1,
  },
  { actor: AGENT, step: 3, type: "text-finished", turnId: "t1", block: 0, text: "It **fails**. The date is wrong." },
  { actor: AGENT, type: "turn-ended", turnId: "t1", reason: "answered" },
].map((event, index) => ({ sequence: index + 1, at: "2026-03-02T14:02:07Z", ...event })) as Logged[];

it("names each row's turn and event, so that a link leads to it", () => {
  const rows = rowsOf(replay(TURN));

  expect(rows.map(({ kind, step, turnId, sequence }) => [kind, step, turnId, sequence])).toEqual([
    ["prompt", undefined, "t1", 1],
    ["quiet", 1, "t1", 3],
    ["call", 2, "t1", 5],
    ["text", 3, "t1", 7],
    ["end", undefined, "t1", 8],
  ]);
  expect(rowOfEvent(rows, 6)?.kind).toBe("call");
  expect(rowOfStep(rows, 3)?.kind).toBe("text");
});

it("knows a call that a person stopped from one that failed", () => {
  const interrupt = { type: "interrupt-requested", turnId: "t1", actor: ANA };
  const ended = {
    type: "tool-returned",
    callId: "c2",
    output: "…",
    failed: true,
    durationMs: 5,
    actor: AGENT,
    step: 2,
  };
  const resultAfter = (...events: object[]) => {
    const all = [...TURN.slice(0, 5), ...events];
    const state = replay(all.map((event, index) => ({ ...TURN[0], ...event, sequence: index + 1 }) as Logged));
    return state.entries.findLast((entry) => entry.kind === "call")?.result;
  };

  expect(resultAfter(interrupt, ended)).toMatchObject({ failed: true, stopped: true });
  expect(resultAfter(ended)).not.toHaveProperty("stopped");
  expect(resultAfter(interrupt, { ...ended, exitCode: 1 })).not.toHaveProperty("stopped");
});

it("leaves rows of facts as they are while text streams below them", () => {
  const rows = rowsOf(replay(TURN.slice(0, 6)));

  const all = withLive(rows, [{ id: "b", step: 3, kind: "text", since: 0, length: 0 } as never], "t1");

  expect(all.slice(0, -1).every((row, index) => row === rows[index])).toBe(true);
  expect(all.at(-1)).toMatchObject({ kind: "live", step: 3 });
});

it("tells that files were restored, and keeps the way back", () => {
  const rewound = { type: "rewound", promptId: "p1", commit: "4b82", previous: "5c82" };
  const state = replay([...TURN, { sequence: 9, at: "2026-03-02T14:03:00Z", actor: ANA, ...rewound } as Logged]);

  expect(state.entries.at(-1)).toMatchObject({
    kind: "seam",
    text: "Ana restored the files to before “Test it”",
    previous: "5c82",
  });
  expect(state.changes).toBe(1);
});

it("writes a conversation as Markdown, output in a fence that it cannot close", () => {
  const hour = new Date("2026-03-02T14:02:07Z").toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

  expect(asMarkdown(rowsOf(replay(TURN)))).toBe(
    `## Ana, ${hour}\n\nTest it\nplease\n\n*Searched **/*.ts*\n\n\`\`\`\`console\n$ npm test\n\`\`\`\nbroken\n\`\`\`\`\n\n*exit 1*\n\nIt **fails**. The date is wrong.\n\n*Answered*\n`,
  );
});

it("finds what is folded away, too", () => {
  const found = rowsOf(replay(TURN)).filter((row) => searchable(row).includes("broken"));

  expect(found.map((row) => row.kind)).toEqual(["call"]);
});

it("announces facts once: what failed, and the answer's first sentence", () => {
  const running = replay(TURN.slice(0, 6));
  const done = applyAll(running, TURN);

  expect(newsOf(running, 0)).toEqual({ fact: "npm test failed, exit 1" });
  expect(newsOf(running, 6)).toEqual({});
  expect(newsOf(done, 6)).toEqual({ fact: "Answered: It fails." });
  expect(newsOf(EMPTY, 0)).toEqual({});
});

it("gives a clock only to calls that run: those that look run side by side, others when those before them have returned", () => {
  const called = (callId: string, tool: string) => ({ step: 1, type: "tool-called", callId, tool, input: {} });
  const returned = (callId: string) => ({
    ...{ step: 1, type: "tool-returned", callId, output: "", failed: false, durationMs: 5 },
  });
  const all = [
    ...TURN.slice(0, 2),
    ...[called("r1", "Read"), called("r2", "Read"), called("b1", "Bash"), called("r3", "Read"), called("b2", "Bash")],
    { step: 1, type: "approval-requested", callId: "b1", tool: "Bash", input: {}, why: "", rules: [] },
    ...[returned("r1"), returned("r2")],
    { step: 1, type: "approval-given", callId: "b1", decision: "allow" },
    ...[returned("b1"), returned("r3")],
  ].map((event, index) => ({
    ...{ actor: AGENT, at: `2026-03-02T14:02:${index + 10}Z`, ...event, sequence: index + 1 },
  })) as Logged[];
  const clocks = (length: number) =>
    replay(all.slice(0, length)).entries.flatMap((entry) =>
      entry.kind !== "call" || entry.result || entry.asking || entry.waits ? [] : [`${entry.id} ${entry.at.slice(-3)}`],
    );

  expect(clocks(7)).toEqual(["r1 12Z", "r2 13Z"]);
  expect(clocks(10)).toEqual([]);
  expect(clocks(11)).toEqual(["b1 20Z"]);
  expect(clocks(12)).toEqual(["r3 21Z"]);
  expect(clocks(13)).toEqual(["b2 22Z"]);
});
