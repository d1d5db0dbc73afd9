import { Fragment, type ReactNode } from "react";
import { t } from "../text/text";

/** A translated sentence with elements in its holes: `{name}` stands for `values.name`. */
export function Words({ text, values }: { text: string; values: Record<string, ReactNode> }) {
  return t(text)
    .split(/\{(\w+)\}/u)
    .map((part, index) => <Fragment key={index}>{index % 2 === 0 ? part : values[part]}</Fragment>);
}
