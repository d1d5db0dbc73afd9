import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { type Me, useMe } from "../account/me";
import { Skeleton, Trouble } from "../ui/Trouble";
import { Problem, words } from "../wire/api";
import { loadPreferences } from "../workbench/preferences";
import { PageFrame } from "./PageFrame";
import { SessionPage } from "./SessionPage";

const ProjectsPage = lazy(() => import("../project/ProjectsPage").then((module) => ({ default: module.ProjectsPage })));
const ProjectPage = lazy(() => import("../project/ProjectPage").then((module) => ({ default: module.ProjectPage })));
const SessionsPage = lazy(() =>
  import("../sessions/SessionsPage").then((module) => ({ default: module.SessionsPage })),
);
const ModelsPage = lazy(() => import("../model/ModelsPage").then((module) => ({ default: module.ModelsPage })));
const TokensPage = lazy(() => import("../account/TokensPage").then((module) => ({ default: module.TokensPage })));

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
      <SignedIn />
    </QueryClientProvider>
  );
}

function SignedIn() {
  const me = useMe();
  const isPerson = me.data?.kind === "person";
  useEffect(() => {
    if (isPerson) void loadPreferences();
  }, [isPerson]);
  if (me.isPending)
    return (
      <main className="page narrow">
        <h1 className="vh">Cleanroom</h1>
        <Skeleton label="Loading" />
      </main>
    );
  if (me.isError) {
    if (me.error instanceof Problem && me.error.status === 401) return null;
    return (
      <main className="page narrow">
        <h1 className="vh">Cleanroom</h1>
        <Trouble title="The server cannot be reached" detail={words(me.error)} onRetry={() => void me.refetch()} />
      </main>
    );
  }
  return <Routes me={me.data} />;
}

function Routes({ me }: { me: Me }) {
  const [, go] = useLocation();
  const openProject = (id: string) => go(`/p/${id}`);
  return (
    <Switch>
      <Route path="/p/:project/s/:session">
        {({ project, session }) => <SessionPage key={session} project={project} session={session} me={me} />}
      </Route>
      <Route>
        <PageFrame me={me}>
          <Suspense fallback={<Skeleton label="Loading the page" />}>
            <Switch>
              <Route path="/projects">
                <ProjectsPage again={history.state?.again} onOpenProject={openProject} />
              </Route>
              <Route path="/p/:project">
                {({ project }) => (
                  <ProjectPage
                    id={project}
                    me={me.id}
                    onOpenSession={(session) => go(`/p/${project}/s/${session}`)}
                    onLeave={() => go("/projects")}
                    onImportAgain={(name) => go("/projects", { state: { again: name } })}
                  />
                )}
              </Route>
              <Route path="/sessions">
                <SessionsPage />
              </Route>
              <Route path="/settings/models">
                <ModelsPage mayChange={me.administrator === true} />
              </Route>
              <Route path="/me/tokens">
                <TokensPage />
              </Route>
              <Route path="/">
                <Redirect to="/projects" />
              </Route>
              <Route>
                <h1>There is no such page</h1>
                <p className="muted">The address may be mistyped, or what was here is gone.</p>
                <p className="after">
                  <Link href="/projects">Go to your projects</Link>
                </p>
              </Route>
            </Switch>
          </Suspense>
        </PageFrame>
      </Route>
    </Switch>
  );
}
