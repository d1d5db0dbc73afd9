import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type CSSProperties, lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { Me } from "../account/me";
import { WaitingComments } from "../changes/Comments";
import { useEnclosed } from "../changes/comments";
import { useUncommitted } from "../changes/git";
import { useRestore } from "../changes/useRestore";
import { filesChanged } from "../files/files";
import { useModels } from "../model/providers";
import { PaletteHost } from "../palette/PaletteHost";
import { newPorts } from "../preview/ports";
import { useProject, useProjectCommands } from "../project/projects";
import { SandboxDialog } from "../sandbox/SandboxDialog";
import { searchesOf } from "../search/searches";
import type { SandboxInfo, SessionInfo } from "../session/commands";
import { isBusy } from "../session/conversation";
import { colourOf, peopleOf } from "../session/people";
import { myRole, type SessionRole } from "../session/role";
import { statusOf } from "../session/status";
import type { SessionStore, SessionView } from "../session/store";
import { Talk as Conversation } from "../session/Talk";
import { hasDraft, writePrompt } from "../session/useDraft";
import { useNow } from "../session/useNow";
import { markSeen } from "../sessions/seen";
import { useSessionCommands } from "../sessions/sessions";
import { t } from "../text/text";
import { bounded } from "../ui/Boundary";
import { Splitter } from "../ui/Splitter";
import { PHONE, useMedia } from "../ui/useMedia";
import { api, onSignedOut, words } from "../wire/api";
import { askAgain } from "../wire/askAgain";
import { useCommandKeys } from "../workbench/commands";
import * as desks from "../workbench/desk";
import { usePreferences } from "../workbench/preferences";
import { WorkbenchProvider } from "../workbench/workbench";
import { AccessEnded } from "./AccessEnded";
import { agentWork } from "./agentWork";
import { ConnectionBanner } from "./ConnectionBanner";
import { Notifications } from "./Notifications";
import { InsecureBanner } from "./PageFrame";
import { Panel as PanelTabs } from "./Panel";
import { Panes } from "./Panes";
import { askForRelease } from "./release";
import { Share } from "./Share";
import { SideBar } from "./SideBar";
import { StatusBar, sandboxWords } from "./StatusBar";
import { TabBar } from "./TabBar";
import { TitleBar } from "./TitleBar";
import { Toasts } from "./Toasts";
import { travelViews } from "./travelViews";
import { useFollow } from "./useFollow";
import { useLayout } from "./useLayout";
import { usePortsThatOpen } from "./usePortsThatOpen";
import { useSettingsCommands } from "./useSettingsCommands";
import { useToasts } from "./useToasts";
import { useWordsOnChange } from "./useWordsOnChange";
import { useWorkbenchCommands } from "./useWorkbenchCommands";
import { Welcome } from "./Welcome";

const KeyHelp = lazy(() => import("./KeyHelp").then((module) => ({ default: module.KeyHelp })));

interface Props {
  project: string;
  info: SessionInfo;
  store: SessionStore;
  view: SessionView;
  me: Me;
}

const NONE: ReadonlySet<number> = new Set();
// A fault of one region stays in it.
const Talk = bounded(Conversation);
const Panel = bounded(PanelTabs, "panel");

