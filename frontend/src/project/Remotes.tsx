import { ArrowUpRight, Download, Upload } from "lucide-react";
import { useState } from "react";
import { t, tn } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { agoWords } from "../ui/time";
import { words } from "../wire/api";
import { type Remote, useRemoteCommands, useRemotes } from "./remotes";

/** Repositories on other hosts that the project fetches from and pushes to. */
export function Remotes({ project, mayChange }: { project: string; mayChange: boolean }) {
  const list = useRemotes(project);
  return (
    <section className="block" aria-labelledby="remotes">
      <h2 id="remotes" className="vh">
        {t("Remotes")}
      </h2>
      <p className="muted">
        {t("The same project on GitHub, GitLab, Gitea or any other host. Its branches are fetched beside your own.")}
      </p>
      {list.isPending ? (
        <Skeleton label={t("Loading remotes")} tall={100} />
      ) : list.isError ? (
        <Trouble
          title={t("The remotes could not be read")}
          detail={words(list.error)}
          onRetry={() => void list.refetch()}
        />
      ) : list.data.length === 0 ? (
        <p className="hint">{t("No remotes yet.")}</p>
      ) : (
        <ul className="plain-list">
          {list.data.map((remote) => (
            <li key={remote.name} className="remote">
              <OneRemote project={project} remote={remote} mayChange={mayChange} />
            </li>
          ))}
        </ul>
      )}
      {mayChange ? <Add project={project} /> : <p className="hint">{t("Editors and owners change this.")}</p>}
    </section>
  );
}

interface OneProps {
  project: string;
  remote: Remote;
  mayChange: boolean;
}

function OneRemote({ project, remote, mayChange }: OneProps) {
  const { fetch, push, change, remove } = useRemoteCommands(project);
  const [asks, setAsks] = useState<"push" | "token">();
  const [text, setText] = useState("");
  const { name, url, fetching, problem } = remote;
  const failed = [fetch, push, change, remove].find(({ isError }) => isError);
  const ask = (what: "push" | "token") => {
    setText("");
    setAsks(asks === what ? undefined : what);
  };
  const done = () => setAsks(undefined);
  return (
    <>
      <div className="line-up wrap">
        <span className="remote-way cut">
          {name}
          <code className="hint block cut">{url}</code>
        </span>
        {mayChange && (
          <>
            <button
              type="button"
              className="btn s"
              disabled={fetching !== undefined || fetch.isPending}
              onClick={() => fetch.mutate(name)}
            >
              <Download className="i s" aria-hidden="true" />
              {t("Fetch")}
            </button>
            <button type="button" className="btn s" aria-expanded={asks === "push"} onClick={() => ask("push")}>
              <Upload className="i s" aria-hidden="true" />
              {t("Push")}
            </button>
            <button type="button" className="btn s plain" aria-expanded={asks === "token"} onClick={() => ask("token")}>
              {remote.hasToken ? t("Change token") : t("Add token")}
            </button>
            <button
              type="button"
              className="btn s bad"
              disabled={remove.isPending}
              onClick={() => {
                if (window.confirm(t("Remove {name}? Its branches go from here; the host keeps them.", { name })))
                  remove.mutate(name);
              }}
            >
              {t("Remove")}
            </button>
          </>
        )}
      </div>
      <p className="hint" role="status">
        {fetching
          ? fetching.total
            ? `${fetching.phase} ${fetching.done}/${fetching.total}`
            : fetching.phase
          : remote.fetchedAt
            ? `${tn(remote.branches, "{n} branch", "{n} branches")}, ${t("fetched {ago}", { ago: agoWords(remote.fetchedAt) })}`
            : t("Not fetched yet")}
      </p>
      {asks && (
        <form
          className="line-up wrap"
          onSubmit={(event) => {
            event.preventDefault();
            if (asks === "push") push.mutate({ name, branch: text.trim() }, { onSuccess: done });
            else change.mutate({ name, token: text }, { onSuccess: done, onSettled: () => setText("") });
          }}
        >
          <input
            className="field mono medium"
            type={asks === "push" ? "text" : "password"}
            autoComplete="off"
            placeholder={asks === "push" ? t("Branch") : t("Nothing: takes the token away")}
            required={asks === "push"}
            maxLength={asks === "push" ? 200 : 2_000}
            aria-label={
              asks === "push" ? t("Branch that is pushed to {name}", { name }) : t("Token for {name}", { name })
            }
            // biome-ignore lint/a11y/noAutofocus: it opened by the reader's own click
            autoFocus
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <button type="submit" className="btn s primary" disabled={push.isPending || change.isPending}>
            {asks === "push" ? (push.isPending ? t("Pushing to {host}", { host: remote.host }) : t("Push")) : t("Save")}
          </button>
        </form>
      )}
      {push.data && !asks && (
        <p className="line-up" role="status">
          {t("Pushed {branch} to {host}.", { branch: push.data.branch, host: remote.host })}
          {push.data.pullRequestUrl && /^https?:\/\//u.test(push.data.pullRequestUrl) && (
            <a className="btn s" href={push.data.pullRequestUrl} target="_blank" rel="noopener noreferrer">
              {t("Open a pull request")}
              <ArrowUpRight className="i s" aria-hidden="true" />
            </a>
          )}
        </p>
      )}
      {(failed || problem) && (
        <p className="wrong" role="alert">
          {failed ? words(failed.error) : problem?.detail}
        </p>
      )}
    </>
  );
}

const NOTHING = { name: "", url: "", user: "", token: "" };

function Add({ project }: { project: string }) {
  const { add, fetch } = useRemoteCommands(project);
  const [value, setValue] = useState(NOTHING);
  const field = (key: keyof typeof NOTHING) => ({
    value: value[key],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => setValue({ ...value, [key]: event.target.value }),
  });
  return (
    <form
      className="stack"
      aria-label={t("Add a remote")}
      onSubmit={(event) => {
        event.preventDefault();
        const { name, url, user, token } = value;
        add.mutate(
          {
            name: name.trim(),
            url: url.trim(),
            ...(user.trim() ? { user: user.trim() } : {}),
            ...(token ? { token } : {}),
          },
          {
            onSuccess: (made) => {
              setValue(NOTHING);
              fetch.mutate(made.name);
            },
          },
        );
      }}
    >
      <h3>{t("Add a remote")}</h3>
      <label className="labelled">
        <span>{t("Name")}</span>
        <input className="field mono medium" required maxLength={50} placeholder="github" {...field("name")} />
      </label>
      <label className="labelled">
        <span>{t("Address")}</span>
        <input
          className="field mono"
          type="url"
          required
          maxLength={1_000}
          placeholder="https://github.com/team/project.git"
          {...field("url")}
        />
      </label>
      <label className="labelled">
        <span>{t("User, where the host wants one beside the token")}</span>
        <input className="field mono medium" autoComplete="off" maxLength={100} {...field("user")} />
      </label>
      <label className="labelled">
        <span>{t("Token, for a private repository and for pushing")}</span>
        <input className="field mono" type="password" autoComplete="off" maxLength={2_000} {...field("token")} />
        <span className="hint below">
          {t(
            "It is kept sealed, sent to this host only, and never shown again. Everybody who edits the project can use it.",
          )}
        </span>
      </label>
      <div className="line-up">
        <button type="submit" className="btn" disabled={add.isPending}>
          {add.isPending ? t("Asking the host") : t("Add")}
        </button>
        {add.isError && (
          <span className="wrong" role="alert">
            {words(add.error)}
          </span>
        )}
      </div>
    </form>
  );
}
