import { MessageSquareText, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { t, tn } from "../text/text";
import { Revealed } from "../ui/Revealed";
import { useWorkbench } from "../workbench/workbench";
import { asPrompt, type Comment, type Place, useComments } from "./comments";

/** "2 comments wait for your next prompt", and the way there. */
export function WaitingComments({ session }: { session: string }) {
  const { comments, set } = useComments(session);
  const workbench = useWorkbench();
  if (comments.length === 0) return null;
  return (
    <div className="waiting-comments">
      <MessageSquareText className="i s" aria-hidden="true" />
      <span className="grow">
        {tn(comments.length, "{n} comment waits for your next prompt", "{n} comments wait for your next prompt")}
      </span>
      <button
        type="button"
        className="btn s"
        onClick={() => {
          workbench.addToPrompt(asPrompt(comments));
          set([]);
        }}
      >
        {t("Add to the prompt")}
      </button>
      <button
        type="button"
        className="icon s"
        aria-label={t("Remove the comments")}
        onClick={() => {
          set([]);
          workbench.notify({
            text: tn(comments.length, "{n} comment removed.", "{n} comments removed."),
            actions: [{ name: t("Undo"), run: () => set(comments) }],
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
  const { change, remove, add } = useComments(session);
  const workbench = useWorkbench();
  const [edits, setEdits] = useState(false);
  if (edits)
    return (
      <CommentForm
        place={comment}
        text={comment.text}
        onDone={(text) => {
          change(comment.id, text);
          setEdits(false);
        }}
        onCancel={() => setEdits(false)}
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
            remove(comment.id);
            workbench.notify({
              text: t("Comment removed."),
              actions: [{ name: t("Undo"), run: () => add(comment, comment.text) }],
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
  text?: string;
  draft?: { current: string }; // what was written, should the form go out of sight
  onDone: (text: string) => void;
  onCancel: () => void;
}

/** Where a comment is written: Enter adds it, Shift Enter is a new line, Escape leaves. */
export function CommentForm({ place, text = "", draft, onDone, onCancel }: FormProps) {
  const [written, setWritten] = useState(draft?.current || text);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus({ preventScroll: true }), []);
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
        onChange={(event) => {
          setWritten(event.target.value);
          if (draft) draft.current = event.target.value;
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