/** The session's page: one desk with files, work, panel and conversation. */
export function Ide({ project, info, store, view, me }: Props) {
  const client = useQueryClient();
  const [, go] = useLocation();
  const isGuest = me.kind === "guest";
  const [sharing, setSharing] = useState(false);
  const [palette, setPalette] = useState<string>(); // what stands in its field
  const [isSandboxShown, setSandboxShown] = useState(false);
  const [help, setHelp] = useState(false);
  const { toasts, notify, dismiss } = useToasts();

  const layout = useLayout(project, info.id, store, isGuest, notify);
  const { desk, phone, setPhone, files, workbench, show, change, setSide, setPanel, setTalk } = layout;
  const { conversation } = view;
  const busy = isBusy(conversation);
  const away = view.connection.state === "waiting" || view.connection.state === "ended";
  const now = useNow(busy || conversation.queue.length > 0, away ? view.asOf : undefined);
  const ended = view.connection.state === "ended" ? view.connection : undefined;
  const role = ended ? "watch" : myRole(view.present, me.id, info.role);
  useEffect(() => onSignedOut(() => store.end(!isGuest)), [store, isGuest]);
  const sandbox = useQuery({
    queryKey: ["sandbox", info.id],
    queryFn: ({ signal }) => api.get<SandboxInfo>(`/api/v1/sessions/${info.id}/sandbox`, signal),
    refetchInterval: ({ state }) => (state.data?.state === "starting" ? 1_000 : 15_000),
    enabled: ended === undefined,
  });
  const status = useMemo(
    () => statusOf(view, role !== "watch", sandbox.data?.state, now),
    [view, role, sandbox.data?.state, now],
  );
  const models = useModels();
  const projectInfo = useProject(project, !isGuest);
  const { startSession } = useProjectCommands();
  const changed = useUncommitted(info.id);
  const { archive, rename } = useSessionCommands();
  const title = conversation.title ?? info.title;
  const tab = desks.activeTab(desk);
  const openFile = tab?.kind === "file" ? tab.path : undefined;

  useFilesThatChange(store, info.id, client);
  const work = useMemo(() => agentWork(conversation), [conversation]);
  useEffect(() => files.agent(work), [files, work]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each checkpoint is a reason to ask again
  useEffect(() => {
    for (const key of ["diff", "files", "sandbox"]) void askAgain(client, [key, info.id]);
  }, [conversation.changes, busy, client, info.id]);
  const asks = conversation.approvals.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what a list of sessions says of this one has changed
  useEffect(() => void askAgain(client, ["sessions"]), [client, title, busy, asks]);
  useEffect(() => {
    const name = title || t("New session");
    document.title = status.title === "" ? `${name} · Cleanroom` : `${status.title} · ${name}`;
  }, [status.title, title]);
  useEffect(() => markSeen(info.id, conversation.sequence), [info.id, conversation.sequence]);
  useEffect(() => store.here(openFile ? { file: openFile } : {}), [store, openFile]);

  const insertCode = useCallback(
    (text: string) => {
      if (workbench.editor.current) workbench.editor.current.insert(text);
      else workbench.notify({ text: t("Open a file first: the code goes where its cursor is.") });
    },
    [workbench],
  );
  const setArchived = (archived: boolean) =>
    archive.mutate({ id: info.id, archived }, { onError: (problem) => workbench.notify({ text: words(problem) }) });
  const enclose = useEnclosed(info.id);
  const onRestore = useRestore(info.id, workbench.notify);
  useWordsOnChange(view, me.id, role, workbench.notify);
  const line = view.connection.state;
  const wasAway = useRef(false);
  useEffect(() => {
    if (line === "open" && wasAway.current) void askForRelease(); // the server may have been upgraded meanwhile
    wasAway.current = line === "waiting";
    if (line === "waiting") searchesOf(info.id).breakOff();
  }, [line, info.id]);
  const newSession = useCallback(
    (base?: string) =>
      startSession.mutate(
        { project, ...(base ? { base } : {}) },
        { onSuccess: ({ id }) => go(`/p/${project}/s/${id}`) },
      ),
    [startSession.mutate, project, go],
  );
  const toSession = useCallback((of: string, session: string) => go(`/p/${of || project}/s/${session}`), [go, project]);
  const onSession = useCallback((id: string) => toSession("", id), [toSession]);
  const fromHere = useCallback(() => newSession(info.branch), [newSession, info.branch]);
  const onTyping = useCallback(
    (typing: boolean) => store.here({ typing, ...(openFile ? { file: openFile } : {}) }),
    [store, openFile],
  );

  const isPhone = useMedia(PHONE);
  const hasTabs = desk.panes.some((pane) => pane.tabs.length > 0);
  const follow = useFollow({
    conversation,
    isBusy: busy,
    me: me.id,
    mayBegin: hasTabs && !isPhone,
    onShow: (file) => {
      const followed: desks.Tab = { kind: "file", path: file };
      change((old) => desks.open(old, followed, false));
      show(followed, undefined, true);
    },
  });
  const readOnlyWords = readOnlyReason(role, isGuest, ended !== undefined);

  const onNewSession = role === "watch" || isGuest ? undefined : () => newSession();
  const onShare = role === "watch" || isGuest ? undefined : () => setSharing(true);
  const showTalk = () => {
    setTalk({ open: true });
    setPhone("chat");
  };
  useWorkbenchCommands(info.id, layout, {
    onTalk: showTalk,
    archive: role === "watch" || isGuest ? undefined : { isIn: info.archived === true, onChange: setArchived },
    onFollow: busy && !isPhone ? follow.start : undefined,
    onNewSession,
    onShare,
    onSandbox: () => setSandboxShown(true),
    onHelp: () => setHelp(true),
  });
  useSettingsCommands(project, isGuest);
  usePortsThatOpen(view.ports, info.id, isGuest, workbench);
  useCommandKeys();

  const swapped = usePreferences().swapSides;
  const preview = isGuest ? undefined : newPorts(view.ports, NONE)[0]?.port;
  const people = peopleOf(view.present);
  const hasWork = hasTabs || desk.panel.open;
  const tour = (conversation.model ?? info.model).startsWith("tour/");
  const present = people.map((person) => ({
    id: person.id,
    name: person.name,
    role: person.role,
    isGuest: person.kind === "guest",
    colour: colourOf(conversation.people, person.id),
    ...(person.file ? { place: person.file } : {}),
  }));
  const shown = phone === "work" && !hasTabs ? "side" : phone;
  const Talking = (isPhone ? shown === "chat" : !hasWork) ? "main" : "aside"; // one main region, whatever is in front
  const Working = isPhone ? (shown === "work" || shown === "panel" ? "main" : "section") : "main";
  const classes = [
    "ide",
    hasWork && "has-work",
    !desk.side.open && "no-side",
    !desk.talk.open && hasWork && "no-talk",
    swapped && "swapped",
  ];
  return (
    <WorkbenchProvider value={workbench}>
      <div
        className={classes.filter(Boolean).join(" ")}
        data-phone={shown}
        style={
          {
            "--side": `${desk.side.width}px`,
            "--talk": `${desk.talk.width}px`,
            "--panel": `${desk.panel.height}px`,
          } as CSSProperties
        }
      >
        <TitleBar
          project={isGuest ? undefined : { id: project, name: projectInfo.data?.name ?? t("Project") }}
          title={title}
          mayRename={!isGuest && role !== "watch"}
          onRename={(name) => rename.mutateAsync({ id: info.id, title: name })}
          status={status}
          showStatus={!desk.talk.open && hasWork}
          now={now}
          people={present.filter((person) => person.id !== me.id)}
          guests={conversation.guests.length}
          onGoTo={() => setPalette("")}
          onShare={onShare}
          me={me}
          colour={colourOf(conversation.people, me.id)}
          mayPrompt={role !== "watch"}
          onOpen={workbench.openFile}
        >
          {!isGuest && (
            <Notifications
              here={{
                id: info.id,
                title,
                isWaiting: role !== "watch" && conversation.approvals.length + conversation.hostRequests.length > 0,
                isWorking: busy,
              }}
            />
          )}
        </TitleBar>
        <div className="notices" role="status">
          {me.insecureHttp && <InsecureBanner />}
          <ConnectionBanner
            view={view}
            sandbox={sandbox.data}
            tour={tour && !isGuest}
            onNow={() => store.reconnect()}
          />
          {startSession.isError && <p className="banner bad">{words(startSession.error)}</p>}
        </div>
        <SideBar
          project={project}
          session={info.id}
          isGuest={isGuest}
          role={role}
          tab={desk.side.tab}
          isMain={isPhone && shown === "side"}
          changed={changed}
          openFile={openFile}
          openChange={tab?.kind === "diff" ? tab.path : undefined}
          people={present.filter((person) => person.id !== me.id)}
          onTab={layout.choose}
          onNewSession={onNewSession}
        >
          <Splitter
            label={t("Width of the side bar")}
            orientation="vertical"
            value={desk.side.width}
            {...desks.SIDE}
            grows={swapped ? -1 : 1}
            onChange={(width) => setSide({ width })}
          />
        </SideBar>
        {hasWork && (
          <Working className="work" aria-label={t("Work")} data-region="work">
            {hasTabs && (
              <Panes
                session={info.id}
                layout={layout}
                mayEdit={role !== "watch"}
                readOnlyWords={readOnlyWords}
                follow={follow}
              />
            )}
            {(desk.panel.open || phone === "panel") && (
              <Panel
                session={info.id}
                role={role}
                ended={ended !== undefined}
                me={me.name}
                isGuest={isGuest}
                ports={view.ports}
                tab={desk.panel.tab}
                onTab={(panel) => setPanel({ tab: panel })}
                onClose={() => {
                  setPanel({ open: false });
                  setPhone("chat");
                }}
              >
                <Splitter
                  label={t("Height of the panel")}
                  orientation="horizontal"
                  value={desk.panel.height}
                  least={desks.PANEL.least}
                  usual={desks.PANEL.usual}
                  most={window.innerHeight * desks.PANEL.most}
                  grows={-1}
                  onChange={(height) => setPanel({ height })}
                />
              </Panel>
            )}
          </Working>
        )}
        <Talking className="talkbox" aria-label={t("Conversation")} data-region="talk">
          {hasWork && (
            <Splitter
              label={t("Width of the conversation")}
              orientation="vertical"
              value={desk.talk.width}
              {...desks.TALK}
              grows={swapped ? 1 : -1}
              onChange={(width) => setTalk({ width })}
            />
          )}
          <Talk
            info={info}
            view={view}
            status={status}
            now={now}
            role={role}
            isGuest={isGuest}
            me={me.id}
            models={models.data ?? []}
            onTyping={onTyping}
            onOpen={workbench.openFile}
            {...(role === "watch" ? {} : { onInsert: insertCode, onRestore })}
            enclosed={<WaitingComments session={info.id} />}
            onEnclose={enclose}
            onNewSession={isGuest ? undefined : fromHere}
            onShow={showTalk}
            {...(isGuest ? {} : { onSession })}
            travelViews={travelViews}
            onBringBack={isGuest || role === "watch" ? undefined : () => setArchived(false)}
            ended={
              <AccessEnded
                isGuest={isGuest}
                signedOut={ended?.signedOut === true}
                hasDraft={ended !== undefined && hasDraft(info.id)}
              />
            }
            welcome={
              role === "watch" ? undefined : (
                <Welcome
                  project={projectInfo.data?.name ?? t("this project")}
                  tour={tour}
                  mode={conversation.mode ?? info.mode}
                  onTry={(text) => writePrompt(info.id, text)}
                />
              )
            }
          />
        </Talking>
        <StatusBar view={view} sandbox={sandbox.data} branch={info.branch} onSandbox={() => setSandboxShown(true)} />
        <TabBar
          phone={shown}
          tab={desk.side.tab}
          front={tab?.kind}
          changed={changed.size}
          waiting={conversation.approvals.length + conversation.hostRequests.length}
          onChat={() => setPhone("chat")}
          onTab={layout.choose}
          onPanel={() => workbench.showPanel("terminal")}
          onPreview={preview === undefined ? undefined : () => workbench.open({ kind: "preview", port: preview })}
        />
        <Toasts view={view} toasts={toasts} onGone={dismiss} />
        <PaletteHost
          session={info.id}
          isGuest={isGuest}
          openFile={openFile}
          text={palette}
          onText={setPalette}
          onSession={toSession}
        />
        {help && (
          <Suspense>
            <KeyHelp onClose={() => setHelp(false)} />
          </Suspense>
        )}
        {isSandboxShown && (
          <SandboxDialog
            session={info.id}
            sandbox={sandbox.data}
            state={sandboxWords(sandbox.data)}
            mayStop={role !== "watch"}
            mayRebuild={role === "own"}
            onDone={(text) => {
              setSandboxShown(false);
              workbench.notify({ text });
            }}
            onClose={() => setSandboxShown(false)}
          />
        )}
        {sharing && (
          <Share
            project={project}
            session={info.id}
            present={present}
            waiting={conversation.guests}
            me={me.id}
            onClose={() => setSharing(false)}
          />
        )}
      </div>
    </WorkbenchProvider>
  );
}

function useFilesThatChange(store: SessionStore, session: string, client: ReturnType<typeof useQueryClient>): void {
  useEffect(
    () =>
      store.onFiles((changes, resync) =>
        filesChanged(
          client,
          session,
          changes.map((change) => change.path),
          resync,
        ),
      ),
    [store, client, session],
  );
}

function readOnlyReason(role: SessionRole, isGuest: boolean, ended: boolean): string {
  if (ended) return t("Your access ended. What is open can still be read.");
  if (role !== "watch") return "";
  return isGuest
    ? t("You are watching. Ask who sent you the link to let you drive.")
    : t("You are watching. Ask an owner of the project to let you drive.");
}
