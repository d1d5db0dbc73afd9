import { createContext, type ReactNode, useContext } from "react";
import { t } from "../text/text";
import { copyText } from "../ui/copy";
import { Menu, MenuItem } from "../ui/Menu";
import { LogTools } from "./logTools";

/** Which row of the log an entry stands in: set once a row, read by its frame. */
export interface RowPlace {
  step?: number; // on the first row of a step
  turnId: string | undefined;
  sequence: number | undefined; // of the event that made it
}

export const RowPlace = createContext<RowPlace>({ turnId: undefined, sequence: undefined });

interface Props {
  id: string;
  tone: "agent" | "person" | "asks" | "bad" | "gap" | "plain";
  has?: "card" | "text";
  label: string;
  colour?: number;
  children: ReactNode;
}

/** One entry of the log: step number, thread, body. */
export function Frame({ id, tone, has, label, colour, children }: Props) {
  const { step } = useContext(RowPlace);
  const name = step === undefined ? label : t("Step {step}, {label}", { step, label });
  return (
    <article
      className={`entry ${tone} ${has ? `has-${has}` : ""} ${colour === undefined ? "" : `who-${colour}`}`}
      data-entry={id}
      aria-label={name}
      tabIndex={-1}
    >
      <StepNumber />
      <div className="body">{children}</div>
    </article>
  );
}

/** A step's number, and what can be asked about the step. */
function StepNumber() {
  const { step, turnId, sequence } = useContext(RowPlace);
  const { onRequest } = useContext(LogTools);
  if (step === undefined) return <span className="step" />;
  return (
    <span className="step">
      <Menu label={t("Step {step}", { step })} className="step-number" trigger={step}>
        {(close) => (
          <>
            {turnId !== undefined && (
              <MenuItem
                onChoose={() => {
                  close();
                  onRequest(turnId, step);
                }}
              >
                {t("What the model was sent")}
              </MenuItem>
            )}
            <MenuItem
              onChoose={() => {
                close();
                void copyText(`${location.origin}${location.pathname}#event-${sequence ?? 0}`);
              }}
            >
              {t("Copy a link to this step")}
            </MenuItem>
          </>
        )}
      </Menu>
    </span>
  );
}
