// A conversation with every kind of entry, and the screens that show it.
import { deflateSync } from "node:zlib";
import { PROJECT, SESSION } from "./server.mjs";

export const path = `/p/${PROJECT}/s/${SESSION}`;
export const ANA = { kind: "person", id: "01970000-0000-7000-8000-0000000000a1", name: "Ana Ruiz" };
export const JONAS = { kind: "person", id: "01970000-0000-7000-8000-0000000000a2", name: "Jonas Weber" };
const AGENT = { kind: "agent" };
const START = Date.parse("2026-03-02T14:02:00Z");
/** A picture of 72 × 72 px with two halves, as base64 of a PNG. */
export const PIXEL = picture(72);

function picture(size) {
  const rows = Buffer.concat(
    Array.from({ length: size }, (_, y) =>
      Buffer.concat([Buffer.from([0]), Buffer.alloc(size, y < size / 2 ? 90 : 200)]),
    ),
  );
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head[8] = 8; // bits of grey
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]).toString("base64");
}

function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}

/** A log that is written like a story: each method appends what the server would. */
export class Story {
  events = [];
  turn = 0;
  step = 0;
  calls = 0;

  add(type, actor, fields = {}, seconds = 2) {
    const sequence = this.events.length + 1;
    const before = this.events.at(-1)?.at;
    const at = new Date((before ? Date.parse(before) : START) + seconds * 1000).toISOString();
    this.events.push({ sequence, at, actor, type, ...fields });
    return this;
  }

  get turnId() {
    return `01970000-0000-7000-8000-0000000001${String(this.turn).padStart(2, "0")}`;
  }

  submit(actor, text, more = {}) {
    this.prompts = (this.prompts ?? 0) + 1;
    const promptId = `01970000-0000-7000-8000-0000000002${String(this.prompts).padStart(2, "0")}`;
    return this.add("prompt-submitted", actor, { promptId, text, deliver: "queue", ...more });
  }

  start() {
    this.turn += 1;
    this.step = 0;
    const waiting = this.events.filter(({ type }) => type === "prompt-submitted")[this.turn - 1];
    return this.add("turn-started", AGENT, {
      turnId: this.turnId,
      promptId: waiting.promptId,
      model: "anthropic/claude-opus-5-5",
      mode: "default",
    });
  }

  next() {
    this.step += 1;
    this.block = 0;
    return this;
  }

  say(text, type = "text-finished") {
    return this.add(type, AGENT, { step: this.step, turnId: this.turnId, block: this.block++, text });
  }

  call(tool, input, result) {
    this.calls += 1;
    const callId = `01970000-0000-7000-8000-0000000003${String(this.calls).padStart(2, "0")}`;
    this.add("tool-called", AGENT, { step: this.step, callId, tool, input });
    if (result !== undefined)
      this.add("tool-returned", AGENT, {
        step: this.step,
        callId,
        failed: false,
        durationMs: 340,
        ...(typeof result === "string" ? { output: result } : result),
      });
    return this;
  }

  used(tokens, costUsd) {
    return this.add("usage-recorded", AGENT, {
      step: this.step,
      inputTokens: tokens,
      outputTokens: 300,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      costUsd,
    });
  }

  end(reason = "answered", more = {}) {
    return this.add("turn-ended", AGENT, { turnId: this.turnId, reason, ...more });
  }
}

const OLD = `export async function deliver(delivery: Delivery, store: Store) {
  const response = await request(delivery.url);
  return store.fail(delivery, attempt);
}
`;
const NEW = `export async function deliver(delivery: Delivery, store: Store) {
  const response = await request(delivery.url, { method: "POST" });
  const final = !RETRYABLE.has(response.statusCode);
  if (final) return store.fail(delivery, attempt);
  return store.retryAt(delivery, attempt, Date.now() + 1_000);
}
`;
const LONG_FILE = Array.from({ length: 54 }, (_, n) => `export const retry${n} = () => backoff(${n}); // attempt`).join(
  "\n",
);
const TESTS = [
  "\u001b[32m✓\u001b[0m test/queue.test.ts \u001b[2m(9 tests)\u001b[0m \u001b[33m301 ms\u001b[0m",
  "\u001b[31m✗ honours Retry-After as a date\u001b[0m",
  "  AssertionError: expected \u001b[32m30000\u001b[0m, got \u001b[31m-412\u001b[0m",
  "    at test/deliver.test.ts:\u001b[36m97\u001b[0m:31",
  "1 of 26 failed",
].join("\n");

