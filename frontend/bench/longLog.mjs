// A session's log of as many events as asked for, always the same: what opening a long session is measured with.

const AGENT = { kind: "agent" };
const ANA = { kind: "person", id: "01970000-0000-7000-8000-0000000000a1", name: "Ana Ruiz" };
const id = (kind, n) => `01970000-0000-7000-${kind}-${String(n).padStart(12, "0")}`;
const SENTENCE = "The worker removes a delivery before its result is stored, so a crash in between loses it. ";
const CODE = Array.from({ length: 14 }, (_, n) => `  const part${n} = await store.read(${n});`).join("\n");

/** @returns events with dense numbers from 1: turns of ten steps, each with text, reads, an edit or a command */
export function longLog(count) {
  const events = [];
  let turn = 0;
  let call = 0;
  const add = (type, fields, actor = AGENT) => {
    const sequence = events.length + 1;
    events.push({ sequence, at: new Date(1_772_460_000_000 + sequence * 900).toISOString(), actor, type, ...fields });
  };
  const run = (step, tool, input, output, more = {}) => {
    call += 1;
    const callId = id("8003", call);
    add("tool-called", { step, callId, tool, input });
    add("tool-returned", { step, callId, output, failed: false, durationMs: 40 + (call % 900), ...more });
  };
  while (events.length < count) {
    turn += 1;
    const turnId = id("8001", turn);
    const promptId = id("8002", turn);
    add(
      "prompt-submitted",
      { promptId, text: `Part ${turn}: ${SENTENCE.repeat(1 + (turn % 3))}`, deliver: "queue" },
      ANA,
    );
    add("turn-started", { turnId, promptId, model: "anthropic/claude-opus-5-5", mode: "default" });
    for (let step = 1; step <= 10; step += 1) {
      add("text-finished", { step, turnId, block: 0, text: SENTENCE.repeat(1 + ((turn + step) % 4)) });
      run(step, "Read", { file_path: `/workspace/src/file${step}.ts` }, `     1\t${SENTENCE}`);
      if (step % 3 === 0)
        run(
          step,
          "Edit",
          { file_path: `src/file${step}.ts`, old_string: CODE, new_string: CODE.replace("5", "55") },
          "Changed.",
        );
      if (step % 4 === 0)
        run(step, "Bash", { command: `npm test -- part${step}` }, `${SENTENCE}\n`.repeat(6), { exitCode: 0 });
      add("usage-recorded", {
        step,
        inputTokens: 9_000,
        outputTokens: 300,
        cacheReadTokens: 0,
        cacheWriteTokens: 0,
        costUsd: 0.01,
      });
    }
    add("turn-ended", { turnId, reason: "answered" });
  }
  return events.slice(0, count);
}
