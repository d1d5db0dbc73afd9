import { StreamingMarkdown } from "../ui/streamingMarkdown";
import { blockId } from "./conversation";
import type { Delta, Logged } from "./events";

/** A block of a reply that is still being written. */
export interface LiveBlock {
  id: string;
  step: number;
  kind: "text" | "thinking";
  since: number; // milliseconds of Date.now() at its first piece here
  markdown: StreamingMarkdown; // grows in place: `length` tells readers that it did
  length: number;
}

/** What a running call has printed so far; the newest 64 Ki units of it. */
export interface LiveOutput {
  pieces: readonly { stream: "stdout" | "stderr"; text: string }[];
  lines: number;
}

const KEPT_UNITS = 65_536; // a card shows the last lines; "show all" asks the server

interface Block extends LiveBlock {
  turnId: string;
  attempt: number;
}

interface Output {
  pieces: { stream: "stdout" | "stderr"; text: string }[];
  seen: { stdout: number; stderr: number }; // units received: where the next piece goes
  lines: number;
}

/** Everything that streams and is not yet a fact. Mutable; `blocks` and `outputs` hand out snapshots. */
export class Live {
  #blocks: Block[] = [];
  #isStale = false; // of an earlier line
  #outputs = new Map<string, Output>();

  delta(delta: Delta): void {
    if ("callId" in delta) this.#output(delta);
    else this.#block(delta);
  }

  /** A fact takes the place of what streamed. */
  event(event: Logged): void {
    switch (event.type) {
      case "text-finished":
      case "thinking-finished": {
        const id = blockId(event.turnId, event.step ?? 0, event.block);
        this.#blocks = this.#blocks.filter((block) => block.id !== id);
        return;
      }
      case "tool-called":
      case "usage-recorded":
        this.#blocks = this.#blocks.filter((block) => block.step > (event.step ?? 0));
        return;
      case "tool-returned":
        this.#outputs.delete(event.callId);
        return;
      case "turn-started":
      case "turn-ended":
        this.#blocks = [];
        this.#outputs.clear();
        return;
      default:
        return;
    }
  }

  /** From the line that has just opened comes all that is unfinished, from its beginning; attempts may count from 1 again. */
  reopened(): void {
    this.#isStale = true;
  }

  blocks(): LiveBlock[] {
    return this.#blocks.map((block) => ({ ...block, length: block.markdown.text.length }));
  }

  outputs(): Map<string, LiveOutput> {
    return new Map(
      [...this.#outputs].map(([id, output]) => [id, { pieces: output.pieces.slice(), lines: output.lines }]),
    );
  }

  #block(delta: Extract<Delta, { block: number }>): void {
    if (this.#isStale) this.#blocks = [];
    this.#isStale = false;
    const newest = Math.max(
      0,
      ...this.#blocks.filter((block) => block.step === delta.step).map((block) => block.attempt),
    );
    if (delta.attempt < newest) return;
    if (delta.attempt > newest)
      this.#blocks = this.#blocks.filter((block) => block.step !== delta.step || block.attempt >= delta.attempt);
    const id = blockId(delta.turnId, delta.step, delta.block);
    let block = this.#blocks.find((known) => known.id === id);
    if (block === undefined) {
      block = {
        id,
        turnId: delta.turnId,
        step: delta.step,
        attempt: delta.attempt,
        kind: delta.kind,
        since: Date.now(),
        markdown: new StreamingMarkdown(),
        length: 0,
      };
      this.#blocks.push(block);
    }
    block.markdown.replaceFrom(delta.offset, delta.text);
  }

  #output(delta: Extract<Delta, { callId: string }>): void {
    let output = this.#outputs.get(delta.callId);
    if (output === undefined) {
      output = { pieces: [], seen: { stdout: 0, stderr: 0 }, lines: 0 };
      this.#outputs.set(delta.callId, output);
    }
    const known = output.seen[delta.stream];
    const end = delta.offset + delta.text.length;
    if (end <= known) return; // told again after a reconnect
    const text = delta.offset < known ? delta.text.slice(known - delta.offset) : delta.text;
    output.seen[delta.stream] = end;
    output.lines += text.split("\n").length - 1;
    const last = output.pieces.at(-1);
    if (last?.stream === delta.stream) output.pieces[output.pieces.length - 1] = { ...last, text: last.text + text };
    else output.pieces.push({ stream: delta.stream, text });
    trim(output);
  }
}

function trim(output: Output): void {
  let length = output.pieces.reduce((sum, piece) => sum + piece.text.length, 0);
  while (length > KEPT_UNITS * 2) {
    const first = output.pieces[0];
    if (first === undefined) return;
    const excess = length - KEPT_UNITS;
    if (first.text.length <= excess) {
      output.pieces.shift();
      length -= first.text.length;
    } else {
      output.pieces[0] = { ...first, text: first.text.slice(excess) };
      length -= excess;
    }
  }
}
