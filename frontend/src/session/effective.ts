import type { Logged } from "./events";

type Rewound = Extract<Logged, { type: "rewound" }>;

/** Whether this event sets the conversation back. */
export function cutsConversation(event: Logged): event is Rewound & { toSequence: number } {
  return event.type === "rewound" && event.conversation === true && event.toSequence !== undefined;
}

/**
 * What of a whole log counts after its rewinds; mirrors `EffectiveLog.java`: walked backwards, a rewind to t goes on at t.
 * A prompt that waits stays wherever it was sent, and one that was begun goes with what took it.
 */
export function effective(log: readonly Logged[]): readonly Logged[] {
  if (!log.some(cutsConversation)) return log;
  const path = pathOf(log);
  const taken = takenAt(log);
  return log.filter((event, index) => {
    if (event.type !== "prompt-submitted" && event.type !== "prompt-changed") return path.has(index);
    const at = taken.get(event.promptId);
    return at === undefined || path.has(at);
  });
}

function pathOf(log: readonly Logged[]): ReadonlySet<number> {
  const path = new Set<number>();
  let at = log.length - 1;
  while (at >= 0) {
    path.add(at);
    const event = log[at];
    at = event && cutsConversation(event) ? Math.min(event.toSequence, at) - 1 : at - 1;
  }
  return path;
}

/** The index of what took each prompt that was begun: its turn's start, or the step that read one that steers. */
function takenAt(log: readonly Logged[]): ReadonlyMap<string, number> {
  const taken = new Map<string, number>();
  const steering = new Map<string, number>(); // the step after which each was sent
  let step: number | undefined; // of the turn that runs
  log.forEach((event, index) => {
    if (event.type === "prompt-submitted" && event.deliver === "steer" && step !== undefined)
      steering.set(event.promptId, step);
    if (event.type === "turn-started") {
      if (!taken.has(event.promptId)) taken.set(event.promptId, index);
      step = 0;
    }
    if (event.type === "turn-ended") {
      step = undefined;
      steering.clear();
    }
    if (event.step === undefined || step === undefined || event.step <= step) return;
    step = event.step;
    for (const [prompt, after] of steering)
      if (after < step) {
        taken.set(prompt, index);
        steering.delete(prompt);
      }
  });
  return taken;
}
