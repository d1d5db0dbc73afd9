import { type KeyboardEvent, type ReactNode, useCallback, useMemo, useRef, useState } from "react";
import { Avatar } from "../ui/Avatar";
import { Skeleton, Trouble } from "../ui/Trouble";
import { words } from "../wire/api";
import { Announcer } from "./Announcer";
import { ApprovalDock } from "./ApprovalDock";
import { Composer } from "./Composer";
import { commandsOf, type ModelInfo, type SessionInfo } from "./commands";
import { isBusy } from "./conversation";
import { Log } from "./Log";
import { colourOf, peopleOf } from "./people";
import { Queue } from "./Queue";
import type { SessionRole } from "./role";
import { rowsOf } from "./rows";
import { StatusLine } from "./StatusLine";
import { hourOf, type Status, took } from "./status";
import type { SessionView } from "./store";
import { TodoStrip } from "./TodoStrip";

interface Props {
  info: SessionInfo;
  view: SessionView;
  status: Status;
  now: number;
  role: SessionRole;
  isGuest: boolean;
  me: string;
  models: ModelInfo[];
  onTyping: (typing: boolean) => void;
  onOpen: (path: string) => void;
  onNewSession: (() => void) | undefined;
  banner?: ReactNode;
  welcome?: ReactNode; // stands in an empty log
  ended: ReactNode; // stands in the composer's place when access ended
}

const TWICE_MS = 2_000; // a second Escape within this stops the turn

