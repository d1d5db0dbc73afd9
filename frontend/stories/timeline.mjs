// A session with a past: changes by the agent and by people, and a part that was rewound.
import { ANA, JONAS, answers as known, path, Story } from "./conversation.mjs";
import { SESSION } from "./server.mjs";

export { path };

const AGENT = { kind: "agent" };
const SERVER = { kind: "system" };
const at = (rest) => `/api/v1/sessions/${SESSION}${rest}`;
const file = (name, kind, added, removed) => ({ path: name, kind, added, removed });
const commit = (n) => String(n).padStart(40, "c");

/** Two turns and edits by hand between them. */
export function pastStory() {
  return new Story()
    .submit(ANA, "Use backoff in @src/deliver.ts")
    .start()
    .next()
    .call(
      "Write",
      { file_path: "src/backoff.ts", content: "export const backoff = 1;\n" },
      "src/backoff.ts was written.",
    )
    .add("checkpoint-taken", AGENT, { commit: commit(1), files: [file("src/backoff.ts", "added", 1, 0)] })
    .next()
    .call(
      "Edit",
      { file_path: "src/deliver.ts", old_string: "fail()", new_string: "retry()" },
      "src/deliver.ts was changed.",
    )
    .add("checkpoint-taken", AGENT, { commit: commit(2), files: [file("src/deliver.ts", "modified", 4, 2)] })
    .next()
    .say("Deliveries back off now.")
    .used(20_000, 0.1)
    .end()
    .add("checkpoint-taken", JONAS, {
      commit: commit(3),
      files: [file("README.md", "modified", 1, 1), file("docs/retries.md", "added", 12, 0)],
    })
    .submit(ANA, "Run the formatter")
    .start()
    .next()
    .call("Bash", { command: "npm run format -- --write" }, { output: "formatted 14 files\n", exitCode: 0 })
    .add("checkpoint-taken", AGENT, {
      commit: commit(4),
      files: [file("src/queue.ts", "modified", 40, 38), file("src/server.ts", "modified", 7, 7)],
    })
    .next()
    .say("Formatted.")
    .used(21_000, 0.02)
    .end();
}

/** Its second turn was rewound. */
export function rewoundStory() {
  const story = pastStory();
  const begun = story.events.findLast(({ type }) => type === "turn-started").sequence;
  return story.add("rewound", JONAS, {
    toSequence: begun - 1,
    conversation: true,
    commit: commit(3),
    previous: commit(4),
  });
}

export const CONFLICT = {
  path: "src/deliver.ts",
  base: "one\nretry()\nthree\n",
  ours: "one\nretryTwice()\nthree\n",
  theirs: "one\nfail()\nthree\n",
  now: "0".repeat(40),
};

export const answers = {
  ...known,
  [`GET ${at("/rewind")}`]: {
    toSequence: 13,
    commit: commit(3),
    files: [
      { ...file("docs/retries.md", "deleted", 0, 12), binary: false, editedBy: ["Jonas Weber"] },
      { ...file("src/queue.ts", "modified", 38, 40), binary: false, editedBy: [] },
      { ...file("src/server.ts", "modified", 7, 7), binary: false, editedBy: [] },
    ],
    cut: { prompts: [{ promptId: "p2", text: "Run the formatter" }], steps: 2 },
    waiting: 1,
    running: false,
  },
  [`POST ${at("/rewind")}`]: { sequence: 30, toSequence: 13, previous: commit(4), files: [{}, {}, {}], waiting: 0 },
  [`POST ${at("/fork")}`]: { id: "33333333-3333-4333-8333-333333333333", sequence: 13 },
  [`GET ${at(`/checkpoints/${commit(2)}/diff`)}`]: {
    files: [
      {
        ...file("src/deliver.ts", "modified", 1, 1),
        binary: false,
        patch:
          "diff --git a/src/deliver.ts b/src/deliver.ts\n--- a/src/deliver.ts\n+++ b/src/deliver.ts\n@@ -1,3 +1,3 @@\n one\n-fail()\n+retry()\n three\n",
      },
    ],
  },
  [`POST ${at(`/checkpoints/${commit(2)}/undo`)}`]: { done: false, files: [], conflicts: [CONFLICT] },
  [`POST ${at(`/checkpoints/${commit(1)}/undo`)}`]: {
    done: true,
    previous: commit(5),
    files: [{ path: "src/backoff.ts", kind: "deleted" }],
    conflicts: [],
  },
};

