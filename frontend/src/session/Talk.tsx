import { Archive, Clock } from "lucide-react";
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { t } from "../text/text";
import { InsertCode } from "../ui/CodeBlock";
import { copyText } from "../ui/copy";
import { Skeleton, Trouble } from "../ui/Trouble";
import { words } from "../wire/api";
import { useCommands } from "../workbench/commands";
import { useWorkbench } from "../workbench/workbench";
import { Announcer } from "./Announcer";
import { ApprovalDock } from "./ApprovalDock";
import { commandsOf, type ModelInfo, type SessionInfo } from "./commands";
import { type CallEntry, type Conversation, type Entry, isBusy, type PromptEntry, waitingOf } from "./conversation";
import { callAbout, HostDock } from "./HostDock";
import { Log } from "./Log";
import { LogTools, type RestorePoint } from "./logTools";
import { Queue } from "./Queue";
import { RequestDialog } from "./RequestDialog";
import type { SessionRole } from "./role";
import { rowOfEvent, rowsOf, withLive } from "./rows";
import { StatusLine } from "./StatusLine";
import { type Status, took } from "./status";
import type { SessionView } from "./store";
import { type TalkCommand, TalkMenu } from "./TalkMenu";
import { ThisTurn } from "./ThisTurn";
import { Timeline } from "./Timeline";
import { TodoStrip } from "./TodoStrip";
import { asMarkdown } from "./transcript";
import type { TravelViews } from "./travelViews";
import { DENSITIES, useDensity } from "./useDensity";
import { writePrompt } from "./useDraft";
import { useLogPlace } from "./useLogPlace";
import { useStopTwice } from "./useStopTwice";
import type { OwnCommand } from "./useSuggestions";
import { useTravel } from "./useTravel";
import { Writing } from "./Writing";

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
  onOpen: (path: string, line?: number, to?: number) => void; // lines from 1, inclusive
  onInsert?: (text: string) => void; // code, where the cursor of the open editor is
  onRestore?: (to: RestorePoint) => void; // puts the session's files back
  onNewSession: (() => void) | undefined;
  onShow: () => void; // brings the conversation to the front
  onSession?: (id: string) => void; // opens another session of this project
  travelViews: TravelViews;
  onBringBack: (() => void) | undefined; // out of the archive
  enclosed?: ReactNode; // what will go along with the next prompt
  onEnclose?: (text: string) => string; // the prompt with it, as it is sent
  welcome?: ReactNode; // stands in an empty log
  ended: ReactNode; // stands in the composer's place when access ended
}

