import { useSyncExternalStore } from "react";
import { t } from "../text/text";
import { api, Problem, words } from "../wire/api";
import { Busy, upload } from "../wire/upload";
import type { Dropped } from "./dropped";
import { contentAddress, joined } from "./files";

/** One dropped file or folder on its way; a line of the tree. */
export interface Upload {
  id: string;
  folder: string; // where it goes; "" is the root
  name: string;
  files: number;
  done: number; // files
  bytes: number;
  sent: number; // bytes
  state: "reading" | "sending" | "ended" | "stopped";
  existing: string[]; // paths that were there already and were not touched
  failed: { path: string; why: string }[];
  gitFolders: number; // left out
}

const AT_ONCE = 4; // the server takes four large ones at a time
const MOST_TRIES = 5; // of one file that a busy server sends back
const PUBLISH_AFTER_MS = 100; // a folder of small files ends hundreds of them a second

interface Job {
  upload: Upload;
  path: string; // in the worktree
  file: File;
  replaces: boolean;
}

/** A session's uploads: they go on when the tree is not on the screen. */
export class Uploads {
  readonly #session: string;
  readonly #onEnd: (folder: string) => void;
  readonly #stops = new Map<string, AbortController>();
  readonly #skipped = new Map<string, Job[]>();
  readonly #listeners = new Set<() => void>();
  readonly #jobs: Job[] = [];
  #uploads: Upload[] = [];
  #shown: readonly Upload[] = [];
  #running = 0;
  #count = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onEnd something arrived in the folder */
  constructor(session: string, onEnd: (folder: string) => void) {
    this.#session = session;
    this.#onEnd = onEnd;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly snapshot = (): readonly Upload[] => this.#shown;

  /** Sends a file, or a folder with all that is in it, into a folder. */
  async add(folder: string, name: string, reading: Promise<Dropped>): Promise<void> {
    const mine: Upload = {
      id: `upload-${++this.#count}`,
      folder,
      name,
      files: 0,
      done: 0,
      bytes: 0,
      sent: 0,
      state: "reading",
      existing: [],
      failed: [],
      gitFolders: 0,
    };
    this.#uploads.push(mine);
    this.#stops.set(mine.id, new AbortController());
    this.#publish();
    try {
      const found = await reading;
      if (mine.state === "stopped") return;
      mine.gitFolders = found.gitFolders;
      mine.files = found.files.length;
      mine.bytes = found.files.reduce((sum, { file }) => sum + file.size, 0);
      mine.state = "sending";
      for (const empty of found.emptyFolders) await this.#makeFolder(mine, joined(folder, empty));
      this.#send(
        found.files.map(({ path, file }) => ({ upload: mine, path: joined(folder, path), file, replaces: false })),
      );
    } catch (cause) {
      mine.failed.push({ path: joined(folder, name), why: words(cause) });
    }
    this.#settle(mine);
  }

  /** Sends what was there already once more, over what is there. */
  replace(id: string): void {
    const jobs = this.#skipped.get(id) ?? [];
    const mine = this.#uploads.find((known) => known.id === id);
    if (mine === undefined) return;
    this.#skipped.delete(id);
    mine.done -= jobs.length;
    mine.existing = [];
    mine.state = "sending";
    this.#send(jobs.map((job) => ({ ...job, replaces: true })));
  }

  /** Ends one on its way, or takes its line away when it has ended. */
  stop(id: string): void {
    const mine = this.#uploads.find((known) => known.id === id);
    if (mine === undefined) return;
    if (mine.state === "reading" || mine.state === "sending") {
      mine.state = "stopped";
      this.#stops.get(id)?.abort();
      for (let at = this.#jobs.length - 1; at >= 0; at -= 1)
        if (this.#jobs[at]?.upload === mine) this.#jobs.splice(at, 1);
    }
    this.#forget(mine);
    this.#onEnd(mine.folder);
  }

  #send(jobs: Job[]): void {
    this.#jobs.push(...jobs);
    while (this.#running < AT_ONCE && this.#jobs.length > 0) void this.#work();
    this.#publish();
  }

  async #work(): Promise<void> {
    this.#running += 1;
    for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) await this.#one(job);
    this.#running -= 1;
  }

