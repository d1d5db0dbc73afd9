import { ExternalLink, RotateCw, Smartphone } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { t, tn } from "../text/text";
import { Revealed } from "../ui/Revealed";
import { Trouble } from "../ui/Trouble";
import { words } from "../wire/api";
import { type PageMessage, pageMessage, promptAbout } from "./messages";
import { openInTab, openPreview } from "./ports";
import "./preview.css";

interface Props {
  session: string;
  port: number;
  start?: string; // path where it begins
  onPrompt?: ((text: string) => void) | undefined; // missing: one may not prompt
  onSay: (text: string) => void;
}

const MOST_MESSAGES = 200; // a page that fails in a loop

/** A page of a program in the sandbox, on an origin of its own, with what goes wrong in it. */
export function PreviewPane({ session, port, start = "/", onPrompt, onSay }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [shown, setShown] = useState<{ url: string; origin: string }>();
  const [problem, setProblem] = useState<unknown>();
  const [path, setPath] = useState(start); // where the page says it is
  const [typed, setTyped] = useState<string>(); // while one types another address
  const [messages, setMessages] = useState<PageMessage[]>([]);
  const [unfolded, setUnfolded] = useState(false);
  const [narrow, setNarrow] = useState(false);
  const errors = messages.filter((message) => message.kind === "error");

  /** Each time with a ticket: the frame's own pass may be over. */
  const go = useCallback(
    async (to: string) => {
      setProblem(undefined);
      try {
        setShown(await openPreview(session, port, to));
        setPath(to);
      } catch (refused) {
        setProblem(refused);
      }
    },
    [session, port],
  );
  useEffect(() => void go(start), [go, start]);

  const origin = shown?.origin;
  useEffect(() => {
    const hear = (event: MessageEvent) => {
      if (event.origin !== origin || event.source !== frame.current?.contentWindow) return;
      const message = pageMessage(event.data);
      if (message === undefined) return;
      if (message.kind === "address" || message.kind === "page") setPath(message.text);
      if (message.kind === "page") setMessages([]);
      if (message.kind === "error" || message.kind === "warning")
        setMessages((old) => [...old.slice(1 - MOST_MESSAGES), message]);
    };
    window.addEventListener("message", hear);
    return () => window.removeEventListener("message", hear);
  }, [origin]);

  if (problem !== undefined)
    return (
      <Trouble title={t("The preview could not be opened")} detail={words(problem)} onRetry={() => void go(path)} />
    );
  return (
    <div className="preview-pane">
      <form
        className="preview-bar"
        onSubmit={(event) => {
          event.preventDefault();
          const to = typed ?? path;
          setTyped(undefined);
          void go(pathOf(to));
        }}
      >
        <button
          type="button"
          className="icon s"
          aria-label={t("Reload the preview")}
          onClick={() => void go(path.split("#")[0] ?? "/")}
        >
          <RotateCw className="i s" aria-hidden="true" />
        </button>
        <span className="preview-address grow">
          <code className="faint">localhost:{port}</code>
          <input
            aria-label={t("Address in the preview")}
            spellCheck={false}
            value={typed ?? path}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Escape") setTyped(undefined);
            }}
          />
        </span>
        <button
          type="button"
          className={`icon s ${narrow ? "on" : ""}`}
          aria-label={t("As wide as a phone")}
          aria-pressed={narrow}
          onClick={() => setNarrow(!narrow)}
        >
          <Smartphone className="i s" aria-hidden="true" />
        </button>
        <button
          type="button"
          className="icon s"
          aria-label={t("Open in tab")}
          onClick={() => void openInTab(session, port, path.split("#")[0]).catch((refused) => onSay(words(refused)))}
        >
          <ExternalLink className="i s" aria-hidden="true" />
        </button>
      </form>
      <div className={`preview-stage ${narrow ? "narrow" : ""}`}>
        {shown && (
          <iframe
            ref={frame}
            key={shown.url}
            title={t("Preview of :{port}", { port })}
            src={shown.url}
            sandbox="allow-scripts allow-same-origin allow-forms"
          />
        )}
      </div>
      {messages.length > 0 && (
        <section className="preview-console" aria-label={t("Console of the page")}>
          <div className="preview-console-head">
            <button
              type="button"
              className="btn s plain"
              aria-expanded={unfolded}
              onClick={() => setUnfolded(!unfolded)}
            >
              {errors.length > 0
                ? tn(errors.length, "{n} error in the page", "{n} errors in the page")
                : tn(messages.length, "{n} warning in the page", "{n} warnings in the page")}
            </button>
            <span className="grow" />
            {onPrompt && (
              <button
                type="button"
                className="btn s"
                onClick={() => onPrompt(promptAbout(port, path, errors.length > 0 ? errors : messages))}
              >
                {t("Send to the agent")}
              </button>
            )}
          </div>
          {unfolded && (
            <ol className="preview-messages">
              {messages.map((message, index) => (
                <li key={index} className={message.kind}>
                  <span className="vh">{message.kind === "error" ? t("Error:") : t("Warning:")}</span>
                  <code>
                    <Revealed text={message.text} />
                  </code>
                </li>
              ))}
            </ol>
          )}
        </section>
      )}
    </div>
  );
}

/** Of what somebody typed: a path, or a whole address whose path counts. */
function pathOf(typed: string): string {
  try {
    const { pathname, search } = new URL(typed, "http://localhost");
    return pathname + search;
  } catch {
    return "/";
  }
}
