import type { DocumentText } from "../wire/bytes";

export type { DocumentText };

/** One state of a document's text. */
export interface Version extends DocumentText {
  etag: string;
}

/** What is there under a path. */
export type Found =
  | ({ kind: "text" } & Version)
  | { kind: "binary"; size: number; etag: string } // bytes
  | { kind: "large"; size: number; etag: string }
  | { kind: "folder" }
  | { kind: "gone" };

export type Saved = { kind: "saved"; etag: string } | { kind: "conflict" };

/** A document that is open: read once, saved often, told of what others do to it. */
export interface SourceDocument {
  /** @throws Problem when it cannot be read for another reason than that it is not there */
  read: () => Promise<Found>;
  /**
   * Writes if nobody else wrote since `etag`; without one, only where no file is.
   *
   * @throws Problem when it could not be written and trying again may help
   */
  save: (text: DocumentText, etag: string | undefined) => Promise<Saved>;
  /** It has another name from now on. */
  moved: (path: string) => void;
  close: () => void;
}

/** Where documents come from. An editor knows nothing else of where text is kept or how it travels. */
export interface DocumentSource {
  /** @param others hears what is there now whenever somebody else changed it, in order, never one's own save */
  open: (path: string, others: (found: Found) => void) => SourceDocument;
}
