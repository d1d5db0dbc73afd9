import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { t, tn } from "../text/text";
import { Dialog } from "../ui/Dialog";
import { PlusMinus } from "../ui/Diff";
import { Revealed } from "../ui/Revealed";
import { Skeleton, Trouble } from "../ui/Trouble";
import { words } from "../wire/api";
import type { Commands, RewindPart, RewindPreview, Rewound } from "./commands";
import type { Place } from "./conversation";

interface Props {
  session: string;
  commands: Commands;
  toSequence: number;
  title: string; // where to
  onDone: (done: Rewound, place: Place) => void;
  onClose: () => void;
}

const CHOICES = ["both", "files", "conversation"] as const;
const MOST_FILES = 12; // rows of a dialog that still fits a phone; the rest is counted

const NAMES = {
  both: () => t("Files and conversation"),
  files: () => t("Files"),
  conversation: () => t("Conversation"),
};

const STAYS = {
  both: () => t("What was said stays in the log, folded. Commits, and files that git ignores, stay as they are."),
  files: () => t("The conversation stays as it is; so do commits, and files that git ignores."),
  conversation: () => t("The files stay as they are. What was said stays in the log, folded."),
};

/** Says what a rewind changes back, and whose edits are among it, before it is done. */
export function RewindDialog({ session, commands, toSequence, title, onDone, onClose }: Props) {
  const [choice, setChoice] = useState<(typeof CHOICES)[number]>("both");
  const files = choice !== "conversation";
  const conversation = choice !== "files";
  const place = { toSequence, files, conversation };
  const preview = useQuery({
    queryKey: ["rewind", session, toSequence],
    queryFn: ({ signal }) => commands.rewindPreview(toSequence, signal),
    retry: false,
    staleTime: 0,
    gcTime: 0, // it is of this moment
  });
  const rewind = useMutation({
    mutationFn: () => commands.rewind(place),
    onSuccess: (done) => onDone(done, place),
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <section className="rewind">
        <fieldset className="choices">
          <legend className="vh">{t("What to set back")}</legend>
          {CHOICES.map((name) => (
            <label key={name} className="line-up">
              <input type="radio" name="rewind" checked={choice === name} onChange={() => setChoice(name)} />
              {NAMES[name]()}
            </label>
          ))}
        </fieldset>
        {preview.data ? (
          <Preview preview={preview.data} files={files} conversation={conversation} />
        ) : preview.isError ? (
          <Trouble
            title={t("What would change could not be read")}
            detail={words(preview.error)}
            onRetry={() => void preview.refetch()}
          />
        ) : (
          <Skeleton label={t("Looking at what would change")} tall={96} />
        )}
        <p className="muted">{STAYS[choice]()}</p>
        {rewind.isError && (
          <p className="wrong" role="alert">
            {t("Nothing was set back. {why}", { why: words(rewind.error) })}
          </p>
        )}
      </section>
      <footer>
        <span className="hint grow">{t("This can be undone from its line in the log.")}</span>
        <button type="button" className="btn" onClick={onClose}>
          {t("Cancel")}
        </button>
        <button
          type="button"
          className="btn primary"
          disabled={!preview.data || rewind.isPending}
          onClick={() => rewind.mutate()}
        >
          {rewind.isPending ? t("Rewinding") : t("Rewind")}
        </button>
      </footer>
    </Dialog>
  );
}

interface PreviewProps {
  preview: RewindPreview;
  files: boolean;
  conversation: boolean;
}

function Preview({ preview, files, conversation }: PreviewProps) {
  const { cut, back, waiting, running } = preview;
  const byHand = [...new Set(preview.files.flatMap(({ editedBy }) => editedBy))];
  return (
    <>
      {files &&
        (preview.files.length === 0 ? (
          <p className="muted">{t("The files are as they were then.")}</p>
        ) : (
          <>
            <h3>
              {tn(preview.files.length, "{n} file goes back to how it was", "{n} files go back to how they were")}
            </h3>
            {byHand.length > 0 && (
              <p className="by-hand">{t("Edits by {who} are among them.", { who: byHand.join(", ") })}</p>
            )}
            <ul className="changed-back">
              {preview.files.slice(0, MOST_FILES).map(({ path, kind, added, removed, editedBy }) => (
                <li key={path} className="line-up">
                  <code className="cut grow">
                    <Revealed text={path} />
                  </code>
                  {editedBy.length > 0 && <span className="chip ask">{editedBy.join(", ")}</span>}
                  <span className="hint">{KINDS[kind]()}</span>
                  <PlusMinus added={added} removed={removed} />
                </li>
              ))}
            </ul>
            {preview.files.length > MOST_FILES && (
              <p className="hint">{t("and {n} more", { n: preview.files.length - MOST_FILES })}</p>
            )}
          </>
        ))}
      {conversation && (
        <>
          <h3>{t("Conversation")}</h3>
          <Part part={cut} what={(n) => t("{n} will not count any more.", { n })} />
          {back && <Part part={back} what={(n) => t("{n} will count again.", { n })} />}
        </>
      )}
      {running && <p className="muted">{t("The turn that runs is stopped first.")}</p>}
      {waiting > 0 && (
        <p className="muted">{tn(waiting, "{n} prompt goes on waiting.", "{n} prompts go on waiting.")}</p>
      )}
    </>
  );
}

const KINDS = {
  added: () => t("comes back"),
  modified: () => t("as before"),
  deleted: () => t("goes"),
};

function Part({ part: { prompts, steps }, what }: { part: RewindPart; what: (n: string) => string }) {
  if (prompts.length + steps === 0) return <p className="muted">{t("Nothing of the conversation changes.")}</p>;
  const counted = [
    ...(prompts.length > 0 ? [tn(prompts.length, "{n} prompt", "{n} prompts")] : []),
    ...(steps > 0 ? [tn(steps, "{n} step", "{n} steps")] : []),
  ].join(", ");
  return (
    <>
      <p>{what(counted)}</p>
      <ul className="changed-back">
        {prompts.map(({ promptId, text }) => (
          <li key={promptId} className="cut muted">
            “<Revealed text={text.split("\n")[0] ?? ""} />”
          </li>
        ))}
      </ul>
    </>
  );
}
