import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { Link, useLocation, useSearch } from "wouter";
import type { Me } from "../account/me";
import { Review } from "../editor/Changes";
import { FileView } from "../editor/FileView";
import { filesChanged, useDiff } from "../editor/files";
import { useModels } from "../model/providers";
import { useProject, useProjectCommands } from "../project/projects";
import type { SandboxInfo, SessionInfo } from "../session/commands";
import { isBusy } from "../session/conversation";
import { colourOf, peopleOf } from "../session/people";
import { myRole } from "../session/role";
import { statusOf } from "../session/status";
import type { SessionStore, SessionView } from "../session/store";
import { Talk } from "../session/Talk";
import { hasDraft, writePrompt } from "../session/useDraft";
import { useNow } from "../session/useNow";
import { useSession } from "../session/useSession";
import { ShareDialog } from "../share/ShareDialog";
import { Skeleton, Trouble } from "../ui/Trouble";
import { api, onSignedOut, Problem, signIn, words } from "../wire/api";
import { AccessEnded } from "./AccessEnded";
import { ConnectionBanner } from "./ConnectionBanner";
import { InsecureBanner, PageFrame } from "./PageFrame";
import { SideBar, type SideTab } from "./SideBar";
import { StatusBar } from "./StatusBar";
import { TabBar } from "./TabBar";
import { TitleBar } from "./TitleBar";
import { Toast } from "./Toast";
import { Welcome } from "./Welcome";
import { WorkHead } from "./WorkHead";

interface Props {
  project: string;
  session: string;
  me: Me;
}

const ROLE_POLL_MS = 5_000;

/** Where the IDE is: loads the session, opens its connection. */
export function SessionPage({ project, session, me }: Props) {
  const { store, view } = useSession(session);
  const connection = view?.connection;
  const info = useQuery({
    queryKey: ["session", session],
    queryFn: ({ signal }) => api.get<SessionInfo>(`/api/v1/sessions/${session}`, signal),
    refetchInterval: connection?.state === "open" && connection.by === "stream" && ROLE_POLL_MS, // it tells no roles
  });
  if (info.isError && info.data === undefined) {
    const gone = info.error instanceof Problem && info.error.status === 404;
    return (
      <PageFrame me={me}>
        {gone && me.kind === "guest" ? (
          <>
            <h1>Your access ended</h1>
            <p className="muted">
              The link ran out, a member ended it, or the project was deleted. Ask whoever sent it.
            </p>
            <p className="after">
              <button type="button" className="btn" onClick={signIn}>
                Sign in with an account
              </button>
            </p>
          </>
        ) : gone ? (
          <>
            <h1>There is no such session</h1>
            <p className="muted">
              It was deleted with its project, or it is not yours to see: ask a member to add you.
            </p>
            <p className="after">
              <Link href="/projects">Go to your projects</Link>
            </p>
          </>
        ) : (
          <>
            <h1 className="vh">Session</h1>
            <Trouble
              title="The session could not be read"
              detail={words(info.error)}
              onRetry={() => void info.refetch()}
            />
          </>
        )}
      </PageFrame>
    );
  }
  if (info.data === undefined || view === undefined || store === undefined)
    return (
      <main className="page narrow">
        <h1 className="vh">Session</h1>
        <Skeleton label="Loading the session" />
      </main>
    );
  return <Ide project={project} info={info.data} store={store} view={view} me={me} />;
}

interface IdeProps {
  project: string;
  info: SessionInfo;
  store: SessionStore;
  view: SessionView;
  me: Me;
}

