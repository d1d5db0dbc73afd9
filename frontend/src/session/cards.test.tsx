import { fireEvent, render, screen } from "@testing-library/react";
import type { ReactElement } from "react";
import { beforeEach, expect, it, vi } from "vitest";
import { Call } from "./Call";
import type { CallEntry, PromptEntry, SeamEntry, TextEntry } from "./conversation";
import { Seam, Thought } from "./entries";
import { LogTools } from "./logTools";
import { Prompt } from "./Prompt";
import { Quiet } from "./Quiet";

beforeEach(() => sessionStorage.clear());

const tools: LogTools = {
  density: "normal",
  people: ["a"],
  mayAnswer: true,
  onOpen: vi.fn(),
  onRestore: vi.fn(),
  travel: { rewind: vi.fn(), goBack: vi.fn(), undoStep: vi.fn(), fork: vi.fn() },
  onSession: vi.fn(),
  onWrite: vi.fn(),
  onRequest: vi.fn(),
  fullOutput: async () => "the whole output",
  onCopy: vi.fn(),
  answerOf: () => "",
};
const show = (card: ReactElement, more: Partial<LogTools> = {}) => {
  const tree = (given: ReactElement) => <LogTools value={{ ...tools, ...more }}>{given}</LogTools>;
  const shown = render(tree(card));
  return { ...shown, change: (next: ReactElement) => shown.rerender(tree(next)) };
};

let calls = 0;
const call = (tool: string, input: CallEntry["input"], output?: string, more: object = {}): CallEntry => {
  calls += 1;
  const base: CallEntry = {
    kind: "call",
    id: `call-${calls}`,
    at: "2026-03-02T14:02:07Z",
    step: 1,
    tool,
    input,
    asking: false,
    sequence: calls,
  };
  if (output === undefined) return base;
  return { ...base, result: { output, failed: false, durationMs: 31, sequence: calls + 1, ...more } };
};
const prompt = (text: string): PromptEntry => ({
  kind: "prompt",
  id: "p1",
  at: "2026-03-02T14:02:01Z",
  actor: { kind: "person", id: "a", name: "Ana" },
  text,
  attachments: [],
  how: "sent",
  sequence: 1,
});

it("shows a clock on a command that runs, and none on one that waits for others", () => {
  const command = { ...call("Bash", { command: "npm test" }), at: "2026-03-02T14:02:07Z" };
  const now = Date.parse(command.at) + 6_000;
  const { change } = show(<Call call={command} live={undefined} now={now} />);
  expect(screen.getByText("0:06")).toBeTruthy();

  change(<Call call={{ ...command, waits: true }} live={undefined} now={now} />);

  expect(screen.getByText("waiting")).toBeTruthy();
  expect(screen.queryByText("0:06")).toBeNull();
});

it("opens the place that a prompt mentions", () => {
  show(<Prompt entry={prompt("See @src/queue.ts:40–58, **now**.")} />);

  fireEvent.click(screen.getByRole("button", { name: "src/queue.ts:40–58" }));

  expect(tools.onOpen).toHaveBeenCalledWith("src/queue.ts", 40, 58);
  expect(screen.getByText("now").tagName).toBe("STRONG");
});

it("sends a prompt again from a fork, and rewinds to before it", () => {
  show(<Prompt entry={{ ...prompt("Once more"), begun: 3 }} />);

  fireEvent.click(screen.getByRole("button", { name: "Edit and send again, in a fork" }));
  fireEvent.click(screen.getByRole("button", { name: "Rewind to before this prompt" }));

  const again = { text: "Once more", images: [] };
  expect(tools.travel?.fork).toHaveBeenCalledWith(2, again);
  expect(tools.travel?.rewind).toHaveBeenCalledWith(2, "Rewind to before this prompt", again);
});

it("puts a prompt back into the composer of those who may not fork, and offers nothing to those who watch", () => {
  const { change } = show(<Prompt entry={prompt("Once more")} />, { travel: undefined });

  fireEvent.click(screen.getByRole("button", { name: "Edit and send again" }));

  expect(tools.onWrite).toHaveBeenCalledWith("Once more", []);
  change(<Prompt entry={prompt("Twice")} />);
  expect(screen.queryByRole("button", { name: /Rewind/ })).toBeNull();
});

