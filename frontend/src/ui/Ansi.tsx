import { memo } from "react";
import { ansi } from "./ansi";
import { Revealed } from "./Revealed";

/** A command's output with its colours; every other control character is made visible. */
export const Ansi = memo(function Ansi({ text }: { text: string }) {
  return ansi(text).map((run, index) => (
    <span key={index} className={run.className || undefined}>
      <Revealed text={run.text} />
    </span>
  ));
});
