import { useMemo } from "react";
import { filePatch, hunkLines } from "../changes/patch";
import type { MergeProps, PatchProps, TravelViews } from "../session/travelViews";
import { t } from "../text/text";
import { Diff } from "../ui/Diff";
import { lazily } from "../ui/lazily";

const CompareView = lazily(() => import("../editor/CompareView").then((module) => module.CompareView));

const FIRST_LINES = 40; // of a file's change; the rest behind a line that says how many

function Patch({ patch, path }: PatchProps) {
  const parts = useMemo(() => filePatch(patch).hunks.flatMap(hunkLines), [patch]);
  return <Diff parts={parts} path={path} most={FIRST_LINES} />;
}

function Merge({ path, before, now, onTake, onCancel }: MergeProps) {
  return (
    <CompareView
      path={path}
      theirs={before}
      mine={now}
      names={{ theirs: t("Before the step"), mine: t("Now: edit it here until it is right") }}
      onTake={onTake}
      onCancel={onCancel}
    />
  );
}

/** How the conversation shows changes and merges: with the parts of the editor and of the review. */
export const travelViews: TravelViews = { Patch, Merge };