it("brings back what a rewind cut off, and undoes the step of a card", () => {
  const undo = { toSequence: 8, files: true, conversation: true };
  const entry: SeamEntry = {
    kind: "seam",
    id: "seam/9",
    at: "2026-03-02T14:02:01Z",
    about: "rewound",
    text: "Rewound by Ana: step 2",
    detail: "Ana: twice",
    undo,
    sequence: 9,
  };
  show(<Seam entry={entry} />);
  expect(screen.queryByText("Ana: twice")).toBeNull();

  fireEvent.click(screen.getByRole("button", { name: /Rewound by Ana/ }));
  fireEvent.click(screen.getByRole("button", { name: "Restore" }));

  expect(screen.getByText("Ana: twice")).toBeTruthy();
  expect(tools.travel?.goBack).toHaveBeenCalledWith(undo);
  const edit = call("Edit", { file_path: "a.ts", old_string: "a", new_string: "b" }, "ok");
  show(<Call call={{ ...edit, commit: "4b82" }} live={undefined} now={0} />);
  fireEvent.click(screen.getByRole("button", { name: "Undo this step in a.ts" }));
  expect(tools.travel?.undoStep).toHaveBeenCalledWith("4b82");
});

it("folds a long prompt and unfolds it", () => {
  show(<Prompt entry={prompt(Array.from({ length: 60 }, (_, n) => `line ${n}`).join("\n"))} />);
  expect(screen.queryByText(/line 59/)).toBeNull();

  fireEvent.click(screen.getByRole("button", { name: "48 more lines" }));

  expect(screen.getByText(/line 59/)).toBeTruthy();
});

it("undoes a restore from its line", () => {
  const entry: SeamEntry = {
    kind: "seam",
    id: "seam/9",
    at: "2026-03-02T14:02:01Z",
    about: "rewound",
    text: "Ana restored the files",
    previous: "5c82",
    sequence: 9,
  };
  show(<Seam entry={entry} />);

  fireEvent.click(screen.getByRole("button", { name: "Undo" }));

  expect(tools.onRestore).toHaveBeenCalledWith({ commit: "5c82" });
});

