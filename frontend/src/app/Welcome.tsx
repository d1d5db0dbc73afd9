import { t } from "../text/text";

interface Props {
  project: string;
  tour: boolean;
  mode: string;
  onTry: (text: string) => void;
}

const TRIES = ["tour", "list .", "read README.md", "run ls -la"];

/** What stands in an empty log: the composer is the page. */
export function Welcome({ project, tour, mode, onTry }: Props) {
  return (
    <div>
      <h2>{t("What should change in {project}?", { project })}</h2>
      <p>
        {tour
          ? t("The tour model follows plain imperatives and drives every real part: files, commands, approvals.")
          : asks(mode)}
      </p>
      {tour && (
        <p className="try">
          {TRIES.map((text) => (
            <button key={text} type="button" className="chip mono" onClick={() => onTry(text)}>
              {text}
            </button>
          ))}
        </p>
      )}
    </div>
  );
}

function asks(mode: string): string {
  if (mode === "bypassPermissions")
    return t(
      "The agent reads, edits and runs things in a sandbox of this session; in the mode Bypass it does not ask first.",
    );
  if (mode === "acceptEdits")
    return t("The agent reads, edits and runs things in a sandbox of this session; it asks before it runs something.");
  return t(
    "The agent reads, edits and runs things in a sandbox of this session; it asks before it changes or runs something.",
  );
}
