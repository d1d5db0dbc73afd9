import { MessageSquareText, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { t, tn } from "../text/text";
import { Revealed } from "../ui/Revealed";
import { useWorkbench } from "../workbench/workbench";
import { asPrompt, type Comment, type Place, useCommentDrafts, useComments } from "./comments";

/** "2 comments wait for your next prompt", and the way there. */
export function WaitingComments({ session }: { session: string }) {
  const { comments, remove, restore } = useComments(session);
  const workbench = useWorkbench();
  if (comments.length === 0) return null;
  return (
    <div className="waiting-comments">
      <MessageSquareText className="i s" aria-hidden="true" />
      <span className="grow">
        {tn(comments.length, "{n} comment waits for your next prompt", "{n} comments wait for your next prompt")}
      </span>
      <button type="button" className="btn s" onClick={() => workbench.addToPrompt(asPrompt(remove(comments)))}>
        {t("Add to the prompt")}
      </button>
      <button
        type="button"
        className="icon s"
        aria-label={t("Remove the comments")}
        onClick={() => {
          remove(comments);
          workbench.notify({
            text: tn(comments.length, "{n} comment removed.", "{n} comments removed."),
            actions: [{ name: t("Undo"), run: () => restore(comments) }],
          });
        }}
      >
        <X className="i s" aria-hidden="true" />
      </button>
    </div>
  );
}

interface CardProps {
  session: string;
  comment: Comment;
  isLost: boolean; // its line is not there any more
}

/** A comment under its line. */
export function CommentCard({ session, comment, isLost }: CardProps) {
  const { change, remove, restore } = useComments(session);
  const { drafts, write } = useCommentDrafts(session);
  const workbench = useWorkbench();
  const [edits, setEdits] = useState(false);
  const draft = drafts.get(comment.id);
  const over = () => {
    write(comment.id, comment, "");
    setEdits(false);
  };
  if (edits || draft)
    return (
      <CommentForm
        place={comment}
        text={draft?.text ?? comment.text}
        isOpen={edits}
        onOpen={() => setEdits(true)}
        onWrite={(text) => write(comment.id, comment, text)}
        onDone={(text) => {
          change(comment, text);
          over();
        }}
        onCancel={over}
      />
    );
  return (
    <article className="comment" aria-label={t("Comment on line {line}", { line: comment.line })}>
      <p className="hint">
        {isLost
          ? t("You, on line {line}, which changed since", { line: comment.line })
          : t("You, on line {line}", { line: comment.line })}
      </p>
      <p className="comment-text">
        <Revealed text={comment.text} />
      </p>
      <div className="line-up">
        <span className="hint grow">{t("Waits for your next prompt")}</span>
        <button type="button" className="btn s plain" onClick={() => setEdits(true)}>
          {t("Edit")}
        </button>
        <button
          type="button"
          className="btn s plain"
          onClick={() => {
            remove([comment]);
            workbench.notify({
              text: t("Comment removed."),
              actions: [{ name: t("Undo"), run: () => restore([comment]) }],
            });
          }}
        >
          {t("Remove")}
        </button>
      </div>
    </article>
  );
}

interface FormProps {
  place: Place;
  text: string; // what was written so far
  isOpen: boolean; // the one that is written in; others wait for that
  onOpen: () => void;
  onWrite: (text: string) => void;
  onDone: (text: string) => void;
  onCancel: () => void;
}

/** Where a comment is written: Enter adds it, Shift Enter is a new line, Escape leaves. */
export function CommentForm({ place, text, isOpen, onOpen, onWrite, onDone, onCancel }: FormProps) {
  const [written, setWritten] = useState(text);
  const field = useRef<HTMLTextAreaElement>(null);
  const opens = useRef(isOpen);
  useEffect(() => {
    if (opens.current) field.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    if (document.activeElement !== field.current) setWritten(text); // it is written in another tab
  }, [text]);
  const done = () => {
    if (written.trim() !== "") onDone(written.trim());
  };
  return (
    <form
      className="comment"
      onSubmit={(event) => {
        event.preventDefault();
        done();
      }}
      onKeyDown={(event) => {
        event.stopPropagation(); // letters and Enter are text here
        if (event.key === "Escape") onCancel();
        if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
        event.preventDefault();
        done();
      }}
    >
      <textarea
        ref={field}
        className="field"
        rows={2}
        maxLength={4_000}
        aria-label={t("Comment on line {line}", { line: place.line })}
        placeholder={t("What should change here?")}
        value={written}
        onFocus={onOpen}
        onChange={(event) => {
          setWritten(event.target.value);
          onWrite(event.target.value);
        }}
      />
      <div className="line-up">
        <span className="hint grow">{t("Goes into your next prompt, with the line")}</span>
        <button type="button" className="btn s plain" onClick={onCancel}>
          {t("Cancel")}
        </button>
        <button type="submit" className="btn s primary" disabled={written.trim() === ""}>
          {t("Comment")}
        </button>
      </div>
    </form>
  );
}
