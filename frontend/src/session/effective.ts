import type { Logged, Of } from "./events";

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

/** The index of what took each prompt that was begun: its turn's start, or the end of the reply that read it. */
function takenAt(log: readonly Logged[]): ReadonlyMap<string, number> {
  const taken = new Map<string, number>();
  const steering = new Map<string, { sequence: number }>(); // those that no reply has read yet
  log.forEach((event, index) => {
    if (event.type === "prompt-submitted" && event.deliver === "steer") steering.set(event.promptId, event);
    if (event.type === "turn-started") {
      if (!taken.has(event.promptId)) taken.set(event.promptId, index);
      steering.delete(event.promptId);
    }
    if (event.type === "usage-recorded")
      for (const [prompt, sent] of steering)
        if (wasRead(sent, event)) {
          if (!taken.has(prompt)) taken.set(prompt, index);
          steering.delete(prompt);
        }
  });
  return taken;
}

/** Whether the request of a reply held this prompt; one without a step is an attempt that was discarded. */
export function wasRead(prompt: { sequence: number }, reply: Of<"usage-recorded">): boolean {
  return reply.step !== undefined && prompt.sequence <= (reply.seen ?? reply.sequence);
}
