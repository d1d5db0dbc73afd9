import { expect, it } from "vitest";
import type { Entry } from "./conversation";
import { effective } from "./effective";
import type { Logged } from "./events";
import { apply, applyAll, replay } from "./fold";

const ANA = { kind: "person", id: "a", name: "Ana" } as const;
const AGENT = { kind: "agent" } as const;

/** Same numbers for the same seed (mulberry32). */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** A random session whose conversation is kept at every sequence, by copies. */
function story(seed: number, length: number): { log: Logged[]; said: string[][] } {
  const random = randomOf(seed);
  const log: Logged[] = [];
  const said: string[][] = [[]];
  const waiting: string[] = [];
  let turn: string | undefined;
  let step = 0;
  let names = 0;
  const add = (event: object, now: string[]) => {
    log.push({ sequence: log.length + 1, at: "2026-03-02T14:02:07Z", actor: AGENT, ...event } as Logged);
    said.push(now);
  };
  const now = () => said.at(-1) ?? [];
  while (log.length < length) {
    const what = random(turn === undefined ? 6 : 4);
    if (what === 0) {
      const promptId = `p${names++}`;
      waiting.push(promptId);
      add({ type: "prompt-submitted", actor: ANA, promptId, text: promptId }, now());
    } else if (what < 4 && turn === undefined) {
      const promptId = waiting.shift();
      if (promptId === undefined) continue;
      turn = `t${names++}`;
      step = 0;
      add({ type: "turn-started", turnId: turn, promptId, model: "m", mode: "default" }, [...now(), promptId]);
    } else if (what === 1 || what === 2) {
      const text = `said ${names++}`;
      step += 1;
      add({ type: "text-finished", turnId: turn, step, block: 0, text }, [...now(), text]);
    } else if (turn !== undefined) {
      add({ type: "turn-ended", turnId: turn, reason: "answered" }, now());
      turn = undefined;
    } else {
      const toSequence = random(log.length + 1);
      const to = said[toSequence] ?? [];
      add({ type: "rewound", actor: ANA, toSequence, conversation: true, commit: "a", previous: "b" }, to);
    }
  }
  return { log, said };
}

const wordsOf = (entries: readonly Entry[]) =>
  entries.flatMap((entry) => (entry.kind === "prompt" || entry.kind === "text" ? [entry.text] : []));

it("counts what copies of the conversation count, and shows the same however the log comes in", () => {
  for (let seed = 1; seed <= 25; seed += 1) {
    const { log, said } = story(seed, 40);
    const whole = replay(log);
    let stepwise = replay([]);
    for (const event of log) {
      stepwise = apply(stepwise, event);
      expect(wordsOf(stepwise.entries), `seed ${seed}, event ${event.sequence}`).toEqual(said[event.sequence]);
    }
    const half = applyAll(replay(log.slice(0, 20)), log.slice(20));
    for (const other of [stepwise, half]) {
      expect(other.entries).toEqual(whole.entries);
      expect(other.queue).toEqual(whole.queue);
    }
    expect(effective(log.slice(0, 1))).toEqual(log.slice(0, 1));
  }
});

const TURNS = [
  { actor: ANA, type: "prompt-submitted", promptId: "p1", text: "First" },
  { type: "turn-started", turnId: "t1", promptId: "p1", model: "m", mode: "default" },
  { step: 1, type: "tool-called", callId: "c1", tool: "Write", input: { file_path: "/workspace/a.ts", content: "a" } },
  {
    step: 1,
    type: "usage-recorded",
    inputTokens: 1,
    outputTokens: 1,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    costUsd: 1,
  },
  { step: 1, type: "tool-returned", callId: "c1", output: "ok", failed: false, durationMs: 5 },
  { type: "checkpoint-taken", commit: "k1", files: [{ path: "a.ts", kind: "added", added: 1, removed: 0 }] },
  { step: 2, type: "text-finished", turnId: "t1", block: 0, text: "Done." },
  { type: "turn-ended", turnId: "t1", reason: "answered" },
  { actor: ANA, type: "prompt-submitted", promptId: "p2", text: "Second" },
  { type: "turn-started", turnId: "t2", promptId: "p2", model: "m", mode: "default" },
  { step: 1, type: "text-finished", turnId: "t2", block: 0, text: "Again." },
  { type: "turn-ended", turnId: "t2", reason: "answered" },
  { actor: ANA, type: "prompt-submitted", promptId: "p3", text: "Third" },
];
const at = (events: object[]) =>
  events.map((event, index) => ({
    sequence: index + 1,
    at: "2026-03-02T14:02:07Z",
    actor: AGENT,
    ...event,
  })) as Logged[];