/** One turn with every card, answered; what follows it waits in the queue. */
export function everyCard() {
  const story = new Story();
  story
    .submit(
      ANA,
      "The list in @src/queue.ts:40–58 jumps when a delivery ends, see the picture.\n\nKeep `settle()` private.",
      {
        attachments: [{ name: "queue-jump.png", mediaType: "image/png", data: PIXEL }],
      },
    )
    .start()
    .next()
    .say("The queue pops before the store has written. Check whether a crash in between loses it.", "thinking-finished")
    .call("Read", { file_path: "/workspace/src/queue.ts", offset: 1, limit: 120 }, "1\tx")
    .call("Read", { file_path: "/workspace/src/store.ts" }, "1\tx")
    .call("Glob", { pattern: "test/**/*.test.ts" }, "test/queue.test.ts\ntest/deliver.test.ts")
    .call("Bash", { command: "git status --short" }, { output: " M src/queue.ts\n", exitCode: 0 })
    .next()
    .say(
      "The worker removes a delivery before its result is stored, so a crash in between loses it. Two parts:\n\n1. Store first.\n2. Remove after.\n\n```ts\nconst result = await deliver(next);\nawait this.store.settle(next, result);\n```",
    )
    .next()
    .call(
      "Grep",
      { pattern: "retryAt\\(", path: "src", output_mode: "content" },
      "src/queue.ts:44:    await this.store.retryAt(d, attempt);\nsrc/queue.ts-45-    return;\nsrc/store.ts:21:  async retryAt(delivery: Delivery) {",
    )
    .next()
    .call("Edit", { file_path: "src/deliver.ts", old_string: OLD, new_string: NEW }, "src/deliver.ts was changed.")
    .next()
    .call("Write", { file_path: "src/retries.ts", content: LONG_FILE }, "src/retries.ts was written.")
    .next()
    .call(
      "Edit",
      { file_path: "src/queue.ts", old_string: "a", new_string: "b" },
      {
        output: "src/queue.ts has no text that matches old_string.",
        failed: true,
      },
    )
    .next()
    .call("Bash", { command: "npm test" }, { output: TESTS, failed: false, exitCode: 1, durationMs: 19_600 })
    .next()
    .call("Bash", { command: "npm run build" }, { output: "built in 3.1 s\n", exitCode: 0, durationMs: 3_100 })
    .call(
      "TodoWrite",
      {
        todos: [
          { content: "Find where deliveries fail", status: "completed", activeForm: "Finding" },
          { content: "Use backoff in deliver()", status: "completed", activeForm: "Using" },
          {
            content: "Test retry, cap and Retry-After",
            status: "in_progress",
            activeForm: "Testing retry, cap and Retry-After",
          },
          { content: "Describe it in the README", status: "pending", activeForm: "Describing" },
        ],
      },
      "ok",
    )
    .used(62_000, 0.22)
    .next()
    .say("A delivery is now stored before it leaves the queue. One test still fails: it expects a date.")
    .end();
  return story;
}

export const BREAKDOWN = {
  used: 62_300,
  limit: 200_000,
  cost: 0.22,
  breakdown: [
    { part: "system", tokens: 3_100 },
    { part: "tools", tokens: 5_400 },
    { part: "instructions", tokens: 1_900 },
    { part: "prompts", tokens: 700 },
    { part: "replies", tokens: 9_200 },
    { part: "results", tokens: 42_000 },
  ],
};

export const REQUEST = {
  model: "anthropic/claude-opus-5-5",
  system: "You work in the project ferry on the branch main.",
  tools: [
    { name: "Bash", tokens: 900 },
    { name: "Read", tokens: 300 },
  ],
  messages: [
    { role: "user", parts: [{ kind: "text", text: "The list jumps when a delivery ends.", tokens: 12 }] },
    { role: "assistant", parts: [{ kind: "tool-call", text: '{"command":"npm test"}', tokens: 20 }] },
  ],
  tokens: 62_300,
};