/** The conversation: status, this turn's prompt, to-do strip, log, what waits, composer. */
export function Talk(props: Props) {
  const { info, view, status, now, role, isGuest, me, models, onTyping, onOpen, onNewSession } = props;
  const { conversation } = view;
  const commands = useMemo(() => commandsOf(info.id), [info.id]);
  const [sent, setSent] = useState(0);
  const [notice, setNotice] = useState<string>();
  const busy = isBusy(conversation);
  const mayDrive = role !== "watch";
  const rows = useMemo(() => rowsOf(conversation, view.blocks), [conversation, view.blocks]);
  const people = conversation.people;
  const fullOutput = useCallback((callId: string) => commands.output(callId), [commands]);
  const onContinue = useCallback(
    (turnId: string) => {
      setNotice(undefined);
      commands.continueTurn(turnId).then(
        () => setSent((count) => count + 1),
        (problem) => setNotice(words(problem)),
      );
    },
    [commands],
  );
  const stop = useStopTwice(busy && mayDrive, async () => {
    await commands.interrupt().catch((problem) => setNotice(words(problem)));
  });
  const queue = busy ? conversation.queue : conversation.queue.slice(1);
  const mine = conversation.queue.findLast((prompt) => prompt.actor.id === me);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape twice anywhere in the conversation stops the turn
    <div className="talk" onKeyDown={stop.keys}>
      <div className="talkhead">
        <h2 className="vh">Conversation</h2>
        <StatusLine status={status} now={now} />
        <span className="grow" />
        {conversation.turn && busy && (
          <span className="hint num cut">
            {stepWords(Math.max(conversation.turn.step, view.blocks.at(-1)?.step ?? 0))}
            {took(Math.max(0, now - Date.parse(conversation.turn.startedAt)))}
          </span>
        )}
      </div>
      {props.banner}
      <ThisTurn view={view} people={people} />
      {conversation.todos.length > 0 && <TodoStrip todos={conversation.todos} />}
      {view.loading ? (
        <div className="logbox">
          <div className="grow" style={{ padding: "var(--space-4)" }}>
            <Skeleton label="Loading the conversation" />
          </div>
        </div>
      ) : view.problem ? (
        <div className="logbox">
          <div className="grow" style={{ padding: "var(--space-4)" }}>
            <Trouble
              title="The conversation could not be loaded"
              detail={view.problem.message}
              onRetry={() => location.reload()}
            />
          </div>
        </div>
      ) : rows.length === 0 && props.welcome ? (
        <div className="logbox welcome">{props.welcome}</div>
      ) : (
        <Log
          session={info.id}
          rows={rows}
          people={people}
          outputs={view.outputs}
          now={now}
          mayAnswer={mayDrive}
          sent={sent}
          onOpen={onOpen}
          onContinue={mayDrive && !busy && conversation.queue.length === 0 ? onContinue : undefined}
          onNewSession={onNewSession}
          fullOutput={fullOutput}
        />
      )}
      <ApprovalDock
        approvals={conversation.approvals}
        mayAnswer={mayDrive}
        mayRemember={mayDrive && !isGuest}
        me={me}
        answered={
          (conversation.answered?.sequence ?? 0) > view.loadedAt && !view.loading ? conversation.answered : undefined
        }
        onAnswer={(callId, decision) => commands.answer(callId, decision)}
      />
      {(stop.armed || notice) && (
        <p className={notice ? "banner bad" : "banner"} role="status">
          {notice ?? "Esc again stops the turn"}
        </p>
      )}
      {view.connection.state === "ended" ? (
        <div className="composer">{props.ended}</div>
      ) : mayDrive ? (
        <div className="composer">
          <Queue
            queue={queue}
            people={people}
            mayEdit
            me={me}
            onChange={(promptId, text) => commands.changePrompt(promptId, text)}
            onWithdraw={(promptId) => commands.withdrawPrompt(promptId)}
          />
          <Composer
            session={info.id}
            busy={busy}
            empty={conversation.entries.length === 0}
            mode={conversation.mode ?? info.mode}
            model={conversation.model ?? info.model}
            models={models}
            mayChoose={!isGuest}
            costUsd={conversation.costUsd}
            contextTokens={conversation.contextTokens}
            typists={peopleOf(view.present)
              .filter((person) => person.typing && person.id !== me)
              .map((person) => person.name)}
            onSend={async (text, deliver) => {
              setSent((count) => count + 1);
              await commands.prompt(text, deliver);
            }}
            onStop={() => commands.interrupt()}
            onTyping={onTyping}
            onMode={async (mode) => void (await commands.change({ mode }))}
            onModel={async (model) => void (await commands.change({ model }))}
            takeBack={async () => {
              if (!busy || mine === undefined) return undefined;
              await commands.withdrawPrompt(mine.id);
              return mine.text;
            }}
          />
        </div>
      ) : (
        <div className="composer">
          <Queue queue={queue} people={people} mayEdit={false} me={me} onChange={refuse} onWithdraw={refuse} />
          <p className="muted">
            {isGuest
              ? "You are watching. A member can let you drive."
              : "You are watching. Ask an editor of this project to let you drive."}
          </p>
        </div>
      )}
      <Announcer view={view} />
    </div>
  );
}

const stepWords = (step: number) => (step === 0 ? "" : `step ${step}, `);

const refuse = async () => undefined;

/** This turn's prompt in one line. */
function ThisTurn({ view, people }: { view: SessionView; people: string[] }) {
  const { turn, entries } = view.conversation;
  const prompt = entries.findLast((entry) => entry.kind === "prompt" && entry.id === turn?.promptId);
  if (prompt?.kind !== "prompt") return null;
  const { actor } = prompt;
  return (
    <div className="stuck">
      <Avatar name={actor.name ?? "?"} colour={colourOf(people, actor.id)} size="s" />
      <span className="cut grow">
        <span className="vh">This turn’s prompt, by {actor.name}: </span>
        {prompt.text}
      </span>
      <span className="faint num">{hourOf(prompt.at)}</span>
    </div>
  );
}

/** Escape twice within two seconds stops the turn; the first says so. */
function useStopTwice(active: boolean, stop: () => Promise<void>) {
  const [armed, setArmed] = useState(false);
  const timer = useRef(0);
  const keys = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !active || event.defaultPrevented) return;
    clearTimeout(timer.current);
    if (armed) {
      setArmed(false);
      void stop();
      return;
    }
    setArmed(true);
    timer.current = window.setTimeout(() => setArmed(false), TWICE_MS);
  };
  return { armed: armed && active, keys };
}
