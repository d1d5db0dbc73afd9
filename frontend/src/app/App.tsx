import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Suspense, useEffect } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { type Me, useMe } from "../account/me";
import { t } from "../text/text";
import { Boundary } from "../ui/Boundary";
import { lazily } from "../ui/lazily";
import { Skeleton, Trouble } from "../ui/Trouble";
import { Problem, words } from "../wire/api";
import { loadPreferences } from "../workbench/preferences";
import { NoSuchPage } from "./NoSuchPage";
import { PageFrame } from "./PageFrame";
import { useReleaseWatch } from "./release";
import { SessionPage } from "./SessionPage";

const ProjectsPage = lazily(() => import("../project/ProjectsPage").then((module) => module.ProjectsPage));
const ProjectHome = lazily(() => import("./ProjectRepository").then((module) => module.ProjectHome));
const ProjectRepository = lazily(() => import("./ProjectRepository").then((module) => module.ProjectRepository));
const MySettings = lazily(() => import("./MySettings").then((module) => module.MySettings));
const ProjectSettings = lazily(() => import("./ProjectSettings").then((module) => module.ProjectSettings));
const SessionsPage = lazily(() => import("../sessions/SessionsPage").then((module) => module.SessionsPage));

const MOST_TRIES = 3; // what a person can act on is not tried again; a server that is away is

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, problem) =>
        problem instanceof Problem && (problem.status === 0 || problem.status === 503) && count < MOST_TRIES,
      staleTime: 2_000,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

/** The application behind the sign-in page. */
export function App() {
  return (
    <QueryClientProvider client={queries}>
      <Boundary className="page narrow">
        <SignedIn />
      </Boundary>
    </QueryClientProvider>
  );
}

function SignedIn() {
  const me = useMe();
  const isPerson = me.data?.kind === "person";
  useReleaseWatch();
  useEffect(() => {
    if (isPerson) void loadPreferences();
  }, [isPerson]);
  if (me.isPending)
    return (
      <main className="page narrow">
        <h1 className="vh">Cleanroom</h1>
        <Skeleton label={t("Loading")} />
      </main>
    );
  if (me.isError) {
    if (me.error instanceof Problem && me.error.status === 401) return null;
    return (
      <main className="page narrow">
        <h1 className="vh">Cleanroom</h1>
        <Trouble title={t("The server cannot be reached")} detail={words(me.error)} onRetry={() => void me.refetch()} />
      </main>
    );
  }
  return <Routes me={me.data} />;
}

function Routes({ me }: { me: Me }) {
  const [path] = useLocation();
  return (
    <Switch>
      <Route path="/p/:project/s/:session">
        {({ project, session }) => <SessionPage key={session} project={project} session={session} me={me} />}
      </Route>
      <Route>
        <PageFrame me={me}>
          <Boundary shown={path}>
            <Suspense fallback={<Skeleton label={t("Loading the page")} />}>
              {me.kind === "guest" ? <NoSuchPage /> : <Pages me={me} />}
            </Suspense>
          </Boundary>
        </PageFrame>
      </Route>
    </Switch>
  );
}

/** What members see besides sessions. */
function Pages({ me }: { me: Me }) {
  const [path, go] = useLocation();
  return (
    <Switch>
      <Route path="/projects">
        <ProjectsPage again={history.state?.again} onOpenProject={(id) => go(`/p/${id}`)} />
      </Route>
      <Route path="/p/:project">
        {({ project }) => (
          <ProjectHome
            id={project}
            onOpenSession={(session) => go(`/p/${project}/s/${session}`)}
            onImportAgain={(name) => go("/projects", { state: { again: name } })}
          />
        )}
      </Route>
      <Route path="/sessions">
        <SessionsPage />
      </Route>
      <Route path="/p/:project/settings">
        {({ project }) => <Redirect to={`/p/${project}/settings/general`} replace />}
      </Route>
      <Route path="/p/:project/settings/:section">
        {({ project, section }) => (
          <ProjectSettings id={project} section={section} me={me.id} onLeave={() => go("/projects")} />
        )}
      </Route>
      <Route path="/p/:project/:view/:commit?">
        {({ project, view, commit }) => (
          <ProjectRepository
            id={project}
            view={view}
            commit={commit}
            onOpenSession={(session) => go(`/p/${project}/s/${session}`)}
          />
        )}
      </Route>
      <Route path="/settings/models">
        <Redirect to="/admin/models" replace />
      </Route>
      <Route path="/me">
        <Redirect to="/me/profile" replace />
      </Route>
      <Route path="/admin">
        <Redirect to="/admin/models" replace />
      </Route>
      <Route path="/me/:section">
        <MySettings me={me} here={path} />
      </Route>
      <Route path="/admin/:section">
        <MySettings me={me} here={path} />
      </Route>
      <Route path="/">
        <Redirect to="/projects" replace />
      </Route>
      <Route>
        <NoSuchPage />
      </Route>
    </Switch>
  );
}