  async #one(job: Job): Promise<void> {
    const { upload: mine, path, file } = job;
    const signal = this.#stops.get(mine.id)?.signal;
    let sent = 0;
    const progress = (bytes: number) => {
      mine.sent += Math.min(bytes, file.size) - sent;
      sent = Math.min(bytes, file.size);
      this.#publish();
    };
    try {
      await this.#put(job, signal, progress);
      progress(file.size);
    } catch (cause) {
      if (signal?.aborted) return;
      progress(file.size); // the bar ends for those, too, that were refused
      if (!job.replaces && cause instanceof Problem && (cause.status === 409 || cause.status === 412)) {
        mine.existing.push(path);
        this.#skipped.set(mine.id, [...(this.#skipped.get(mine.id) ?? []), job]);
      } else mine.failed.push({ path, why: words(cause) });
    }
    mine.done += 1;
    this.#settle(mine);
  }

  async #put(job: Job, signal: AbortSignal | undefined, onProgress: (sent: number) => void): Promise<void> {
    for (let tries = 1; ; tries += 1)
      try {
        await upload<void>("PUT", contentAddress(this.#session, job.path), job.file, {
          headers: job.replaces ? {} : { "if-none-match": "*" },
          onProgress,
          ...(signal ? { signal } : {}),
        });
        return;
      } catch (cause) {
        if (!(cause instanceof Busy) || tries >= MOST_TRIES) throw cause;
        onProgress(0);
        await new Promise((resolve) => setTimeout(resolve, cause.retryAfter * 1_000));
        if (signal?.aborted) throw cause;
      }
  }

  async #makeFolder(mine: Upload, path: string): Promise<void> {
    try {
      await api.post(`/api/v1/sessions/${this.#session}/files/directories`, { path });
    } catch (cause) {
      const isThere = cause instanceof Problem && cause.status === 409;
      if (!isThere) mine.failed.push({ path, why: words(cause) });
    }
  }

  #settle(mine: Upload): void {
    if (mine.state === "sending" && mine.done === mine.files) {
      mine.state = "ended";
      this.#onEnd(mine.folder);
      if (mine.failed.length + mine.existing.length + mine.gitFolders === 0) this.#forget(mine);
    }
    this.#publish();
  }

  #forget(mine: Upload): void {
    this.#uploads = this.#uploads.filter((known) => known !== mine);
    this.#stops.delete(mine.id);
    this.#skipped.delete(mine.id);
    this.#publish();
  }

  #publish(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#shown = this.#uploads.map((known) => ({ ...known }));
      for (const listener of this.#listeners) listener();
    }, PUBLISH_AFTER_MS);
  }
}

const bySession = new Map<string, Uploads>();

export function uploadsOf(session: string, onEnd: (folder: string) => void): Uploads {
  const known = bySession.get(session) ?? new Uploads(session, onEnd);
  bySession.set(session, known);
  return known;
}

export function useUploads(uploads: Uploads): readonly Upload[] {
  return useSyncExternalStore(uploads.subscribe, uploads.snapshot);
}

/** How far it is, or how it ended. */
export function uploadWords({ state, files, done, bytes, sent, existing, failed, gitFolders }: Upload): string {
  if (state === "reading") return t("reading");
  if (state === "sending") {
    const share = bytes === 0 ? 100 : Math.floor((sent / bytes) * 100);
    return files === 1 ? t("{share} %", { share }) : t("{share} %, {done} of {files}", { share, done, files });
  }
  const first = failed[0];
  return [
    first === undefined
      ? ""
      : failed.length === 1
        ? first.why
        : t("{n} failed: {why}", { n: failed.length, why: first.why }),
    existing.length === 0
      ? ""
      : files === 1
        ? t("is there already")
        : t("{n} are there already", { n: existing.length }),
    gitFolders === 0 ? "" : t(".git left out"),
  ]
    .filter((part) => part !== "")
    .join("; ");
}