/** The conversation: status, this turn's prompt, to-do strip, log, what waits, composer. */
export function Talk(props: Props) {
  const { info, view, status, now, role, isGuest, me, models, onOpen, onInsert, onRestore, onNewSession } = props;
  const { conversation } = view;
  const { turn, people } = conversation;
  const commands = useMemo(() => commandsOf(info.id), [info.id]);
  const [sent, setSent] = useState(0);
  const [finds, setFinds] = useState(0);
  const [problem, setProblem] = useState<string>();
  const [asked, setAsked] = useState<{ turnId: string; step: number }>();
  const [density, setDensity] = useDensity();
  const busy = isBusy(conversation);
  const mayDrive = role !== "watch";
  const isArchived = info.archived === true;
  const mayWrite = mayDrive && !isArchived;
  const facts = useMemo(() => rowsOf(conversation), [conversation]);
  const rows = useMemo(() => withLive(facts, view.blocks, turn?.id), [facts, view.blocks, turn?.id]);
  const { jump, goTo } = useLogPlace(rows, view.loading);
  const prompts = useMemo(
    () => conversation.entries.filter((entry): entry is PromptEntry => entry.kind === "prompt"),
    [conversation.entries],
  );
  const attempt = useCallback(async (act: () => Promise<unknown>) => {
    try {
      await act();
      setProblem(undefined);
    } catch (cause) {
      setProblem(words(cause));
    }
  }, []);
  const onContinue = useCallback(
    (turnId: string) =>
      void attempt(async () => {
        await commands.continueTurn(turnId);
        setSent((count) => count + 1);
      }),
    [commands, attempt],
  );
  const line = view.connection.state;
  useEffect(() => {
    if (line === "open") setProblem(undefined); // what failed for want of a line is stale once it is back
  }, [line]);
  const interrupt = () => void attempt(() => commands.interrupt());
  const stop = useStopTwice(busy && mayDrive, interrupt);
  const { notify } = useWorkbench();
  const copy = useCallback(
    async (text: string) => {
      const done = await copyText(text);
      notify({ text: done ? t("Copied") : t("The browser refused: select it and copy by hand") });
    },
    [notify],
  );
  const { onSession, travelViews } = props;
  const { travel, dialog } = useTravel(
    info.id,
    commands,
    travelViews,
    mayWrite,
    (undone) => lastCommitOf(conversation, undone),
    isGuest || !mayDrive ? undefined : onSession,
  );
  const [isTimeline, setTimeline] = useState(false);
  const clockButton = useRef<HTMLButtonElement>(null);
  const leaveTimeline = () => {
    setTimeline(false);
    clockButton.current?.focus();
  };
  const newest = useRef({ conversation, rows });
  newest.current = { conversation, rows };
  const tools = useMemo<LogTools>(
    () => ({
      density,
      people,
      mayAnswer: mayDrive,
      onOpen,
      onRestore: mayDrive ? onRestore : undefined,
      travel,
      onSession,
      onWrite: mayWrite ? (text, images) => writePrompt(info.id, text, images) : undefined,
      onRequest: (turnId, step) => setAsked({ turnId, step }),
      fullOutput: (callId) => commands.output(callId),
      onCopy: copy,
      answerOf: (turnId) =>
        asMarkdown(newest.current.rows.filter((row) => row.turnId === turnId && row.kind === "text").slice(-1)),
    }),
    [density, people, mayDrive, mayWrite, onOpen, onRestore, travel, onSession, commands, copy, info.id],
  );
  const copyAll = () => copy(asMarkdown(newest.current.rows));
  const thisPrompt = prompts.findLast(({ id }) => id === turn?.promptId);
  const lastPrompt = prompts.at(-1);
  const lastStep = facts.findLast((row) => row.step !== undefined);
  const own: OwnCommand[] = [
    { name: "find", description: t("Find in this conversation"), run: () => setFinds((count) => count + 1) },
    { name: "copy", description: t("Copy this conversation as Markdown"), run: copyAll },
    ...(busy ? [{ name: "stop", description: t("Stop the turn"), run: interrupt }] : []),
    ...(onNewSession ? [{ name: "new", description: t("New session from this branch"), run: onNewSession }] : []),
  ];
  const group = t("Conversation");
  const find = () => setFinds((count) => count + 1);
  const listed: TalkCommand[] = [
    { id: "talk.find", title: t("Find"), hint: t("Ctrl F in the log"), group, run: find },
    { id: "talk.timeline", title: t("Timeline"), group, run: () => setTimeline(!isTimeline) },
    ...(lastPrompt
      ? [{ id: "talk.last-prompt", title: t("Go to the last prompt"), group, run: () => goTo(lastPrompt.id) }]
      : []),
    { id: "talk.copy", title: t("Copy as Markdown"), group, run: copyAll },
    ...DENSITIES.map(({ id, name, about }) => ({
      id: `talk.${id}`,
      title: name(),
      hint: about(),
      group,
      checked: id === density,
      run: () => setDensity(id),
    })),
  ];
  const { onShow } = props;
  useCommands([
    ...(rows.length === 0
      ? []
      : listed.map((command) => ({
          ...command,
          run: () => {
            onShow();
            command.run();
          },
        }))),
    ...(busy && mayDrive ? [{ id: "talk.stop", title: t("Stop the turn"), group, run: interrupt }] : []),
  ]);
  const menu = <TalkMenu commands={listed} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape twice anywhere in the conversation stops the turn
    <div className="talk" onKeyDown={stop.keys}>
      <div className="talkhead">
        <h2 className="vh">{t("Conversation")}</h2>
        <StatusLine status={status} now={now} />
        <span className="grow" />
        {turn && busy && (
          <span className="hint num cut">
            {stepWords(
              Math.max(turn.step, view.blocks.at(-1)?.step ?? 0),
              took(Math.max(0, now - Date.parse(turn.startedAt))),
            )}
          </span>
        )}
        {rows.length > 0 && (
          <button
            ref={clockButton}
            type="button"
            className="icon s"
            aria-label={t("Timeline")}
            title={t("Timeline")}
            aria-pressed={isTimeline}
            onClick={() => setTimeline(!isTimeline)}
          >
            <Clock className="i" aria-hidden="true" />
          </button>
        )}
        {rows.length > 0 && menu}
      </div>
      {thisPrompt && !isTimeline && (
        <div className="stuck-row">
          <ThisTurn prompt={thisPrompt} people={people} onGo={() => goTo(thisPrompt.id)} />
          {menu}
        </div>
      )}
      {conversation.todos.length > 0 && <TodoStrip todos={conversation.todos} />}
      {view.loading ? (
        <div className="logbox">
          <div className="grow blank">
            <Skeleton label={t("Loading the conversation")} />
          </div>
        </div>
      ) : view.problem ? (
        <div className="logbox">
          <div className="grow blank">
            <Trouble
              title={t("The conversation could not be loaded")}
              detail={view.problem.message}
              onRetry={() => location.reload()}
            />
          </div>
        </div>
      ) : isTimeline ? (
        <Timeline
          session={info.id}
          commands={commands}
          views={travelViews}
          timeline={conversation.timeline}
          people={people}
          travel={travel}
          onGo={(sequence) => {
            const row = rowOfEvent(newest.current.rows, sequence);
            setTimeline(false);
            if (row) goTo(row.id);
          }}
          onClose={leaveTimeline}
        />
      ) : rows.length === 0 && props.welcome && !isArchived ? (
        <div className="logbox welcome">{props.welcome}</div>
      ) : (
        <LogTools value={tools}>
          <InsertCode value={onInsert}>
            <Log
              session={info.id}
              rows={rows}
              outputs={view.outputs}
              now={now}
              sent={sent}
              jump={jump}
              finds={finds}
              onContinue={mayWrite && !busy && conversation.queue.length === 0 ? onContinue : undefined}
              onNewSession={onNewSession}
            />
          </InsertCode>
        </LogTools>
      )}
      <ApprovalDock
        approvals={conversation.approvals}
        mayAnswer={mayDrive}
        mayRemember={mayDrive && !isGuest}
        isConnected={view.connection.state === "open"}
        me={me}
        answered={
          (conversation.answered?.sequence ?? 0) > view.loadedAt && !view.loading ? conversation.answered : undefined
        }
        onAnswer={(callId, decision) => commands.answer(callId, decision)}
        onOpen={onOpen}
      />
      <HostDock
        requests={conversation.hostRequests}
        about={(callId) => callAbout(conversation.entries, callId)}
        mayAnswer={mayDrive && !isGuest}
        hasKey={conversation.approvals.length === 0}
        onAnswer={commands.answerHost}
      />
      {stop.armed && (
        <p className="banner" role="status">
          {t("Esc again stops the turn")}
        </p>
      )}
      {isArchived && (
        <div className="banner">
          <Archive className="i s" aria-hidden="true" />
          <span className="grow">{t("This session is archived")}</span>
          {props.onBringBack && (
            <button type="button" className="btn s" onClick={props.onBringBack}>
              {t("Bring back")}
            </button>
          )}
        </div>
      )}
      {view.connection.state === "ended" ? (
        <div className="composer">{props.ended}</div>
      ) : mayDrive ? (
        <fieldset className="bare" disabled={isArchived}>
          <Writing
            info={info}
            view={view}
            commands={commands}
            own={own}
            isGuest={isGuest}
            me={me}
            models={models}
            problem={problem}
            attempt={attempt}
            onProblem={setProblem}
            onSent={() => setSent((count) => count + 1)}
            onStop={interrupt}
            onTyping={props.onTyping}
            enclosed={props.enclosed}
            onEnclose={props.onEnclose}
            onRequest={
              lastStep?.turnId === undefined || lastStep.step === undefined
                ? undefined
                : () => tools.onRequest(lastStep.turnId ?? "", lastStep.step ?? 1)
            }
          />
        </fieldset>
      ) : (
        <div className="composer">
          <Queue
            queue={waitingOf(conversation)}
            people={people}
            mayEdit={false}
            me={me}
            onChange={refuse}
            onMove={refuse}
            onWithdraw={refuse}
            onAgain={refuse}
          />
          <p className="muted">
            {isGuest
              ? t("You are watching. A member can let you drive.")
              : t("You are watching. Ask an editor of this project to let you drive.")}
          </p>
        </div>
      )}
      <Announcer view={view} />
      {dialog}
      {asked && <RequestDialog session={info.id} commands={commands} {...asked} onClose={() => setAsked(undefined)} />}
    </div>
  );
}

function lastCommitOf({ entries }: Conversation, undone: ReadonlySet<string>): string | undefined {
  const isNext = (entry: Entry): entry is CallEntry =>
    entry.kind === "call" && entry.commit !== undefined && !undone.has(entry.commit);
  return entries.findLast(isNext)?.commit;
}

function stepWords(step: number, time: string): string {
  return step === 0 ? time : t("step {step}, {time}", { step, time });
}

const refuse = async () => undefined;
