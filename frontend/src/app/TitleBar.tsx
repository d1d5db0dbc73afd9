import { ChevronLeft, Search, Share2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import type { Me } from "../account/me";
import { StatusLine } from "../session/StatusLine";
import type { Status } from "../session/status";
import { t } from "../text/text";
import { words } from "../wire/api";
import { keyWords, useCommands } from "../workbench/commands";
import { Mark } from "./Mark";
import { People, type Person } from "./People";
import { YouMenu } from "./YouMenu";

interface Props {
  project: { id: string; name: string } | undefined; // guests see none
  title: string;
  mayRename: boolean;
  onRename: (title: string) => Promise<void>;
  status: Status;
  showStatus: boolean; // the conversation, where it stands, is hidden
  now: number;
  people: Person[];
  onOpen: (path: string) => void; // the file that somebody is in
  onGoTo: () => void;
  guests: number; // who waits to be let in
  onShare: (() => void) | undefined;
  me: Me;
  mayPrompt: boolean;
  colour: number; // one's own
  children?: ReactNode; // the bell
}

export function TitleBar({
  project,
  title,
  mayRename,
  onRename,
  status,
  showStatus,
  now,
  people,
  guests,
  onGoTo,
  onShare,
  me,
  mayPrompt,
  colour,
  onOpen,
  children,
}: Props) {
  return (
    <header className="titlebar" data-region="top">
      <h1 className="vh">{[title || t("New session"), ...(project ? [project.name] : [])].join(", ")}</h1>
      {mayPrompt && (
        <a className="skip" href="#prompt">
          {t("To the prompt")}
        </a>
      )}
      {project ? (
        <Link href={`/p/${project.id}`} className="icon" aria-label={t("Back to {name}", { name: project.name })}>
          <span className="wide-mark">
            <Mark />
          </span>
          <ChevronLeft className="i narrow-back" aria-hidden="true" />
        </Link>
      ) : (
        <Mark />
      )}
      <div className="where">
        {project && (
          <span className="crumb-project line-up">
            <Link href={`/p/${project.id}`}>{project.name}</Link>
            <span className="faint" aria-hidden="true">
              /
            </span>
          </span>
        )}
        <Title title={title} mayRename={mayRename} onRename={onRename} />
        <span className={showStatus ? "bar-status" : "phone-status"}>
          <StatusLine status={status} now={now} />
        </span>
      </div>
      <button type="button" className="goto" onClick={onGoTo}>
        <Search className="i s" aria-hidden="true" />
        <span className="grow">{t("Go to anything")}</span>
        <kbd>{keyWords("Ctrl+P")}</kbd>
      </button>
      <People people={people} onOpen={onOpen} />
      {onShare && (
        <button
          type="button"
          className="btn"
          aria-label={guests > 0 ? t("Share, {n} waiting to be let in", { n: guests }) : t("Share")}
          onClick={onShare}
        >
          <Share2 className="i s" aria-hidden="true" />
          <span className="share-words">{t("Share")}</span>
          {guests > 0 && <span className="count ask">{guests}</span>}
        </button>
      )}
      {children}
      <YouMenu me={me} colour={colour} />
    </header>
  );
}

function Title({ title, mayRename, onRename }: Pick<Props, "title" | "mayRename" | "onRename">) {
  const [text, setText] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const name = title || t("New session");
  useCommands(
    mayRename
      ? [{ id: "session.rename", title: t("Rename this session"), group: t("Session"), run: () => setText(title) }]
      : [],
  );
  const save = () => {
    const next = text?.trim() ?? "";
    setText(undefined);
    if (next !== "" && next !== title)
      onRename(next).then(
        () => setProblem(undefined),
        (cause) => setProblem(words(cause)),
      );
  };
  if (text !== undefined)
    return (
      <input
        className="field"
        aria-label={t("Title of the session")}
        maxLength={120}
        value={text}
        // biome-ignore lint/a11y/noAutofocus: it opened by the reader's own click
        autoFocus
        onChange={(event) => setText(event.target.value)}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key === "Enter") save();
          if (event.key === "Escape") setText(undefined);
        }}
      />
    );
  return (
    <>
      {mayRename ? (
        <button type="button" className="now cut" title={t("Rename")} onClick={() => setText(title)}>
          {name}
        </button>
      ) : (
        <span className="now cut">{name}</span>
      )}
      {problem && <span className="wrong cut">{problem}</span>}
    </>
  );
}
