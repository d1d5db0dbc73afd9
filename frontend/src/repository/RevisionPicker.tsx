import { ChevronsUpDown, GitBranch, GitCommitHorizontal } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { t } from "../text/text";
import { Revealed } from "../ui/Revealed";
import { useAnchored } from "../ui/useAnchored";
import { words } from "../wire/api";
import { type Branch, revisionWords, useBranches } from "./repository";

interface Props {
  project: string;
  at: string | undefined; // absent: the default branch
  label: string;
  onPick: (at: string | undefined) => void; // absent: the default branch
}

/** A button that says which branch, tag or commit is shown, and picks another branch or tag by typing a part of its name. */
export function RevisionPicker({ project, at, label, onPick }: Props) {
  const { open, setOpen, anchor, button, close } = useAnchored();
  const head = useBranches(project, "branches").data?.pages[0]?.items.find(({ isDefault }) => isDefault)?.name;
  const shown = at ?? head ?? t("Default branch");
  const isCommit = revisionWords(shown) !== shown;
  const Icon = isCommit ? GitCommitHorizontal : GitBranch;
  return (
    <span className="menu-anchor" ref={anchor}>
      <button
        ref={button}
        type="button"
        className="btn s revision"
        aria-label={`${label}: ${shown}`}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon className="i s" aria-hidden="true" />
        <span className={`cut ${isCommit ? "mono" : ""}`}>
          <Revealed text={revisionWords(shown)} />
        </span>
        <ChevronsUpDown className="i s" aria-hidden="true" />
      </button>
      {open && (
        <Choices
          project={project}
          at={shown}
          label={label}
          onClose={close}
          onPick={(branch) => {
            close();
            onPick(branch.isDefault ? undefined : branch.name);
          }}
        />
      )}
    </span>
  );
}

interface ChoicesProps {
  project: string;
  at: string;
  label: string;
  onPick: (branch: Branch) => void;
  onClose: () => void;
}

function Choices({ project, at, label, onPick, onClose }: ChoicesProps) {
  const [kind, setKind] = useState<"branches" | "tags">("branches");
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const found = useBranches(project, kind, text.trim());
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`[data-at="${active}"]`)?.scrollIntoView({ block: "nearest" });
  }, [active]);
  const keys = (event: KeyboardEvent) => {
    const picked = items[active];
    if (event.key === "ArrowDown") setActive(Math.min(items.length - 1, active + 1));
    else if (event.key === "ArrowUp") setActive(Math.max(0, active - 1));
    else if (event.key === "Enter" && picked) onPick(picked);
    else return;
    event.preventDefault();
  };
  return (
    <div
      className="menu down revisions"
      role="dialog"
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <input
        // biome-ignore lint/a11y/noAutofocus: the list was asked for, and typing narrows it
        autoFocus
        className="field"
        role="combobox"
        aria-expanded="true"
        aria-controls="revisions"
        aria-activedescendant={items[active] ? `revision-${active}` : undefined}
        aria-label={kind === "branches" ? t("Part of a branch's name") : t("Part of a tag's name")}
        placeholder={t("Filter")}
        value={text}
        onKeyDown={keys}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
      />
      <div className="choice" role="group" aria-label={t("Branches or tags")}>
        {(["branches", "tags"] as const).map((each) => (
          <button
            key={each}
            type="button"
            className={each === kind ? "on" : ""}
            aria-pressed={each === kind}
            onClick={() => {
              setKind(each);
              setActive(0);
            }}
          >
            {each === "branches" ? t("Branches") : t("Tags")}
          </button>
        ))}
      </div>
      <div id="revisions" ref={list} role="listbox" aria-label={kind === "branches" ? t("Branches") : t("Tags")}>
        {items.map((branch, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus and names its active choice
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys
          <div
            key={branch.name}
            id={`revision-${index}`}
            data-at={index}
            role="option"
            aria-selected={index === active}
            className={`menu-item ${index === active ? "active" : ""}`}
            onClick={() => onPick(branch)}
          >
            <span className="cut">
              <Revealed text={branch.session?.title ?? branch.name} />
            </span>
            {branch.session && <span className="hint">{t("session")}</span>}
            {branch.isDefault && <span className="hint">{t("default")}</span>}
            {branch.name === at && !branch.isDefault && <span className="hint">{t("shown")}</span>}
          </div>
        ))}
      </div>
      {found.isError && <p className="wrong">{words(found.error)}</p>}
      {found.isSuccess && items.length === 0 && (
        <p className="hint">
          {text !== ""
            ? t("Nothing matches “{text}”.", { text })
            : kind === "tags"
              ? t("There are no tags.")
              : t("There are no branches.")}
        </p>
      )}
      {found.hasNextPage && (
        <button type="button" className="btn s plain" onClick={() => void found.fetchNextPage()}>
          {t("Show more")}
        </button>
      )}
    </div>
  );
}
