import { ArrowDown, ArrowUp, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { t } from "../text/text";
import { copyText } from "../ui/copy";
import { Revealed } from "../ui/Revealed";
import { socketAddress } from "../wire/socket";
import { takesFocus } from "./focus";
import { KeyRow } from "./KeyRow";
import { isAnswer, localPort, withCtrl } from "./keys";
import { ACCESS_ENDED, type LineState, TerminalLine, type Typist } from "./line";
import type { Screen } from "./screen";

interface Props {
  session: string;
  name: string;
  title: string;
  me: string; // my name, as the others see it
  mayType: boolean;
  ended: boolean; // access to the session
  onPort: (port: number, path: string) => void; // a server's own address was clicked
  onSay: (text: string) => void; // what the clipboard refused
}

const QUIET_MS = 300; // without a byte: what came before was replayed
const REPLAY_MS = 2_000; // at most; a program that never pauses is not replayed for ever
const SLOW_MS = 300; // before a word about waiting

/** One terminal: its screen, who types, and what its connection is doing. */
export function TerminalView({ session, name, title, me, mayType, ended, onPort, onSay }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [screen, setScreen] = useState<Screen>();
  const line = useRef<TerminalLine | undefined>(undefined);
  const [state, setState] = useState<LineState>({ state: "connecting" });
  const [typist, setTypist] = useState<Typist>({ you: false, name: undefined });
  const [link, setLink] = useState<string>();
  const [finding, setFinding] = useState(false);
  const [ctrl, setCtrl] = useState(false);
  const isThere = state.state === "open" || state.state === "connecting"; // its line holds keys until there is a shell
  const types = mayType && (typist.you || typist.name === undefined) && isThere;
  const latest = useRef({ types, ctrl, state, onPort, onSay });
  latest.current = { types, ctrl, state, onPort, onSay };

  useEffect(() => {
    let over = false;
    let made: Screen | undefined;
    let replayEnds = 0;
    let replayLasts = 0;
    void import("./screen").then((module) => {
      if (over || place.current === null) return;
      const input = (data: string) => {
        const { types, ctrl } = latest.current;
        const now = performance.now();
        if (!types || (isAnswer(data) && now < Math.min(replayEnds, replayLasts))) return;
        line.current?.send(ctrl ? withCtrl(data) : data);
        if (ctrl) setCtrl(false);
      };
      const shown = new module.Screen(place.current, title, {
        input,
        binary: (data) => line.current?.send(Uint8Array.from(data, (letter) => letter.charCodeAt(0))),
        size: (columns, rows) => line.current?.resize(columns, rows),
        hover: setLink,
        follow: (address) => {
          const local = localPort(address);
          if (local) latest.current.onPort(local.port, local.path);
          else window.open(address, "_blank", "noopener,noreferrer");
        },
        key: (event) => {
          if (event.type !== "keydown") return true;
          if (latest.current.state.state === "exited" && event.key === "Enter") {
            event.preventDefault();
            line.current?.connect();
            return false;
          }
          return !isOurs(event, shown, { find: () => setFinding(true), say: latest.current.onSay });
        },
      });
      made = shown;
      setScreen(shown);
      if (takesFocus()) shown.focus();
      line.current = new TerminalLine({
        address: () => {
          const { columns, rows } = shown.size;
          return socketAddress(`/ws/sessions/${session}/terminals/${name}?cols=${columns}&rows=${rows}`);
        },
        opened: () => {
          replayLasts = performance.now() + REPLAY_MS;
          replayEnds = performance.now() + QUIET_MS;
          setTypist({ you: false, name: undefined });
          shown.reset();
        },
        bytes: (bytes) => {
          replayEnds = performance.now() + QUIET_MS;
          shown.write(bytes, () => line.current?.parsed(bytes.length));
        },
        typist: setTypist,
        gap: (bytes) =>
          shown.write(`\r\n\x1b[2m… ${t("{n} KB were left out", { n: Math.ceil(bytes / 1024) })} …\x1b[0m\r\n`),
        state: setState,
      });
    });
    return () => {
      over = true;
      line.current?.close();
      line.current = undefined;
      made?.dispose();
      setScreen(undefined);
    };
  }, [session, name, title]);

  useEffect(() => {
    if (ended && screen !== undefined) line.current?.end();
  }, [ended, screen]);
  useEffect(() => screen?.setReadOnly(!types && state.state !== "exited"), [screen, types, state]);
  useEffect(() => {
    if (screen === undefined || !typist.you) return;
    const { columns, rows } = screen.size;
    line.current?.resize(columns, rows); // the shell takes the size of who types
  }, [screen, typist.you]);

  const press = (keys: string) => {
    if (types) line.current?.send(keys);
    screen?.focus();
  };
  return (
    <div className="terminal" data-state={state.state}>
      <div className="terminal-place" ref={place} />
      {finding && screen && (
        <Find
          onFind={(words, forward) => screen.find(words, forward)}
          onClose={() => {
            setFinding(false);
            screen.clearSelection();
            screen.focus();
          }}
        />
      )}
      <TerminalWord
        state={screen === undefined ? { state: "connecting" } : state}
        typist={typist}
        me={me}
        mayType={mayType}
        link={link}
        onTake={() => {
          line.current?.take();
          screen?.focus();
        }}
        onConnect={() => {
          line.current?.connect();
          screen?.focus();
        }}
      />
      {mayType && <KeyRow ctrl={ctrl} onCtrl={() => setCtrl(!ctrl)} onPress={press} />}
    </div>
  );
}

interface Ways {
  find: () => void;
  say: (text: string) => void;
}

/** Keys that never reach the shell: find, copy, paste, and the page's own few. */
function isOurs(event: KeyboardEvent, screen: Screen, { find, say }: Ways): boolean {
  const { key, ctrlKey, shiftKey, altKey, metaKey } = event;
  const isMine = () => {
    event.preventDefault();
    return true;
  };
  if (ctrlKey && !altKey && !metaKey && !shiftKey && key.toLowerCase() === "f") {
    find();
    return isMine();
  }
  if (ctrlKey && shiftKey && key.toLowerCase() === "c") {
    if (screen.selection !== "")
      void copyText(screen.selection).then(
        (done) =>
          done || say(t("The browser did not let the text be copied. Select it and use the browser's own menu.")),
      );
    return isMine();
  }
  if (ctrlKey && shiftKey && key.toLowerCase() === "v") {
    navigator.clipboard
      .readText()
      .then((text) => screen.paste(text))
      .catch(() =>
        say(t("The browser did not give its clipboard. Use its own menu to paste, or allow it for this page.")),
      );
    return isMine();
  }
  return ["F1", "F6", "F8"].includes(key) || (ctrlKey && key === "`"); // the page's: they go on to it
}

interface WordProps {
  state: LineState;
  typist: Typist;
  me: string;
  mayType: boolean;
  link: string | undefined;
  onTake: () => void;
  onConnect: () => void;
}

/** One line below the screen when there is something to say; else nothing. */
function TerminalWord({ state, typist, me, mayType, link, onTake, onConnect }: WordProps) {
  const slow = useSlow(state.state === "connecting" || state.state === "reconnecting");
  if (link !== undefined)
    return (
      <p className="terminal-word">
        <span className="cut">
          <Revealed text={link} />
        </span>
      </p>
    );
  switch (state.state) {
    case "connecting":
      return slow ? (
        <p className="terminal-word" role="status">
          {t("Starting the terminal")}
        </p>
      ) : null;
    case "reconnecting":
      return slow ? (
        <p className="terminal-word" role="status">
          {t("Reconnecting. What runs goes on.")}
        </p>
      ) : null;
    case "exited":
      return (
        <p className="terminal-word" role="status">
          {state.code < 0
            ? t("The sandbox was lost with this shell.")
            : t("Process ended, exit {code}.", { code: state.code })}
          {mayType && (
            <button type="button" className="btn s plain" onClick={onConnect}>
              {t("Enter starts a new shell")}
            </button>
          )}
        </p>
      );
    case "refused":
      return (
        <p className="terminal-word" role="alert">
          <span>{refusal(state.reason)}</span>
          {state.reason !== ACCESS_ENDED && (
            <button type="button" className="btn s" onClick={onConnect}>
              {t("Try again")}
            </button>
          )}
        </p>
      );
    case "open": {
      if (typist.you || (mayType && typist.name === undefined)) return null;
      const who = typist.name;
      return (
        <p className="terminal-word" role="status">
          {who === undefined ? t("You watch.") : who === me && mayType ? t("You type in another window.") : null}
          {who !== undefined && !(who === me && mayType) && (
            <span className="cut">
              <Revealed text={t("{name} types.", { name: who })} />
            </span>
          )}
          {mayType && (
            <button type="button" className="btn s" onClick={onTake}>
              {t("Take the keyboard")}
            </button>
          )}
        </p>
      );
    }
  }
}

function refusal(reason: string): string {
  switch (reason) {
    case ACCESS_ENDED:
      return t("Your access ended.");
    case "terminal.not-found":
      return t("This terminal is not open; a member who drives can open it.");
    case "terminal.limit":
      return t("A session has at most 16 terminals; close one.");
    case "sandbox.unavailable":
      return t("The sandbox could not be reached. The notice at the top of the page says more.");
    default:
      return t("The terminal could not be opened.");
  }
}

function useSlow(waits: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (!waits) return;
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, [waits]);
  return slow;
}