function Ide({ project, info, store, view, me }: IdeProps) {
  const client = useQueryClient();
  const place = usePlace();
  const isGuest = me.kind === "guest";
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
  const diff = useDiff(info.id);
  const [sharing, setSharing] = useState(false);
  const [tab, setTab] = useState<SideTab>("files");
  const [side, setSide] = useState(() => window.innerWidth > 1180);
  const [phone, setPhone] = useState<"chat" | "side" | "work">(
    place.file !== undefined || place.diff !== undefined ? "work" : "chat",
  );
  const title = conversation.title ?? info.title;

  useEffect(
    () =>
      store.onFiles((changes, resync) =>
        filesChanged(
          client,
          info.id,
          changes.map((change) => change.path),
          resync,
        ),
      ),
    [store, client, info.id],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: each checkpoint is a reason to ask again
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ["diff", info.id] });
    void client.invalidateQueries({ queryKey: ["files", info.id] });
    void client.invalidateQueries({ queryKey: ["sandbox", info.id] });
  }, [conversation.changes, busy, client, info.id]);
  useEffect(() => {
    const name = title || "New session";
    document.title = status.title === "" ? `${name} · Cleanroom` : `${status.title} · ${name}`;
  }, [status.title, title]);
  useEffect(() => store.here(place.file ? { file: place.file } : {}), [store, place.file]);
  useKeys({ onSide: () => setSide((shown) => !shown), onWork: place.close });

  const openFile = useCallback(
    (path: string) => {
      place.openFile(path);
      setPhone("work");
      if (window.innerWidth <= 1180) setSide(false);
    },
    [place.openFile],
  );
  const openDiff = useCallback(
    (path: string) => {
      place.openDiff(path);
      setPhone("work");
      if (window.innerWidth <= 1180) setSide(false);
    },
    [place.openDiff],
  );
  const onTyping = useCallback(
    (typing: boolean) => store.here({ typing, ...(place.file ? { file: place.file } : {}) }),
    [store, place.file],
  );
  const newSession = useCallback(
    (base?: string) =>
      startSession.mutate(
        { project, ...(base ? { base } : {}) },
        { onSuccess: ({ id }) => place.go(`/p/${project}/s/${id}`) },
      ),
    [startSession.mutate, project, place.go],
  );
  const fromHere = useCallback(() => newSession(info.branch), [newSession, info.branch]);
  const choose = (next: SideTab) => {
    setSide(window.innerWidth > 1180 || !side || next !== tab);
    setTab(next);
    setPhone("side");
  };
  const people = peopleOf(view.present);
  const hasWork = place.file !== undefined || place.diff !== undefined;
  const changed = diff.data?.length ?? 0;
  const tour = (conversation.model ?? info.model).startsWith("tour/");
  return (
    <div
      className={`ide ${hasWork ? "has-work" : ""} ${side ? "" : "no-side"}`}
      data-phone={phone === "work" && !hasWork ? "side" : phone}
    >
      <TitleBar
        project={isGuest ? undefined : { id: project, name: projectInfo.data?.name ?? "Project" }}
        title={title}
        mayRename={!isGuest && role !== "watch"}
        onRename={async (name) => void (await api.patch(`/api/v1/sessions/${info.id}`, { title: name }))}
        status={status}
        now={now}
        people={people
          .filter((person) => person.id !== me.id)
          .map((person) => ({
            id: person.id,
            name: person.name,
            colour: colourOf(conversation.people, person.id),
            place: person.file,
          }))}
        guests={conversation.guests.length}
        onShare={isGuest || role === "watch" ? undefined : () => setSharing(true)}
        me={me}
        colour={colourOf(conversation.people, me.id)}
        mayPrompt={role !== "watch"}
      />
      <SideBar
        project={project}
        session={info.id}
        isGuest={isGuest}
        tab={tab}
        changed={changed}
        openFile={place.file}
        onTab={choose}
        onOpenFile={openFile}
        onOpenDiff={openDiff}
        onReview={() => openDiff("")}
        onNewSession={role === "watch" || isGuest ? undefined : () => newSession()}
      />
      {hasWork && (
        <aside className="work" aria-label="Work">
          <WorkHead
            session={info.id}
            file={place.file}
            diff={place.diff}
            onFile={openFile}
            onDiff={openDiff}
            onClose={() => {
              place.close();
              setPhone("chat");
            }}
          />
          {place.file !== undefined ? (
            <FileView key={place.file} session={info.id} path={place.file} />
          ) : (
            <Review session={info.id} only={place.diff ?? ""} onOpenFile={openFile} />
          )}
        </aside>
      )}
      <main className="talkbox" aria-label="Conversation">
        <h1 className="vh">
          {title || "New session"}, {projectInfo.data?.name ?? "project"}
        </h1>
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
          onOpen={openFile}
          onNewSession={isGuest ? undefined : fromHere}
          banner={
            <>
              {me.insecureHttp && <InsecureBanner />}
              <ConnectionBanner
                view={view}
                sandbox={sandbox.data}
                tour={tour && !isGuest}
                onNow={() => store.reconnect()}
              />
              {startSession.isError && <p className="banner bad">{words(startSession.error)}</p>}
            </>
          }
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
                project={projectInfo.data?.name ?? "this project"}
                tour={tour}
                mode={conversation.mode ?? info.mode}
                onTry={writePrompt}
              />
            )
          }
        />
      </main>
      <StatusBar view={view} sandbox={sandbox.data} branch={info.branch} />
      <TabBar
        phone={phone}
        tab={tab}
        changed={changed}
        waiting={conversation.approvals.length}
        isGuest={isGuest}
        onChat={() => setPhone("chat")}
        onTab={choose}
      />
      <Toast view={view} />
      {sharing && (
        <ShareDialog
          session={info.id}
          present={people.map((person) => ({
            id: person.id,
            name: person.name,
            role: person.role,
            isGuest: person.kind === "guest",
            colour: colourOf(conversation.people, person.id),
            ...(person.file ? { place: person.file } : {}),
          }))}
          waiting={conversation.guests}
          me={me.id}
          onClose={() => setSharing(false)}
        />
      )}
    </div>
  );
}

/** What is open beside the talk, as the address says it: `?file=src/a.ts` or `?diff=src/a.ts`, `?diff=` for all. */
function usePlace() {
  const [path, go] = useLocation();
  const search = new URLSearchParams(useSearch());
  const openFile = useCallback(
    (file: string) => go(`${path}?file=${encodeURIComponent(file).replaceAll("%2F", "/")}`),
    [path, go],
  );
  const openDiff = useCallback(
    (file: string) => go(`${path}?diff=${encodeURIComponent(file).replaceAll("%2F", "/")}`),
    [path, go],
  );
  const close = useCallback(() => go(path), [path, go]);
  return {
    file: search.get("file") ?? undefined,
    diff: search.get("diff") ?? undefined,
    openFile,
    openDiff,
    close,
    go,
  };
}

/** Ctrl B: side bar. Ctrl Alt M: only the talk. Ctrl Alt I: to the composer. */
function useKeys({ onSide, onWork }: { onSide: () => void; onWork: () => void }) {
  useEffect(() => {
    const keys = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.getModifierState("AltGraph")) return;
      const key = event.key.toLowerCase();
      if (key === "b" && !event.altKey) onSide();
      else if (key === "m" && event.altKey) onWork();
      else if (key === "i" && event.altKey) document.getElementById("prompt")?.focus();
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", keys);
    return () => window.removeEventListener("keydown", keys);
  }, [onSide, onWork]);
}
