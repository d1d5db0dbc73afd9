import { type ReactNode, useMemo } from "react";
import { words } from "../wire/api";
import { Composer } from "./Composer";
import { ContextMeter } from "./ContextMeter";
import type { Commands, ModelInfo, SessionInfo } from "./commands";
import { isBusy, type QueuedPrompt, waitingOf } from "./conversation";
import { OnTheWay } from "./OnTheWay";
import { ModelPick, ModePick } from "./Picks";
import { peopleOf } from "./people";
import { Queue } from "./Queue";
import type { SessionView } from "./store";
import { writePrompt } from "./useDraft";
import { useOutbox } from "./useOutbox";
import type { OwnCommand } from "./useSuggestions";

interface Props {
  info: SessionInfo;
  view: SessionView;
  commands: Commands;
  own: readonly OwnCommand[];
  isGuest: boolean;
  me: string;
  models: ModelInfo[];
  problem: string | undefined;
  attempt: (act: () => Promise<unknown>) => Promise<void>; // says what failed
  onProblem: (problem: string | undefined) => void;
  onSent: () => void;
  onStop: () => void;
  onTyping: (typing: boolean) => void;
  enclosed?: ReactNode; // what will go along with the next prompt
  onEnclose?: ((text: string) => string) | undefined;
  onRequest: (() => void) | undefined; // shows what the model was sent last
}

/** Below the log: the prompts that wait, those on their way to the server, and the one that is being written. */
export function Writing({ info, view, commands, me, isGuest, attempt, onProblem, onSent, ...props }: Props) {
  const { conversation } = view;
  const busy = isBusy(conversation);
  const { entries } = conversation;
  const history = useMemo(() => {
    const mine = entries.flatMap((entry) => (entry.kind === "prompt" && entry.actor.id === me ? [entry.text] : []));
    return [...new Set(mine)];
  }, [entries, me]);
  const line = view.connection.state;
  const { outbox, held } = useOutbox({
    session: info.id,
    online: line === "open" || line === "connecting",
    submit: async (prompt) => void (await commands.prompt(prompt)),
    refused: (prompt, cause) => {
      writePrompt(info.id, prompt.text, prompt.attachments);
      onProblem(words(cause));
    },
  });
  const mine = conversation.queue.findLast((prompt) => prompt.actor.id === me);
  const again = (prompt: QueuedPrompt) => {
    const { text, attachments, steers } = prompt;
    if (prompt.actor.id !== me) writePrompt(info.id, text, attachments);
    else outbox.send({ text, attachments, deliver: steers ? "steer" : "queue" });
  };
  return (
    <div className="composer">
      <Queue
        queue={waitingOf(conversation)}
        people={conversation.people}
        mayEdit
        me={me}
        onChange={(promptId, text) => commands.changePrompt(promptId, { text })}
        onMove={(promptId, place) => commands.changePrompt(promptId, { position: busy ? place : place + 1 })}
        onWithdraw={(promptId) => commands.withdrawPrompt(promptId)}
        onAgain={again}
      />
      {props.enclosed}
      <OnTheWay
        held={held}
        onEdit={async (key) => {
          const prompt = await outbox.withdraw(key);
          if (prompt) writePrompt(info.id, prompt.text, prompt.attachments);
        }}
        onWithdraw={(key) => void outbox.withdraw(key)}
      />
      <Composer
        session={info.id}
        commands={commands}
        own={props.own}
        busy={busy}
        empty={entries.length === 0}
        typists={peopleOf(view.present)
          .filter((person) => person.typing && person.id !== me)
          .map((person) => person.name)}
        history={history}
        problem={props.problem}
        bar={
          <>
            <ModePick
              mode={conversation.mode ?? info.mode}
              mayChoose={!isGuest}
              onMode={(mode) => void attempt(() => commands.change({ mode }))}
            />
            <ModelPick
              model={conversation.model ?? info.model}
              models={props.models}
              mayChoose={!isGuest}
              onModel={(model) => void attempt(() => commands.change({ model }))}
            />
            <span className="grow" />
            <ContextMeter
              session={info.id}
              commands={commands}
              model={conversation.model ?? info.model}
              tokens={conversation.contextTokens}
              costUsd={conversation.costUsd}
              onRequest={props.onRequest}
            />
          </>
        }
        onSend={(text, deliver, attachments) => {
          onSent();
          outbox.send({ text: props.onEnclose?.(text) ?? text, deliver, attachments });
        }}
        onStop={props.onStop}
        onTyping={props.onTyping}
        onForget={() => onProblem(undefined)}
        takeBack={async () => {
          if (!busy || mine === undefined) return undefined;
          let taken = false;
          await attempt(async () => {
            await commands.withdrawPrompt(mine.id);
            taken = true;
          });
          if (!taken) return undefined;
          return { text: mine.text, images: mine.attachments.filter(({ data }) => data !== undefined) };
        }}
      />
    </div>
  );
}