/** What the addresses of this capability answer. */
export const answers = {
  [`GET /api/v1/sessions/${SESSION}/files/paths`]: {
    paths: ["README.md", "docs/my notes.md", "src/deliver.ts", "src/queue.ts", "src/store.ts", "test/queue.test.ts"],
    truncated: false,
  },
  [`GET /api/v1/sessions/${SESSION}/commands`]: [
    { name: "review", description: "Review the changes of this session", argumentHint: "[area]", source: "project" },
    { name: "release-notes", description: "Write release notes", source: "project" },
  ],
  [`GET /api/v1/sessions/${SESSION}/context`]: BREAKDOWN,
  [`GET /api/v1/sessions/${SESSION}/steps/9/request`]: REQUEST,
};

const waiting = () => {
  const story = everyCard().submit(ANA, "Then make the failing test read a date").start().next();
  story.call("Bash", { command: "npm test -- --watch=false" });
  return story.submit(JONAS, "Then add a line about retries to the README").submit(ANA, "Bump the version to 0.5.0");
};

const live = (shown, text) =>
  shown.send({
    type: "delta",
    delta: { callId: shown.running, stream: "stdout", offset: 0, text },
  });

export const conversationScreens = {
  cards: { path, log: everyCard().events, overrides: answers },
  cardsTop: {
    path: `${path}#event-1`,
    log: everyCard().events,
    overrides: answers,
    act: (page) => page.getByRole("button", { name: /Read 2 files, searched once/ }).click(),
  },
  cardsMiddle: { path: `${path}#event-22`, log: everyCard().events, overrides: answers },
  running: {
    path,
    log: waiting().events,
    overrides: answers,
    act: async (page, shown) => {
      shown.running = waiting().events.findLast(({ type }) => type === "tool-called").callId;
      live(shown, Array.from({ length: 9 }, (_, n) => `\u001b[32m✓\u001b[0m test/part-${n}.test.ts`).join("\n"));
      await page.getByText("test/part-8.test.ts").waitFor();
    },
  },
  mention: {
    path,
    log: everyCard().events,
    overrides: answers,
    act: async (page) => {
      await page.getByRole("textbox", { name: "Prompt" }).pressSequentially("Look at @q");
      await page.getByRole("option").first().waitFor();
    },
  },
  context: {
    path,
    log: everyCard().events,
    overrides: answers,
    act: async (page) => {
      await page.getByRole("button", { name: /^Context 31 %/ }).click();
      await page.getByText("Tool results").waitFor();
    },
  },
  sentRequest: {
    path,
    log: everyCard().events,
    overrides: answers,
    act: async (page) => {
      await page.getByRole("button", { name: /^Context 31 %/ }).click();
      await page.getByRole("button", { name: "See what was sent" }).click();
      await page.getByText("2 messages").waitFor();
    },
  },
  find: {
    path,
    log: everyCard().events,
    overrides: answers,
    act: async (page) => {
      await page.getByRole("log").focus();
      await page.keyboard.press("Control+f");
      await page.keyboard.type("deliver");
    },
  },
  failedTurn: {
    path,
    log: everyCard()
      .submit(ANA, "Again, with the date")
      .start()
      .add("turn-ended", AGENT, {
        turnId: "01970000-0000-7000-8000-000000000102",
        reason: "model-failed",
        problem: {
          type: "model.overloaded",
          detail: "Anthropic said 529, overloaded, five times in 2 m 10 s. Nothing was lost.",
        },
      })
      .add("rewound", ANA, {
        promptId: "01970000-0000-7000-8000-000000000201",
        commit: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
        previous: "5c825dc642cb6eb9a060e54bf8d69288fbee4905",
      }).events,
    overrides: answers,
  },
  attached: {
    path,
    log: everyCard().events,
    overrides: answers,
    act: async (page) => {
      await page.getByLabel("Images and text files").setInputFiles([
        { name: "queue.png", mimeType: "image/png", buffer: Buffer.from(PIXEL, "base64") },
        { name: "notes.md", mimeType: "text/markdown", buffer: Buffer.from("# Notes\n\nOne\n") },
      ]);
      await page.getByText("+3 lines", { exact: true }).waitFor();
    },
  },
};
