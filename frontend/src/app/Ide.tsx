import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type CSSProperties, lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useSearch } from "wouter/use-browser-location"; // as the browser has it; the other decodes a part
import type { Me } from "../account/me";
import { WaitingComments } from "../changes/Comments";
import { useEnclosed } from "../changes/comments";
import { useRestore } from "../changes/useRestore";
import { filesChanged, useDiff } from "../files/files";
import { useModels } from "../model/providers";
import { PaletteHost } from "../palette/PaletteHost";
import { newPorts, openInTab } from "../preview/ports";
import { useProject, useProjectCommands } from "../project/projects";
import { searchesOf } from "../search/searches";
import type { SandboxInfo, SessionInfo } from "../session/commands";
import { isBusy } from "../session/conversation";
import type { Port } from "../session/events";
import { colourOf, peopleOf } from "../session/people";
import { myRole, type SessionRole } from "../session/role";
import { statusOf } from "../session/status";
import type { SessionStore, SessionView } from "../session/store";
import { Talk as Conversation } from "../session/Talk";
import { hasDraft, writePrompt } from "../session/useDraft";
import { useNow } from "../session/useNow";
import { markSeen } from "../sessions/seen";
import { useSessionCommands } from "../sessions/sessions";
import { focusTerminal } from "../terminal/focus";
import { t } from "../text/text";
import { bounded } from "../ui/Boundary";
import { Splitter } from "../ui/Splitter";
import { PHONE, useMedia } from "../ui/useMedia";
import { api, onSignedOut, words } from "../wire/api";
import { type Command, useCommandKeys, useCommands } from "../workbench/commands";
import * as desks from "../workbench/desk";
import type { Shown } from "../workbench/OneToast";
import { addressOf, placeOf, type Spot } from "../workbench/place";
import { usePreferences } from "../workbench/preferences";
import { useDesk } from "../workbench/useDesk";
import { type ActiveEditor, type Workbench, WorkbenchProvider } from "../workbench/workbench";
import { AccessEnded } from "./AccessEnded";
import { agentWork } from "./agentWork";
import { ConnectionBanner } from "./ConnectionBanner";
import { Notifications } from "./Notifications";
import { InsecureBanner } from "./PageFrame";
import { Panel as PanelTabs } from "./Panel";
import { askForRelease } from "./release";
import { Share } from "./Share";
import { SideBar } from "./SideBar";
import { StatusBar } from "./StatusBar";
import { TabBar } from "./TabBar";
import { TitleBar } from "./TitleBar";
import { Toasts } from "./Toasts";
import { useFollow } from "./useFollow";
import { useOpenFiles } from "./useOpenFiles";
import { useSettingsCommands } from "./useSettingsCommands";
import { useWordsOnChange } from "./useWordsOnChange";
import { Welcome } from "./Welcome";
import { type Jump, WorkPane as Pane } from "./WorkPane";

const KeyHelp = lazy(() => import("./KeyHelp").then((module) => ({ default: module.KeyHelp })));

interface Props {
  project: string;
  info: SessionInfo;
  store: SessionStore;
  view: SessionView;
  me: Me;
}

let toastsMade = 0;
/** A page over plain HTTP has no `crypto.randomUUID`. */
function toastId(): string {
  toastsMade += 1;
  return `toast-${toastsMade}`;
}

const NONE: ReadonlySet<number> = new Set();
// A fault of one region stays in it.
const Talk = bounded(Conversation);
const Panel = bounded(PanelTabs, "panel");
const WorkPane = bounded(Pane, "pane");

const NARROW = 1_180; // px: below, the side bar is a rail whose panel lies over the work

