import { Check, Copy, CopyX, type LucideIcon } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { t } from "../text/text";
import { copyText } from "./copy";

const SHOWN_MS = 1_500; // long enough to see that it worked

interface Props {
  text: string | (() => string); // a function where making the text is work
  label?: string;
  icon?: boolean; // without its label on the screen
  Icon?: LucideIcon; // before it was pressed
}

/** Copies a text and says so, or that the browser refused. */
export function CopyButton({ text, label = t("Copy"), icon = false, Icon: Usual = Copy }: Props) {
  const [done, setDone] = useState<boolean>();
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    setDone(await copyText(typeof text === "string" ? text : text()));
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setDone(undefined), SHOWN_MS);
  };
  const Icon = done === undefined ? Usual : done ? Check : CopyX;
  const words = done === undefined ? label : done ? t("Copied") : t("The browser refused: select it and copy by hand");
  if (!icon)
    return (
      <button type="button" className="btn s" onClick={() => void copy()}>
        <Icon className="i s" aria-hidden="true" />
        <span aria-live="polite">{words}</span>
      </button>
    );
  return (
    <button type="button" className="icon s" aria-label={label} title={words} onClick={() => void copy()}>
      <Icon className="i s" aria-hidden="true" />
      <span className="vh" aria-live="polite">
        {done === undefined ? "" : words}
      </span>
    </button>
  );
}
