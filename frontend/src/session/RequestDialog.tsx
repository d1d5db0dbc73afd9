import { useQuery } from "@tanstack/react-query";
import { t, tn } from "../text/text";
import { CopyButton } from "../ui/CopyButton";
import { Dialog } from "../ui/Dialog";
import { Revealed } from "../ui/Revealed";
import { Skeleton, Trouble } from "../ui/Trouble";
import { words } from "../wire/api";
import { short } from "./ContextMeter";
import type { Commands, SentRequest } from "./commands";

interface Props {
  session: string;
  commands: Commands;
  turnId: string;
  step: number;
  onClose: () => void;
}

/** What the model was sent in one step: every part with its size, to read and to copy. */
export function RequestDialog({ session, commands, turnId, step, onClose }: Props) {
  const request = useQuery({
    queryKey: ["request", session, turnId, step],
    queryFn: ({ signal }) => commands.request(turnId, step, signal),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY, // it was sent: it does not change
  });
  return (
    <Dialog title={t("What the model was sent, step {step}", { step })} onClose={onClose}>
      {request.data ? (
        <Sent request={request.data} />
      ) : (
        <section>
          {request.isError ? (
            <Trouble
              title={t("The request could not be read")}
              detail={words(request.error)}
              onRetry={() => void request.refetch()}
            />
          ) : (
            <Skeleton label={t("Reading the request")} />
          )}
        </section>
      )}
    </Dialog>
  );
}

function Sent({ request }: { request: SentRequest }) {
  const { model, system, tools, messages, tokens } = request;
  return (
    <section className="request">
      <p className="facts">
        <code className="grow cut">{model}</code>
        <span className="num">{t("{n} tokens", { n: short(tokens) })}</span>
        <CopyButton text={() => JSON.stringify(request, null, 2)} label={t("Copy as JSON")} />
      </p>
      <Part title={t("System prompt")} text={system} />
      <details>
        <summary className="quiet">
          <b>{t("Tools")}</b>
          <span className="cut">{tools.map((tool) => tool.name).join(", ")}</span>
          <span className="time num">{short(tools.reduce((sum, tool) => sum + tool.tokens, 0))}</span>
        </summary>
        <ul className="parts">
          {tools.map((tool) => (
            <li key={tool.name} className="facts">
              <code className="grow">{tool.name}</code>
              <span className="num">{short(tool.tokens)}</span>
            </li>
          ))}
        </ul>
      </details>
      <h3>{tn(messages.length, "{n} message", "{n} messages")}</h3>
      {messages.map((message, index) =>
        message.parts.map((part, place) => (
          <Part
            key={`${index}/${place}`}
            title={`${message.role}, ${part.kind}`}
            text={part.text}
            tokens={part.tokens}
            open={index === messages.length - 1}
          />
        )),
      )}
    </section>
  );
}

interface PartProps {
  title: string;
  text: string;
  tokens?: number;
  open?: boolean;
}

function Part({ title, text, tokens, open }: PartProps) {
  return (
    <details open={open}>
      <summary className="quiet">
        <b>{title}</b>
        <span className="cut">
          <Revealed text={text.slice(0, 200).split("\n")[0] ?? ""} />
        </span>
        {tokens !== undefined && <span className="time num">{short(tokens)}</span>}
      </summary>
      <pre className="out all" tabIndex={0}>
        <Revealed text={text} />
      </pre>
    </details>
  );
}
