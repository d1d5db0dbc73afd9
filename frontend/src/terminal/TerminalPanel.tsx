import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useEffect, useState } from "react";
import { t } from "../text/text";
import { Trouble } from "../ui/Trouble";
import { api, words } from "../wire/api";
import { focusTerminal, takeFocusSoon } from "./focus";
import { TerminalView } from "./TerminalView";
import "./terminal.css";

interface Props {
  session: string;
  me: string; // my name
  mayType: boolean; // a member who drives
  ended: boolean; // access to the session
  onPort: (port: number, path: string) => void;
  onSay: (text: string) => void;
}

interface OpenTerminal {
  name: string;
  typist?: string;
  viewers: number;
}

const FIRST = "main";
const LOOK_MS = 5_000; // others open and close terminals, too

/** A session's terminals as tabs; the one in front is shown. */
export function TerminalPanel({ session, me, mayType, ended, onPort, onSay }: Props) {
  const client = useQueryClient();
  const address = `/api/v1/sessions/${session}/terminals`;
  const open = useQuery({
    queryKey: ["terminals", session],
    queryFn: async ({ signal }) => (await api.get<{ items: OpenTerminal[] }>(address, signal)).items,
    refetchInterval: LOOK_MS,
    enabled: !ended,
  });
  const [own, setOwn] = useState<string[]>([]); // opened here, perhaps not listed yet
  const [front, setFront] = useFront(session);
  const listed = (open.data ?? []).map((terminal) => terminal.name);
  const names = [...new Set([...listed, ...own])].sort(byNumber);
  const shown = names.includes(front) ? front : names[0];
  const hasNone = open.data !== undefined && names.length === 0;
  useEffect(() => {
    if (hasNone && mayType) setOwn([FIRST]);
  }, [hasNone, mayType]);

  const add = () => {
    let number = 2;
    while (names.includes(String(number))) number += 1;
    const name = names.includes(FIRST) ? String(number) : FIRST;
    setOwn((old) => [...old, name]);
    choose(name);
  };
  const choose = (name: string) => {
    setFront(name);
    if (name !== shown) takeFocusSoon();
    else focusTerminal();
  };
  const close = async (name: string) => {
    setOwn((old) => old.filter((known) => known !== name));
    client.setQueryData<OpenTerminal[]>(["terminals", session], (old) => old?.filter((known) => known.name !== name));
    if (names.length === 1) setOwn([]);
    await api.delete(`${address}/${name}`).catch((problem) => listed.includes(name) && onSay(words(problem)));
    await open.refetch();
  };

  if (open.isError && open.data === undefined)
    return (
      <Trouble
        title={t("The terminals could not be listed")}
        detail={words(open.error)}
        onRetry={() => void open.refetch()}
      />
    );
  if (hasNone && !mayType)
    return <p className="panel-note muted">{t("No terminal is open. A member who drives can open one.")}</p>;
  return (
    <div className="terminals">
      <div className="terminal-tabs">
        <div role="tablist" aria-label={t("Terminals")} className="terminal-list">
          {names.map((name) => (
            <button
              key={name}
              type="button"
              role="tab"
              aria-selected={name === shown}
              tabIndex={name === shown ? 0 : -1}
              className={`terminal-tab inset ${name === shown ? "on" : ""}`}
              onClick={() => choose(name)}
              onAuxClick={(event) => event.button === 1 && mayType && void close(name)}
              onKeyDown={(event) => {
                const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
                const next = step && names[(names.indexOf(name) + step + names.length) % names.length];
                if (event.key === "Delete" && mayType) void close(name);
                else if (next) toTab(event.currentTarget, next, setFront);
                else return;
                event.preventDefault();
              }}
            >
              <span data-name={name}>{titleOf(name)}</span>
              {mayType && (
                // the mouse's way; keys have Delete
                <span
                  className="close"
                  aria-hidden="true"
                  title={t("Close {name}", { name: titleOf(name) })}
                  onClick={(event) => {
                    event.stopPropagation();
                    void close(name);
                  }}
                >
                  <X className="i s" />
                </span>
              )}
            </button>
          ))}
        </div>
        {mayType && (
          <button type="button" className="icon s" aria-label={t("New terminal")} onClick={add}>
            <Plus className="i s" aria-hidden="true" />
          </button>
        )}
      </div>
      {shown !== undefined && (
        <TerminalView
          key={shown}
          session={session}
          name={shown}
          title={titleOf(shown)}
          me={me}
          mayType={mayType}
          ended={ended}
          onPort={onPort}
          onSay={onSay}
        />
      )}
    </div>
  );
}

/** From tab to tab by arrow keys: the focus stays among them. */
function toTab(from: HTMLElement, name: string, show: (name: string) => void): void {
  show(name);
  from.parentElement?.querySelector<HTMLElement>(`[data-name="${CSS.escape(name)}"]`)?.parentElement?.focus();
}

function titleOf(name: string): string {
  return name === FIRST ? t("Shell") : /^\d+$/u.test(name) ? t("Shell {n}", { n: name }) : name;
}

function byNumber(a: string, b: string): number {
  if (a === FIRST || b === FIRST) return a === FIRST ? -1 : 1;
  return a.localeCompare(b, "en", { numeric: true });
}

/** Which one is in front, also after a reload of this tab. */
function useFront(session: string): [string, (name: string) => void] {
  const key = `cleanroom.terminal.${session}`;
  const [front, setFront] = useState(() => sessionStorage.getItem(key) ?? FIRST);
  return [
    front,
    (name) => {
      sessionStorage.setItem(key, name);
      setFront(name);
    },
  ];
}
