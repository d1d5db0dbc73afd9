import type { ComponentType } from "react";

export interface PatchProps {
  patch: string; // of one file, as git writes it
  path: string;
}

export interface MergeProps {
  path: string;
  before: string; // as it was before the step
  now: string;
  onTake: (text: string) => void;
  onCancel: () => void;
}

/** What the timeline and the undo of a step are shown with; other capabilities have them. */
export interface TravelViews {
  Patch: ComponentType<PatchProps>;
  Merge: ComponentType<MergeProps>;
}
