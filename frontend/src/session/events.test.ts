import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { type Conversation, EMPTY, isBusy } from "./conversation";
import type { Delta, Logged } from "./events";
import { apply, applyAll, replay } from "./fold";
import { Live } from "./live";
import { rowsOf } from "./rows";

// The same file is read by SessionEventWireTest.java; change both sides or neither.
const read = <T>(name: string): T =>
  JSON.parse(readFileSync(resolve(import.meta.dirname, `../../../src/test/resources/wire/${name}.json`), "utf8"));
const log = read<Logged[]>("session-events");
const until = (type: Logged["type"], nth = 1): Logged[] => {
  const at = log.map((event, index) => ({ event, index })).filter(({ event }) => event.type === type)[nth - 1];
  if (at === undefined) throw new Error(`the fixture has no ${type}`);
  return log.slice(0, at.index + 1);
};

it("folds event by event to the same as a replay", () => {
  const one = log.reduce(apply, EMPTY);

  expect(one).toEqual(replay(log));
});

it("folds an event that comes twice once", () => {
  const once = replay(log);

  expect(applyAll(once, log.slice(-5))).toBe(once);
});

it("never alters a state that was handed out", () => {
  const before = replay(until("approval-requested"));
  const copy = structuredClone(before);

  applyAll(before, log);

  expect(before).toEqual(copy);
});

it("skips an event of a newer server but keeps its place", () => {
  const state = replay(until("turn-started"));
  const unknown = { ...log[2], sequence: state.sequence + 1, type: "comet-seen" } as unknown as Logged;

  const after = apply(state, unknown);

  expect(after.sequence).toBe(state.sequence + 1);
  expect(after.entries).toEqual(state.entries);
});

it("puts a prompt into the talk when its turn starts and keeps the next ones in the queue", () => {
  const state = replay(until("prompt-changed"));

  expect(state.entries[0]).toMatchObject({ kind: "prompt", how: "sent", actor: { name: "Ana" } });
  expect(state.queue).toMatchObject([{ text: "Then add a line about retries to README.md", actor: { name: "Jonas" } }]);
});

it("takes a withdrawn prompt out of the queue", () => {
  const state = replay(until("prompt-changed", 2));

  expect(state.queue.map((prompt) => prompt.text)).toEqual(["Then add a line about retries to README.md"]);
});

it("asks until the answer is in the log and says whose it was", () => {
  const asking = replay(until("approval-requested"));
  const answered = replay(until("approval-given"));

  expect(asking.approvals.map((approval) => approval.tool)).toEqual(["Edit"]);
  expect(answered.approvals).toEqual([]);
  expect(answered.answered?.answer).toMatchObject({ actor: { name: "Ana" }, decision: "allow" });
});

it("does not tell that the first prompt named the session, whatever was chosen before", () => {
  const actor = { kind: "person", id: "a", name: "Ana" } as const;
  const at = "2026-03-02T14:00:00Z";
  const state = replay([
    { sequence: 1, at, actor, type: "model-changed", model: "tour/guide" },
    { sequence: 2, at, actor, type: "session-renamed", title: "Say hello" },
  ]);

  expect(state.title).toBe("Say hello");
  expect(state.entries).toMatchObject([{ about: "model" }]);
});

it("sums what the turn cost, and begins anew in a fork", () => {
  expect(
    replay(
      log.slice(
        0,
        log.findIndex(({ type }) => type === "forked"),
      ),
    ),
  ).toMatchObject({ costUsd: 0.0213, contextTokens: 4780 });
});

it("ends the turn with its reason and who stopped it", () => {
  const state = replay(until("turn-ended"));

  expect(isBusy(state)).toBe(false);
  expect(state.turn?.ended).toMatchObject({ reason: "interrupted", by: { name: "Jonas" } });
  expect(state.entries.findLast(({ kind }) => kind === "end")).toMatchObject({ reason: "interrupted" });
});

it("says that a steering prompt was read when a reply comes whose request held it, and shows it before that reply", () => {
  const state = replay(until("checkpoint-taken"));
  const steer = { ...log[0], type: "prompt-submitted", promptId: "p-steer", text: "Eight attempts", deliver: "steer" };
  const sent = apply(state, { ...steer, sequence: state.sequence + 1 } as Logged);
  const reply = (step: number, from: Conversation, seen: number, text: string) => {
    const next = { at: "2026-03-02T14:10:00Z", actor: { kind: "agent" }, step } as const;
    const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, seen };
    return applyAll(from, [
      { ...next, sequence: from.sequence + 1, type: "text-finished", turnId: from.turn?.id ?? "", block: 0, text },
      { ...next, sequence: from.sequence + 2, type: "usage-recorded", ...usage },
    ]);
  };

  const streamedMeanwhile = reply(3, sent, sent.sequence - 1, "Three.");
  const readIt = reply(4, streamedMeanwhile, sent.sequence, "Eight.");

  for (const state of [sent, streamedMeanwhile]) expect(state.queue.map((prompt) => prompt.id)).toContain("p-steer");
  expect(readIt.queue.map((prompt) => prompt.id)).not.toContain("p-steer");
  expect(readIt.entries.slice(-3)).toMatchObject([
    { kind: "text", text: "Three." },
    { kind: "prompt", how: "steered", readAt: 4 },
    { kind: "text", text: "Eight." },
  ]);
});