it("opens what a search found at its line, and marks the words", () => {
  const grep = call(
    "Grep",
    { pattern: "retryAt\\(", path: "src", output_mode: "content" },
    "src/a.ts:44:  x.retryAt(d);",
  );
  show(<Quiet calls={[grep]} />);
  fireEvent.click(screen.getByRole("button", { name: /Searched retryAt\\\( in src.*1 match/ }));

  fireEvent.click(screen.getByRole("button", { name: /^44/ }));

  expect(screen.getByText("retryAt(").tagName).toBe("MARK");
  expect(tools.onOpen).toHaveBeenCalledWith("src/a.ts", 44);
});

it("shows 20 lines of a search, then all", () => {
  const output = Array.from({ length: 30 }, (_, n) => `src/a.ts:${n + 1}:x`).join("\n");
  show(<Quiet calls={[call("Grep", { pattern: "x", output_mode: "content" }, output)]} />);
  fireEvent.click(screen.getByRole("button", { name: /Searched/ }));
  expect(screen.queryByRole("button", { name: /^30/ })).toBeNull();

  fireEvent.click(screen.getByRole("button", { name: "All 30" }));

  expect(screen.getByRole("button", { name: /^30/ })).toBeTruthy();
});

it("opens a file at the range that was read", () => {
  const reads = [
    call("Read", { file_path: "src/q.ts", offset: 10, limit: 5 }, "x"),
    call("Read", { file_path: "b.ts" }, "x"),
  ];
  show(<Quiet calls={reads} />);
  fireEvent.click(screen.getByRole("button", { name: /Read 2 files/ }));

  fireEvent.click(screen.getByRole("button", { name: /src\/q\.ts/ }));

  expect(tools.onOpen).toHaveBeenCalledWith("src/q.ts", 10, 14);
});

it("shows a long change's first lines and the rest on demand, also after its row came back", () => {
  const write = call(
    "Write",
    { file_path: "a.ts", content: Array.from({ length: 54 }, (_, n) => `x${n}`).join("\n") },
    "ok",
  );
  const shown = show(<Call call={write} live={undefined} now={0} />);
  expect(screen.queryByText("x53")).toBeNull();

  fireEvent.click(screen.getByRole("button", { name: "46 more lines" }));
  shown.unmount();
  show(<Call call={write} live={undefined} now={0} />);

  expect(screen.getByText("x53")).toBeTruthy();
});

it("says a change and a command in words", () => {
  show(
    <Call
      call={call("Edit", { file_path: "a.ts", old_string: "a\n", new_string: "b\nc\n" }, "ok")}
      live={undefined}
      now={0}
    />,
  );
  const bad = { exitCode: 1, durationMs: 20_000 };
  show(<Call call={call("Bash", { command: "npm test" }, "1 failed", bad)} live={undefined} now={0} />);

  expect(screen.getByRole("article", { name: "edit, a.ts, 2 added, 1 removed" })).toBeTruthy();
  expect(screen.getByRole("article", { name: "command npm test, exit 1 after 20.0 s" })).toBeTruthy();
});

it("says how long the model thought, where the log tells it", () => {
  const thought: TextEntry = { kind: "thinking", id: "t", at: "", step: 1, text: "Check first.", sequence: 1 };
  show(<Thought entry={{ ...thought, durationMs: 6_200 }} />);
  show(<Thought entry={thought} />);

  expect(screen.getByRole("button", { name: "Thought for 6.2 s Check first." })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Thought Check first." })).toBeTruthy();
});

it("says of what a person stopped that it was stopped, not that it failed", () => {
  const stopped = { failed: true, stopped: true };
  show(<Call call={call("Bash", { command: "npm test" }, "…", stopped)} live={undefined} now={0} />);
  show(<Call call={call("Fetch", { url: "x" }, "…", stopped)} live={undefined} now={0} />);

  expect(screen.getAllByText("stopped")).toHaveLength(2);
  expect(screen.queryByText("failed")).toBeNull();
  expect(document.querySelector(".bad")).toBeNull();
});

it("keeps a command open that ended before one's eyes, folds it once its row is gone", () => {
  const running = call("Bash", { command: "npm test" });
  const done: CallEntry = {
    ...running,
    result: { output: "fine", failed: false, durationMs: 5, exitCode: 0, sequence: 99 },
  };
  const shown = show(<Call call={running} live={undefined} now={0} />);
  shown.change(<Call call={done} live={undefined} now={0} />);
  expect(screen.getByText("fine")).toBeTruthy();

  shown.unmount();
  show(<Call call={done} live={undefined} now={0} />);

  expect(screen.queryByText("fine")).toBeNull();
});

it("folds every card to a line, or opens every one, as the reader likes it", () => {
  const failed = call("Bash", { command: "npm test" }, "broken", { exitCode: 1 });
  const fine = call("Bash", { command: "npm run build" }, "built", { exitCode: 0 });
  show(<Call call={failed} live={undefined} now={0} />, { density: "lines" });
  show(<Call call={fine} live={undefined} now={0} />, { density: "everything" });

  expect(screen.queryByText("broken")).toBeNull();
  expect(screen.getByText("built")).toBeTruthy();
});

it("shows a running command's last six lines and the whole output on demand", async () => {
  const running = call("Bash", { command: "npm test" });
  const text = Array.from({ length: 9 }, (_, n) => `part ${n}`).join("\n");
  show(<Call call={running} live={{ pieces: [{ stream: "stdout", text }], lines: 9 }} now={0} />);
  expect(screen.queryByText(/part 2/)).toBeNull();
  expect(screen.getByText(/part 8/)).toBeTruthy();

  fireEvent.click(screen.getByRole("button", { name: "Show all" }));

  expect(await screen.findByText("the whole output")).toBeTruthy();
});

it("undoes a rewind that was undone", () => {
  const undo = { toSequence: 9, files: true, conversation: true };
  const seen = { kind: "seam", id: "seam/10", at: "2026-03-02T14:02:01Z", about: "rewound", sequence: 10 } as const;
  show(<Seam entry={{ ...seen, text: "Ana brought back step 2", undo, isBack: true }} />);

  fireEvent.click(screen.getByRole("button", { name: "Undo" }));

  expect(tools.travel?.goBack).toHaveBeenCalledWith(undo);
});

it("counts no line where a command said nothing", () => {
  show(<Call call={call("Bash", { command: "true" }, "(no output)")} live={undefined} now={0} />);
  const fold = screen.queryByRole("button", { expanded: false });
  if (fold) fireEvent.click(fold);

  expect(screen.getByText("No output")).toBeTruthy();
  expect(screen.queryByText("1 line")).toBeNull();
});