interface FindProps {
  onFind: (words: string, forward: boolean) => boolean;
  onClose: () => void;
}

function Find({ onFind, onClose }: FindProps) {
  const field = useRef<HTMLInputElement>(null);
  const [words, setWords] = useState("");
  const [found, setFound] = useState(true);
  useEffect(() => field.current?.focus(), []);
  const go = (forward: boolean) => setFound(words === "" || onFind(words, forward));
  return (
    <div className="terminal-find" role="search" aria-label={t("Find in the terminal")}>
      <input
        ref={field}
        type="search"
        className="field"
        aria-label={t("Find in the terminal")}
        placeholder={t("Find")}
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
          setFound(event.target.value === "" || onFind(event.target.value, false));
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") onClose();
          else if (event.key === "Enter") go(event.shiftKey);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <span className="faint" aria-live="polite">
        {found ? "" : t("Not found")}
      </span>
      <button type="button" className="icon s" aria-label={t("Previous match")} onClick={() => go(false)}>
        <ArrowUp className="i s" aria-hidden="true" />
      </button>
      <button type="button" className="icon s" aria-label={t("Next match")} onClick={() => go(true)}>
        <ArrowDown className="i s" aria-hidden="true" />
      </button>
      <button type="button" className="icon s" aria-label={t("Close the search")} onClick={onClose}>
        <X className="i s" aria-hidden="true" />
      </button>
    </div>
  );
}
