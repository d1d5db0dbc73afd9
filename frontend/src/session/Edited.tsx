import { ArrowUpRight, ChevronRight, Undo2 } from "lucide-react";
import { useContext, useMemo } from "react";
import { t } from "../text/text";
import { Diff, PlusMinus } from "../ui/Diff";
import { countChanges } from "../ui/lineDiff";
import { Revealed } from "../ui/Revealed";
import { Allowed, ToolIcon } from "./callParts";
import type { CallEntry } from "./conversation";
import { editParts } from "./edits";
import { Frame } from "./Frame";
import { LogTools } from "./logTools";
import { took } from "./status";
import { outputText, pathOf } from "./tools";
import { useUnfolded } from "./useUnfolded";

const WHOLE_DIFF = 12; // ui.md 5.4: up to this many lines a change opens whole, above it shows its first 8
const FIRST_LINES = 8;

/** A change of a file: its diff in colours, or why it was not changed. */
export function Edited({ call }: { call: CallEntry }) {
  const { density, onOpen, travel } = useContext(LogTools);
  const { commit } = call;
  const [open = density !== "lines", setOpen] = useUnfolded(call.id);
  const [all = density === "everything", setAll] = useUnfolded(`${call.id}/all`);
  const path = pathOf(call.input);
  const parts = useMemo(() => editParts(call.input), [call.input]);
  const { added, removed } = countChanges(parts);
  const failed = call.result?.failed === true;
  const slash = path.lastIndexOf("/") + 1;
  const label = failed
    ? t("edit failed, {path}", { path })
    : t("edit, {path}, {added} added, {removed} removed", { path, added, removed });
  const name = (
    <code className="cut">
      <span className="dir">
        <Revealed text={path.slice(0, slash)} />
      </span>
      <Revealed text={path.slice(slash)} />
    </code>
  );
  const facts = failed ? (
    <span className="exit-bad">{t("not changed")}</span>
  ) : (
    <PlusMinus added={added} removed={removed} />
  );
  const time = call.result ? took(call.result.durationMs) : call.waits ? t("waiting") : t("writing");
  if (!open)
    return (
      <Frame id={call.id} tone={failed ? "bad" : "agent"} label={label}>
        <button type="button" className="quiet" aria-expanded={false} onClick={() => setOpen(true)}>
          <ChevronRight className="i s chev" aria-hidden="true" />
          <ToolIcon tool={call.tool} />
          {name}
          {facts}
          <Allowed answer={call.answer} />
          <span className="time num">{time}</span>
        </button>
      </Frame>
    );
  return (
    <Frame id={call.id} tone={failed ? "bad" : "agent"} has="card" label={label}>
      <div className={`card ${failed ? "bad" : ""}`}>
        <header>
          <button type="button" className="head" aria-expanded={true} onClick={() => setOpen(false)}>
            <span className="vh">{t("Fold")} </span>
            <ToolIcon tool={call.tool} />
            {name}
          </button>
          {facts}
          <Allowed answer={call.answer} />
          <span className="grow" />
          <span className="faint num">{time}</span>
          {travel && commit !== undefined && (
            <button
              type="button"
              className="icon s"
              aria-label={t("Undo this step in {path}", { path })}
              title={t("Undo this step")}
              onClick={() => travel.undoStep(commit)}
            >
              <Undo2 className="i s" aria-hidden="true" />
            </button>
          )}
          <button
            type="button"
            className="icon s"
            aria-label={t("Open {path}", { path })}
            title={t("Open in the editor")}
            onClick={() => onOpen(path)}
          >
            <ArrowUpRight className="i s" aria-hidden="true" />
          </button>
        </header>
        {failed ? (
          <div className="why-not">
            <Revealed text={outputText(call.result?.output ?? "")} />
          </div>
        ) : (
          <Diff
            parts={parts}
            path={path}
            numbers={call.tool === "Write"}
            all={all}
            onAll={() => setAll(true)}
            {...(parts.length > WHOLE_DIFF ? { most: FIRST_LINES } : {})}
          />
        )}
      </div>
    </Frame>
  );
}
