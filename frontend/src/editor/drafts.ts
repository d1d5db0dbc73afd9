import { ownKey } from "../wire/owner";
import type { DocumentText } from "./DocumentSource";

/** Unsaved text of one file, kept in this browser until the server has it. */
export interface Draft {
  page: string; // which document of which load of the page wrote it
  session: string;
  path: string;
  base: DocumentText & { etag: string }; // what it was made from
  text: string;
  at: number; // milliseconds of Date.now()
}

const NAME = "cleanroom";
const STORE = "drafts";
const ANSWER_MS = 150; // another page of this browser answers within it, or is not there any more
const CHANNEL = "cleanroom.drafts";

const PAGE = Math.random().toString(36).slice(2); // only to tell two pages of one browser apart

const living = new Set<string>(); // the writers of this page
let writers = 0;

let database: Promise<IDBDatabase> | undefined;
let channel: BroadcastChannel | undefined;

/** One who keeps drafts: they are its own until {@link endWriter}, or until its page ends. */
export function beginWriter(): string {
  writers += 1;
  const writer = `${PAGE}.${writers}`;
  living.add(writer);
  return writer;
}

export function endWriter(writer: string): void {
  living.delete(writer);
}

/** @throws DOMException when this browser has no room or keeps nothing */
export async function keepDraft(draft: Omit<Draft, "at">): Promise<void> {
  answerOthers();
  const kept: Draft = { ...draft, at: Date.now() };
  await change((store) => store.put(kept, keyOf(draft.session, draft.path, draft.page)));
}

export async function dropDraft(session: string, path: string, page: string): Promise<void> {
  await change((store) => store.delete(keyOf(session, path, page))).catch(() => undefined); // at worst it is offered once more
}

/** The newest draft that a document which is gone left behind; those of documents that are open are theirs. */
export async function orphanedDraft(session: string, path: string): Promise<Draft | undefined> {
  try {
    const database = await open();
    const range = IDBKeyRange.bound(keyOf(session, path, ""), keyOf(session, path, "\uffff"));
    const found = await answer<Draft[]>(database.transaction(STORE).objectStore(STORE).getAll(range));
    const others = found.filter((draft) => !living.has(draft.page));
    if (others.length === 0) return undefined;
    const alive = await writersThatAnswer();
    return others.filter(({ page }) => !alive.has(page) && !living.has(page)).sort((a, b) => b.at - a.at)[0];
  } catch {
    return undefined; // no storage: there is nothing to be found
  }
}

const keyOf = (session: string, path: string, page: string) => [ownKey("draft"), session, path, page];

async function change(make: (store: IDBObjectStore) => IDBRequest): Promise<void> {
  const transaction = (await open()).transaction(STORE, "readwrite", { durability: "relaxed" });
  make(transaction.objectStore(STORE));
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

function open(): Promise<IDBDatabase> {
  database ??= new Promise<IDBDatabase>((resolve, reject) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
  database.catch(() => {
    database = undefined; // the next one tries again
  });
  return database;
}

function answer<T>(request: IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as T);
    request.onerror = () => reject(request.error);
  });
}

function answerOthers(): void {
  if (channel !== undefined) return;
  channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }) => {
    if (data === "who") channel?.postMessage({ here: [...living] });
  };
}

async function writersThatAnswer(): Promise<Set<string>> {
  const asking = new BroadcastChannel(CHANNEL);
  const alive = new Set<string>();
  asking.onmessage = ({ data }) => {
    if (Array.isArray(data?.here)) for (const writer of data.here) alive.add(writer);
    else if (typeof data?.here === "string") alive.add(data.here); // a page of an older release
  };
  asking.postMessage("who");
  await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
  asking.close();
  return alive;
}