/** Its sandbox is lost behind the second turn; one file was in no checkpoint. */
function lostStory() {
  const story = pastStory();
  story.events.find(({ commit: id }) => id === commit(3)).leftOut = [{ path: "data/queue.bin", bytes: 120_000_000 }];
  return story.add("sandbox-lost", SERVER);
}

const refused = {
  problem: { type: "sandbox.unavailable", status: 503, detail: "The sandbox could not be reached. Try again." },
};
const log = pastStory().events;
const openTimeline = async (page) => {
  await page.getByRole("button", { name: "Conversation" }).first().click();
  await page.getByRole("menuitem", { name: "Timeline" }).click();
  await page.getByRole("region", { name: "Timeline" }).waitFor();
};
const menu = async (page, row, item) => {
  await page.locator(".moment", { hasText: row }).getByRole("button", { name: "What to do" }).click();
  await page.getByRole("menuitem", { name: item }).click();
};

export const timelineScreens = {
  timeline: {
    path,
    log,
    overrides: answers,
    act: async (page) => {
      await openTimeline(page);
      await page.locator(".moment-row", { hasText: "src/deliver.ts" }).click();
      await page.locator(".step-diff").waitFor();
    },
  },
  timelineEmpty: {
    path,
    log: log.slice(0, 2),
    overrides: answers,
    act: openTimeline,
  },
  rewind: {
    path,
    log,
    overrides: answers,
    act: async (page) => {
      await openTimeline(page);
      await menu(page, "README.md", /Rewind to here/);
      await page.getByText("3 files go back to how they were").waitFor();
    },
  },
  undoStep: {
    path,
    log,
    overrides: answers,
    act: async (page) => {
      await openTimeline(page);
      await menu(page, "src/deliver.ts", "Undo this step");
      await page.getByRole("dialog").getByText("src/deliver.ts").waitFor();
    },
  },
  undoMerge: {
    path,
    log,
    overrides: answers,
    act: async (page) => {
      await timelineScreens.undoStep.act(page);
      await page.getByRole("dialog").getByRole("button", { name: "Merge" }).click();
      await page.getByRole("button", { name: "Take this part" }).first().waitFor();
    },
  },
  rewindRefused: {
    path,
    log,
    overrides: { ...answers, [`POST ${at("/rewind")}`]: refused },
    act: async (page) => {
      await timelineScreens.rewind.act(page);
      await page.getByRole("dialog").getByRole("button", { name: "Rewind", exact: true }).click();
      await page.getByText("Nothing was set back.").waitFor();
    },
  },
  timelineFailed: {
    path,
    log,
    overrides: { ...answers, [`GET ${at(`/checkpoints/${commit(2)}/diff`)}`]: refused },
    act: async (page) => {
      await openTimeline(page);
      await page.locator(".moment-row", { hasText: "src/deliver.ts" }).click();
      await page.getByText("This change could not be read").waitFor();
    },
  },
  sandboxLost: { path, log: lostStory().events, overrides: answers },
  sandboxBack: {
    path,
    log: lostStory().add("sandbox-restored", SERVER, {
      checkpoint: commit(2),
      checkpointSequence: 11,
      checkpointAt: "2026-03-02T14:02:30Z",
    }).events,
    overrides: answers,
    act: async (page) => {
      await page.getByRole("button", { name: /^The sandbox was lost and rebuilt/ }).click();
      await page.getByRole("button", { name: /in no checkpoint/ }).click();
    },
  },
  rewound: {
    path,
    log: rewoundStory().events,
    overrides: answers,
    act: (page) => page.getByRole("button", { name: /Rewound by Jonas Weber/ }).click(),
  },
};
