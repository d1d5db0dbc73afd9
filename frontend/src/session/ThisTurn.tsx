import { t } from "../text/text";
import { Avatar } from "../ui/Avatar";
import { Revealed } from "../ui/Revealed";
import type { PromptEntry } from "./conversation";
import { colourOf } from "./people";
import { hourOf } from "./status";

interface Props {
  prompt: PromptEntry;
  people: string[];
  onGo: () => void;
}

/** This turn's prompt in one line; a click goes to it. */
export function ThisTurn({ prompt, people, onGo }: Props) {
  const { actor, text, at } = prompt;
  return (
    <button type="button" className="stuck inset" title={t("Go to this prompt")} onClick={onGo}>
      <Avatar name={actor.name || "?"} colour={colourOf(people, actor.id)} size="s" />
      <span className="cut grow">
        <span className="vh">{t("This turn’s prompt, by {who}:", { who: actor.name || t("somebody") })} </span>
        <Revealed text={text} />
      </span>
      <span className="faint num">{hourOf(at)}</span>
    </button>
  );
}
