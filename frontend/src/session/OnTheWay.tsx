import { Clock, Pencil, X } from "lucide-react";
import { t } from "../text/text";
import { Revealed } from "../ui/Revealed";
import type { Held } from "./outbox";

interface Props {
  held: readonly Held[];
  onEdit: (key: string) => void;
  onWithdraw: (key: string) => void;
}

/** Prompts that the server does not have yet. One that is on its way shows only where that takes longer than a blink. */
export function OnTheWay({ held, onEdit, onWithdraw }: Props) {
  if (held.length === 0) return null;
  return (
    <ul className="queue" aria-label={t("Prompts that are not sent yet")}>
      {held.map((prompt) => (
        <li key={prompt.key} className={`quiet ${prompt.state}`}>
          <Clock className="i s" aria-hidden="true" />
          <span className="cut">
            <Revealed text={prompt.text} />
          </span>
          <span className="time">{prompt.state === "held" ? t("Sends when you are back") : t("Sending")}</span>
          {prompt.state === "held" && (
            <>
              <button
                type="button"
                className="icon s"
                aria-label={t("Edit this prompt")}
                onClick={() => onEdit(prompt.key)}
              >
                <Pencil className="i s" aria-hidden="true" />
              </button>
              <button
                type="button"
                className="icon s"
                aria-label={t("Withdraw this prompt")}
                onClick={() => onWithdraw(prompt.key)}
              >
                <X className="i s" aria-hidden="true" />
              </button>
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