/** The session's page: one desk with files, work, panel and conversation. */
export function Ide({ project, info, store, view, me }: Props) {
  const client = useQueryClient();
  const [path, go] = useLocation();
  const search = useSearch();
  const isGuest = me.kind === "guest";
  const [desk, change] = useDesk(project, !isGuest);
  const [phone, setPhone] = useState<"chat" | "side" | "work" | "panel">(placeOf(search) ? "work" : "chat");
  const [jump, setJump] = useState<Jump>(); // a line to be shown; `at` tells one wish from the next
  const [sharing, setSharing] = useState(false);
  const [palette, setPalette] = useState<string>(); // what stands in its field
  const [help, setHelp] = useState(false);
  const [toasts, setToasts] = useState<Shown[]>([]);
  const editor = useRef<ActiveEditor | undefined>(undefined);
  const newest = useRef(desk);
  newest.current = desk;

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
  const { archive } = useSessionCommands();
  const diff = useDiff(info.id);
  const title = conversation.title ?? info.title;
  const tab = desks.activeTab(desk);
  const openFile = tab?.kind === "file" ? tab.path : undefined;

  useFilesThatChange(store, info.id, client);
  const files = useOpenFiles(store, info.id, desk);
  const work = useMemo(() => agentWork(conversation), [conversation]);
  useEffect(() => files.agent(work), [files, work]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each checkpoint is a reason to ask again
  useEffect(() => {
    for (const key of ["diff", "files", "sandbox"]) void client.invalidateQueries({ queryKey: [key, info.id] });
  }, [conversation.changes, busy, client, info.id]);
  useEffect(() => {
    const name = title || t("New session");
    document.title = status.title === "" ? `${name} · Cleanroom` : `${status.title} · ${name}`;
  }, [status.title, title]);
  useEffect(() => markSeen(info.id, conversation.sequence), [info.id, conversation.sequence]);
  useEffect(() => store.here(openFile ? { file: openFile } : {}), [store, openFile]);

  // The address says what is in front; the desk keeps the rest. So back and forward, links and a reload are one case.
  useEffect(() => {
    const place = placeOf(search);
    if (place === undefined) return;
    change((old) => desks.open(old, place.tab, false));
    setPhone("work");
    setJump((last) => jumpTo(place.tab, place.spot, last));
  }, [search, change]);

  const show = useCallback(
    (shown: desks.Tab | undefined, spot?: Spot, replace = false) =>
      go(path + addressOf(shown, spot) + location.hash, { replace }),
    [go, path],
  );
  const workbench = useMemo<Workbench>(
    () => ({
      open: (shown, { spot, keep = false, beside = false } = {}) => {
        change((old) => (beside ? desks.openBeside(old, shown) : desks.open(old, shown, keep)));
        setJump((last) => jumpTo(shown, spot, last));
        setPhone("work");
        if (window.innerWidth <= NARROW) change((old) => ({ ...old, side: { ...old.side, open: false } }));
        show(shown, spot);
      },
      openFile: (file, line, column) => {
        const spot = line === undefined ? {} : { spot: { line, ...(column === undefined ? {} : { column }) } };
        workbench.open({ kind: "file", path: file }, spot);
      },
      showSide: (side) => {
        change((old) => ({ ...old, side: { ...old.side, open: true, tab: side } }));
        setPhone("side");
      },
      showPanel: (panel) => {
        change((old) => ({ ...old, panel: { ...old.panel, open: true, tab: panel } }));
        setPhone("panel");
      },
      renamed: (from, to) => {
        files.renamed(from, to);
        change((old) => desks.renamed(old, from, to));
        const front = desks.activeTab(newest.current);
        const moved = desks.activeTab(desks.renamed(newest.current, from, to));
        if (front && moved && desks.keyOf(front) !== desks.keyOf(moved)) show(moved, undefined, true);
      },
      addToPrompt: (text) => {
        writePrompt(info.id, text);
        change((old) => ({ ...old, talk: { ...old.talk, open: true } }));
        setPhone("chat");
      },
      editor,
      notify: (toast) => setToasts((old) => [...old.slice(-2), { ...toast, id: toastId() }]),
    }),
    [change, show, files, info.id],
  );
  const insertCode = useCallback(
    (text: string) => {
      if (editor.current) editor.current.insert(text);
      else workbench.notify({ text: t("Open a file first: the code goes where its cursor is.") });
    },
    [workbench],
  );
  const bringBack = () =>
    archive.mutate(
      { id: info.id, archived: false },
      { onError: (problem) => workbench.notify({ text: words(problem) }) },
    );
  const enclose = useEnclosed(info.id);
  const onRestore = useRestore(info.id, workbench.notify);
  useWordsOnChange(view, role, workbench.notify);
  const line = view.connection.state;
  const wasAway = useRef(false);
  useEffect(() => {
    if (line === "open" && wasAway.current) void askForRelease(); // the server may have been upgraded meanwhile
    wasAway.current = line === "waiting";
  }, [line]);
  const isWide = window.innerWidth > NARROW;
  const sideOpen = desk.side.open;
  const setSide = useCallback(
    (side: Partial<desks.Desk["side"]>) => change((old) => ({ ...old, side: { ...old.side, ...side } })),
    [change],
  );
  const setPanel = useCallback(
    (panel: Partial<desks.Desk["panel"]>) => change((old) => ({ ...old, panel: { ...old.panel, ...panel } })),
    [change],
  );
  const setTalk = useCallback(
    (talk: Partial<desks.Desk["talk"]>) => change((old) => ({ ...old, talk: { ...old.talk, ...talk } })),
    [change],
  );
  const closeTab = useCallback(
    (at: number, key: string) => {
      const next = desks.close(desk, at, key);
      change((old) => desks.close(old, at, key));
      const front = desks.activeTab(next);
      show(front, undefined, true);
      if (front === undefined) setPhone("chat");
    },
    [desk, change, show],
  );
  const newSession = useCallback(
    (base?: string) =>
      startSession.mutate(
        { project, ...(base ? { base } : {}) },
        { onSuccess: ({ id }) => go(`/p/${project}/s/${id}`) },
      ),
    [startSession.mutate, project, go],
  );
  const toSession = useCallback((of: string, session: string) => go(`/p/${of || project}/s/${session}`), [go, project]);
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

  const choose = (side: desks.SideTab) => {
    setSide({ open: isWide || !sideOpen || side !== desk.side.tab, tab: side });
    setPhone("side");
  };
  const commands: Command[] = [
    {
      id: "view.side",
      title: t("Side bar"),
      keys: ["Ctrl+B"],
      group: t("View"),
      run: () => setSide({ open: !sideOpen }),
    },
    {
      id: "view.panel",
      title: t("Panel"),
      keys: ["Ctrl+J"],
      group: t("View"),
      run: () => setPanel({ open: !desk.panel.open }),
    },
    {
      id: "view.talk",
      title: t("Conversation"),
      keys: ["Ctrl+Alt+B"],
      group: t("View"),
      run: () => setTalk({ open: !desk.talk.open }),
    },
    {
      id: "view.files",
      title: t("Show files"),
      keys: ["Ctrl+Shift+E"],
      group: t("View"),
      run: () => {
        workbench.showSide("files");
        requestAnimationFrame(() => document.querySelector<HTMLElement>('.side-panel [role="tree"]')?.focus());
      },
    },
    {
      id: "view.search",
      title: t("Search in files"),
      keys: ["Ctrl+Shift+F"],
      group: t("View"),
      run: () => {
        searchesOf(info.id).ask(workbench.editor.current?.selection().text);
        workbench.showSide("search");
      },
    },
    {
      id: "view.changes",
      title: t("Show changes"),
      keys: ["Ctrl+Shift+G"],
      group: t("View"),
      run: () => workbench.showSide("changes"),
    },
    {
      id: "view.review",
      title: t("Review all changes"),
      group: t("View"),
      run: () => workbench.open({ kind: "review" }),
    },
    {
      id: "view.terminal",
      title: t("Terminal"),
      keys: ["Ctrl+`"],
      group: t("View"),
      run: () => {
        workbench.showPanel("terminal");
        focusTerminal();
      },
    },
    {
      id: "view.prompt",
      title: t("To the prompt"),
      keys: ["Ctrl+Alt+I"],
      group: t("Conversation"),
      run: () => {
        setTalk({ open: true });
        setPhone("chat");
        requestAnimationFrame(() => document.getElementById("prompt")?.focus());
      },
    },
    {
      id: "view.split",
      title: t("Split the editor"),
      keys: ["Ctrl+\\"],
      group: t("Editor"),
      run: () => change(desks.split),
    },
    {
      id: "editor.close-tab",
      title: t("Close the tab"),
      keys: ["Alt+W"],
      group: t("Editor"),
      run: () => closeTab(desk.focus, desks.paneOf(desk).active),
    },
    ...Array.from({ length: 9 }, (_, index) => ({
      id: `editor.tab-${index + 1}`,
      title: t("Tab {n}", { n: index + 1 }),
      keys: [`Alt+${index + 1}`],
      listed: false,
      run: () => {
        const nth = desks.paneOf(desk).tabs[index];
        if (nth) show(nth);
      },
    })),
    ...(busy && !isPhone
      ? [{ id: "editor.follow", title: t("Follow the agent"), group: t("Editor"), run: follow.start }]
      : []),
    { id: "help.keys", title: t("Keyboard help"), keys: ["Ctrl+Alt+K"], group: t("Help"), run: () => setHelp(true) },
    { id: "region.next", title: t("Next region"), keys: ["F6"], listed: false, run: () => toRegion(1) },
    { id: "region.previous", title: t("Previous region"), keys: ["Shift+F6"], listed: false, run: () => toRegion(-1) },
    ...(role === "watch" || isGuest
      ? []
      : [
          {
            id: "session.new",
            title: t("New session"),
            keys: ["Ctrl+Alt+N"],
            group: t("Session"),
            run: () => newSession(),
          },
        ]),
    ...(role === "watch" || isGuest
      ? []
      : [{ id: "session.share", title: t("Share"), group: t("Session"), run: () => setSharing(true) }]),
  ];
  useCommands(commands);
  useSettingsCommands(project, isGuest);
  usePortsThatOpen(view.ports, info.id, isGuest, workbench);
  useCommandKeys();

  const swapped = usePreferences().swapSides;
  const preview = isGuest ? undefined : newPorts(view.ports, NONE)[0]?.port;
  const people = peopleOf(view.present);
  const hasWork = hasTabs || desk.panel.open;
  const changed = diff.data?.length ?? 0;
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
    !sideOpen && "no-side",
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
          onRename={async (name) => void (await api.patch(`/api/v1/sessions/${info.id}`, { title: name }))}
          status={status}
          showStatus={!desk.talk.open && hasWork}
          now={now}
          people={present.filter((person) => person.id !== me.id)}
          guests={conversation.guests.length}
          onGoTo={() => setPalette("")}
          onShare={isGuest || role === "watch" ? undefined : () => setSharing(true)}
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
                isWaiting: role !== "watch" && conversation.approvals.length > 0,
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
          onTab={choose}
          onNewSession={role === "watch" || isGuest ? undefined : () => newSession()}
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
              <div className="panes">
                {desk.panes.map((pane, at) => (
                  <WorkPane
                    key={at}
                    session={info.id}
                    files={files}
                    at={at}
                    pane={pane}
                    isFocused={at === desk.focus}
                    mayEdit={role !== "watch"}
                    readOnlyWords={readOnlyWords}
                    follow={follow.state}
                    jump={at === desk.focus ? jump : undefined}
                    onFocus={() => {
                      if (at === desk.focus) return;
                      change((old) => desks.focus(old, at));
                      show(
                        pane.tabs.find((known) => desks.keyOf(known) === pane.active),
                        undefined,
                        true,
                      );
                    }}
                    onShow={(shown) => {
                      change((old) => desks.focus(old, at, desks.keyOf(shown)));
                      show(shown);
                    }}
                    onKeep={(key) => change((old) => desks.keep(old, key))}
                    onClose={(key) => closeTab(at, key)}
                    onCloseOthers={(key) => {
                      change((old) => desks.closeOthers(old, at, key));
                      show(
                        pane.tabs.find((known) => desks.keyOf(known) === key),
                        undefined,
                        true,
                      );
                    }}
                    onMove={(from, key, before) => {
                      const moved = desk.panes[from]?.tabs.find((known) => desks.keyOf(known) === key);
                      change((old) => desks.move(old, from, key, at, before));
                      if (moved) show(moved, undefined, true);
                    }}
                    onSplit={() => change(desks.split)}
                    onFollow={follow.start}
                    onTouched={follow.stop}
                  />
                ))}
              </div>
            )}
            {(desk.panel.open || phone === "panel") && (
              <Panel
                session={info.id}
                role={role}
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
            onBringBack={isGuest || role === "watch" ? undefined : bringBack}
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
        <StatusBar view={view} sandbox={sandbox.data} branch={info.branch} />
        <TabBar
          phone={phone}
          tab={desk.side.tab}
          changed={changed}
          waiting={conversation.approvals.length}
          onChat={() => setPhone("chat")}
          onTab={choose}
          onPanel={() => workbench.showPanel("terminal")}
          isPreview={shown === "work" && tab?.kind === "preview"}
          onPreview={preview === undefined ? undefined : () => workbench.open({ kind: "preview", port: preview })}
        />
        <Toasts
          view={view}
          toasts={toasts}
          onGone={(id) => setToasts((old) => old.filter((toast) => toast.id !== id))}
        />
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

/** A word about each port that begins to be listened on, once; what listened before this page came is no news. */
function usePortsThatOpen(ports: readonly Port[], session: string, isGuest: boolean, workbench: Workbench): void {
  const told = useRef<Set<number> | undefined>(undefined);
  useEffect(() => {
    const isNews = told.current !== undefined && !isGuest;
    const news = newPorts(ports, told.current ?? new Set());
    told.current = new Set([...(told.current ?? []), ...ports.map(({ port }) => port)]);
    if (!isNews) return;
    for (const { port } of news)
      workbench.notify({
        text: t("Something listens on :{port}", { port }),
        actions: [
          { name: t("Open beside"), run: () => workbench.open({ kind: "preview", port }, { beside: true }) },
          {
            name: t("Open in tab"),
            run: () => void openInTab(session, port).catch((problem) => workbench.notify({ text: words(problem) })),
          },
        ],
      });
  }, [ports, session, isGuest, workbench]);
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

function jumpTo(tab: desks.Tab, spot: Spot | undefined, last: Jump | undefined): Jump | undefined {
  return tab.kind === "file" && spot ? { path: tab.path, ...spot, at: (last?.at ?? 0) + 1 } : last;
}

/** F6: from one region to the next; past the last the browser's own would follow, and the first comes again. */
function toRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter((region) => region.offsetParent);
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(at + step + regions.length) % regions.length];
  next?.querySelector<HTMLElement>("#prompt, .cm-content, [tabindex='0'], button, input, a[href]")?.focus();
}
