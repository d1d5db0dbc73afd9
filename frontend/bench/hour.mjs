// A tab that stays open: an hour's worth of turns streamed into it, and what it holds after each quarter.
import { launch, open, PROJECT, SESSION } from "../stories/server.mjs";
import { print } from "./figures.mjs";

const TURNS = 120; // one every 30 s
const DELTAS = 60; // of each turn's answer
const WORD = "The queue pops before the store has written. ";
const agent = { kind: "agent" };
const person = { kind: "person", id: "01970000-0000-7000-8000-0000000000a1", name: "Ana Ruiz" };

const browser = await launch();
const story = await open(browser, { path: `/p/${PROJECT}/s/${SESSION}` });
const devtools = await story.context.newCDPSession(story.page);
await devtools.send("HeapProfiler.enable");
await devtools.send("Performance.enable");
let sequence = 0;
const event = (actor, fact) => {
  sequence += 1;
  story.send({ type: "event", event: { sequence, at: new Date().toISOString(), actor, ...fact } });
};

/** Live memory in MB, after a collection. */
async function heap() {
  await devtools.send("HeapProfiler.collectGarbage");
  const { metrics } = await devtools.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "JSHeapUsedSize").value / 1e6;
}

const before = await heap();
const held = [];
for (let turn = 1; turn <= TURNS; turn += 1) {
  const turnId = `turn-${turn}`;
  const promptId = `prompt-${turn}`;
  event(person, { type: "prompt-submitted", promptId, text: `Prompt ${turn}` });
  event(agent, { type: "turn-started", turnId, promptId, model: "tour/guide", mode: "default" });
  for (let at = 0; at < DELTAS; at += 1)
    story.send({
      type: "delta",
      delta: { turnId, step: 1, attempt: 1, block: 0, kind: "text", offset: at * WORD.length, text: WORD },
    });
  await story.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  event(agent, { type: "text-finished", turnId, block: 0, step: 1, text: WORD.repeat(DELTAS) });
  for (let call = 1; call <= 5; call += 1) {
    const callId = `call-${turn}-${call}`;
    event(agent, { type: "tool-called", callId, tool: "Bash", input: { command: `echo ${call}` }, step: 1 });
    event(agent, { type: "tool-returned", callId, output: WORD.repeat(40), failed: false, durationMs: 5, exitCode: 0 });
  }
  event(agent, { type: "turn-ended", turnId, reason: "answered" });
  if (turn % (TURNS / 4) === 0) {
    await story.page.getByText(`Prompt ${turn}`).first().waitFor();
    held.push(await heap());
  }
}
await browser.close();
const texts = (TURNS * WORD.length * (DELTAS + 5 * 40)) / 1e6; // what was said, once
print("an hour in one tab: memory before", before, "MB");
for (const [quarter, value] of held.entries()) print(`  … after quarter ${quarter + 1}`, value, "MB");
print("  … of which the conversation's own text", texts, "MB");
print("  … growth in the last quarter beyond that text", held[3] - held[2] - texts / 4, "MB", "flat");