it("groups quiet calls that stand next to each other and numbers each step once", () => {
  const rows = rowsOf(replay(log));

  expect(rows.find((row) => row.kind === "quiet")).toMatchObject({ calls: [{ tool: "Read" }, { tool: "Grep" }] });
  expect(rows.flatMap((row) => row.step ?? [])).toEqual([1, 2, 3, 4]);
});

it("shows what streams: a higher attempt discards the lower, an offset replaces", () => {
  const live = new Live();
  for (const delta of read<Delta[]>("session-deltas")) live.delta(delta);

  expect(live.blocks().map((block) => [block.kind, block.markdown.text])).toEqual([
    ["thinking", "The queue pops before"],
    ["text", "`deliver()` gives up on the **first"],
  ]);
  expect([...live.outputs().values()][0]?.pieces).toEqual([
    { stream: "stdout", text: "> ferry@0.4.0 test\n" },
    { stream: "stderr", text: "warning: slow\n" },
    { stream: "stdout", text: "✓ queue.test.ts\n" },
  ]);
});

it("lets the fact take the place of what streamed", () => {
  const live = new Live();
  for (const delta of read<Delta[]>("session-deltas")) live.delta(delta);

  for (const event of log) live.event(event);

  expect(live.blocks()).toEqual([]);
  expect(live.outputs().size).toBe(0);
});

it("says once of each file that no checkpoint has it", () => {
  const state = { ...replay(until("checkpoint-taken")), entries: [], leftOut: [] };
  const taken = (sequence: number, ...paths: string[]) =>
    ({
      sequence,
      at: "2026-03-02T14:10:00Z",
      actor: { kind: "agent" },
      type: "checkpoint-taken",
      commit: "c",
      files: [],
      leftOut: paths.map((path) => ({ path, bytes: 120_000_000 })),
    }) as Logged;

  const one = apply(state, taken(state.sequence + 1, "a.bin"));
  const same = apply(one, taken(one.sequence + 1, "a.bin"));
  const two = apply(same, taken(same.sequence + 1, "a.bin", "b.bin"));

  const said = two.entries.filter((entry) => entry.kind === "seam" && entry.about === "sandbox");
  expect(said).toMatchObject([{ detail: "a.bin (120.0 MB)" }, { detail: "b.bin (120.0 MB)" }]);
  expect(two.leftOut).toHaveLength(2);
});

it("names the calls whose effects a restored sandbox may have lost", () => {
  const state = replay(until("turn-ended"));
  const lost = apply(state, {
    sequence: state.sequence + 1,
    at: "2026-03-02T14:09:58Z",
    actor: { kind: "system" },
    type: "sandbox-lost",
  } as Logged);
  const all = (from: number) =>
    apply(lost, {
      sequence: lost.sequence + 1,
      at: "2026-03-02T14:10:00Z",
      actor: { kind: "system" },
      type: "sandbox-restored",
      checkpoint: "4b825dc642cb",
      checkpointSequence: from,
      checkpointAt: "2026-03-02T14:09:57Z",
    } as Logged).entries;
  const restored = (from: number) => all(from).at(-1);

  expect(restored(state.sequence)).toMatchObject({
    text: expect.stringMatching(/files of .*:57/),
    detail: expect.not.stringContaining("may be gone"),
  });
  expect(restored(0)).toMatchObject({ kind: "seam", detail: expect.stringContaining("Edit src/deliver.ts") });
  expect(lost.entries.at(-1)).toMatchObject({ kind: "seam", text: "The sandbox was lost" });
  expect(
    all(0).filter((entry) => entry.kind === "seam" && entry.about === "sandbox" && entry.sequence > state.sequence),
  ).toHaveLength(1);
});

it("takes what a new line tells from its beginning, whatever attempt it counts", () => {
  const live = new Live();
  const delta = { turnId: "t", step: 1, block: 0, kind: "text", offset: 0 } as const;
  live.delta({ ...delta, attempt: 2, text: "of the server before" });
  live.delta({ ...delta, attempt: 1, text: "late" });
  expect(live.blocks().map((block) => block.markdown.text)).toEqual(["of the server before"]);

  live.reopened();
  live.delta({ ...delta, attempt: 1, text: "of the server now" });

  expect(live.blocks().map((block) => block.markdown.text)).toEqual(["of the server now"]);
});