it("places a change behind a rewind there, however the log comes in, and the next behind the turn that follows", () => {
  const log = at([
    ...TURNS,
    { actor: ANA, type: "rewound", toSequence: 8, conversation: true, commit: "k1", previous: "k2" },
    { actor: ANA, type: "checkpoint-taken", commit: "k3", files: [] },
    { type: "turn-started", turnId: "t3", promptId: "p3", model: "m", mode: "default" },
    { actor: ANA, type: "checkpoint-taken", commit: "k4", files: [] },
  ]);

  for (const state of [replay(log), log.reduce(apply, replay([]))])
    expect(state.timeline.map(({ turn, rewind }) => rewind?.sequence ?? turn?.prompt)).toEqual(["First", 14, "Third"]);
});

it("folds what was rewound into one line with the way back, keeps what waits and what it cost", () => {
  const rewound = { actor: ANA, type: "rewound", toSequence: 8, conversation: true, commit: "k1", previous: "k2" };
  const state = replay(at([...TURNS, rewound]));

  expect(state.entries.map(({ kind }) => kind)).toEqual(["prompt", "call", "text", "end", "seam"]);
  expect(state.entries.at(-1)).toMatchObject({
    text: "Rewound by Ana: step 1",
    detail: "Ana: Second\nAgain.",
    undo: { toSequence: 13, files: true, conversation: true },
  });
  expect(state.queue.map(({ id }) => id)).toEqual(["p3"]);
  expect(state.costUsd).toBe(1);
  expect(state.timeline).toMatchObject([{ commit: "k1", step: 1, call: { tool: "Write" } }]);

  const back = { actor: ANA, type: "rewound", toSequence: 13, conversation: true };
  const again = apply(state, at([...TURNS, rewound, back]).at(-1) as Logged);
  expect(again.entries.map(({ kind }) => kind)).toEqual([
    "prompt",
    "call",
    "text",
    "end",
    "prompt",
    "text",
    "end",
    "seam",
  ]);
  expect(again.entries.at(-1)).toMatchObject({ text: "Ana brought back step 1; the files stayed", isBack: true });
});

it("tells to and fro once, with the way back of the newest", () => {
  const rewind = (toSequence: number) => ({ actor: ANA, type: "rewound", toSequence, conversation: true });
  const state = replay(at([...TURNS, rewind(8), rewind(13), rewind(14)]));

  expect(state.entries.filter(({ kind }) => kind === "seam")).toMatchObject([
    { text: "Rewound by Ana: step 1; the files stayed", undo: { toSequence: 15 } },
  ]);
});

it("says in a fork where it comes from, and keeps no title of that", () => {
  const named = { actor: ANA, type: "session-renamed", title: "Upload" };
  const state = replay(at([...TURNS, named, { actor: ANA, type: "forked", fromSession: "s1", fromSequence: 15 }]));

  expect(state.entries.at(-1)).toMatchObject({ text: "Forked from “Upload” at this point", session: "s1" });
  expect(state.title).toBeUndefined();
});

it("lets nothing run where a turn was cut in its midst", () => {
  const rewound = { actor: ANA, type: "rewound", toSequence: 4, conversation: true, commit: "k0", previous: "k2" };
  const state = replay(at([...TURNS.slice(0, 8), rewound]));

  expect(state.turn?.ended).toMatchObject({ reason: "interrupted", by: ANA });
  expect(state.entries.find(({ kind }) => kind === "call")).toMatchObject({ result: { stopped: true } });
});

it("names the call whose change a checkpoint has", () => {
  const state = replay(at(TURNS));

  expect(state.entries.find(({ kind }) => kind === "call")).toMatchObject({ commit: "k1" });
});
