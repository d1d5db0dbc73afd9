import { Download, GitCompareArrows, Minus, Plus, Undo2 } from "lucide-react";
import { folderOf, nameOf, useDiff } from "../files/files";
import { t, tn } from "../text/text";
import { PlusMinus } from "../ui/Diff";
import { Menu } from "../ui/Menu";
import { Revealed } from "../ui/Revealed";
import { Skeleton, Trouble } from "../ui/Trouble";
import { UndoLine } from "../ui/UndoLine";
import { words } from "../wire/api";
import { useWorkbench } from "../workbench/workbench";
import { CommitBox } from "./CommitBox";
import { Commits } from "./Commits";
import { type Change, useGit } from "./git";
import { kindWords, LETTERS } from "./kinds";
import { Merge } from "./Merge";
import { useMerge } from "./merge";
import { Choice } from "./ReviewTools";
import { useActions } from "./useActions";
import { setView, useView } from "./view";

interface Props {
  project: string;
  session: string;
  open: string | undefined; // the file whose change is in front
  mayEdit: boolean;
  mayPush: boolean; // members move branches and push; guests do not
}

/** What is to be committed and what is not, or all that the session changed; then commit and push. */
export function ChangesPanel({ project, session, open, mayEdit, mayPush }: Props) {
  const git = useGit(session);
  const diff = useDiff(session);
  const { scope = "uncommitted" } = useView();
  const workbench = useWorkbench();
  const actions = useActions(session);
  const isWhole = scope === "session" || git.isError;
  const source = isWhole ? diff : git;
  const whole = diff.data ?? [];
  const merging = useMerge(session).data?.merging;
  const unsolved = new Set(merging?.unsolved.map(({ path }) => path));
  const [staged = [], unstaged = []] = [git.data?.staged, git.data?.unstaged].map((changes) =>
    changes?.filter(({ path }) => !unsolved.has(path)),
  );
  const commits = git.data?.commits ?? [];
  const openChange = (path: string) => workbench.open({ kind: "diff", path });
  return (
    <>
      <div className="sidehead">
        <h2 className="grow">{t("Changes")}</h2>
        {whole.length > 0 && (
          <button
            type="button"
            className="icon s"
            aria-label={t("Review all changes")}
            title={t("Review all changes")}
            onClick={() => workbench.open({ kind: "review" })}
          >
            <GitCompareArrows className="i s" aria-hidden="true" />
          </button>
        )}
        <Menu
          label={t("More about changes")}
          className="icon s"
          align="end"
          trigger={<span aria-hidden="true">⋯</span>}
        >
          {() => (
            <>
              <a className="menu-item" role="menuitem" href={`/api/v1/sessions/${session}/diff.patch`} download>
                <Download className="i s" aria-hidden="true" />
                {t("Download as a patch")}
              </a>
              <a className="menu-item" role="menuitem" href={`/api/v1/sessions/${session}/archive.zip`} download>
                <Download className="i s" aria-hidden="true" />
                {t("Download all files")}
              </a>
            </>
          )}
        </Menu>
      </div>
      {git.data && (
        <div className="side-note">
          <Choice
            label={t("Which changes")}
            options={[
              { id: "uncommitted", name: t("Not committed"), isOn: !isWhole },
              { id: "session", name: t("Whole session"), isOn: isWhole },
            ]}
            onChoose={(id) => setView({ scope: id === "session" ? "session" : "uncommitted" })}
          />
        </div>
      )}
      {actions.problem && (
        <p className="wrong side-note" role="alert">
          {actions.problem}
        </p>
      )}
      {actions.undoable && mayEdit && (
        <UndoLine text={actions.undoable.said} isBusy={actions.isBusy} onUndo={actions.undoable.undo} />
      )}
      {merging && <Merge session={session} mayEdit={mayEdit} mayMerge={mayEdit && mayPush} />}
      <div className="rows">
        {git.isPending || source.isPending ? (
          <div className="pad">
            <Skeleton label={t("Loading changes")} />
          </div>
        ) : source.isError ? (
          <Trouble
            title={t("The changes could not be read")}
            detail={words(source.error)}
            onRetry={() => void source.refetch()}
          />
        ) : isWhole ? (
          <>
            {git.isError && (
              <p className="hint side-note">
                {t("What is staged could not be read, so this is all that the session changed. {why}", {
                  why: words(git.error),
                })}
              </p>
            )}
            {whole.length === 0 ? (
              <p className="hint side-note">
                {t("No changes in this session yet. Edits by the agent, by people and by commands appear here.")}
              </p>
            ) : (
              <ul>
                {whole.map((change) => (
                  <li key={change.path} className="change">
                    <ChangedFile change={change} isOpen={change.path === open} onOpen={openChange} />
                  </li>
                ))}
              </ul>
            )}
          </>
        ) : staged.length + unstaged.length === 0 && merging ? null : staged.length + unstaged.length === 0 ? (
          <p className="hint side-note">
            {commits.length > 0
              ? t("Everything is committed.")
              : t("No changes in this session yet. Edits by the agent, by people and by commands appear here.")}
          </p>
        ) : (
          <>
            <Group
              name={t("Staged")}
              changes={staged}
              all={t("Unstage all")}
              Icon={Minus}
              isBusy={actions.isBusy}
              onAll={mayEdit ? () => actions.unstage({ all: true }) : undefined}
            >
              {(change) => (
                <>
                  <ChangedFile change={change} isOpen={change.path === open} onOpen={openChange} />
                  {mayEdit && (
                    <span className="row-tools">
                      <RowTool
                        name={t("Unstage {name}", { name: change.path })}
                        Icon={Minus}
                        isBusy={actions.isBusy}
                        onPress={() => actions.unstage({ paths: [change.path] })}
                      />
                    </span>
                  )}
                </>
              )}
            </Group>
            <Group
              name={t("Not staged")}
              changes={unstaged}
              all={t("Stage all")}
              Icon={Plus}
              isBusy={actions.isBusy}
              onAll={mayEdit ? () => actions.stage({ all: true }) : undefined}
            >
              {(change) => (
                <>
                  <ChangedFile change={change} isOpen={change.path === open} onOpen={openChange} />
                  {mayEdit && (
                    <span className="row-tools">
                      <RowTool
                        name={t("Discard the changes of {name}", { name: change.path })}
                        Icon={Undo2}
                        isBusy={actions.isBusy}
                        onPress={() =>
                          actions.discard(
                            { paths: [change.path] },
                            t("Changes of {name} discarded.", { name: change.path }),
                          )
                        }
                      />
                      <RowTool
                        name={t("Stage {name}", { name: change.path })}
                        Icon={Plus}
                        isBusy={actions.isBusy}
                        onPress={() => actions.stage({ paths: [change.path] })}
                      />
                    </span>
                  )}
                </>
              )}
            </Group>
            <Sum changes={[...staged, ...unstaged]} />
          </>
        )}
        {git.data && !merging && <Merge session={session} mayEdit={mayEdit} mayMerge={mayEdit && mayPush} />}
        {git.data && commits.length > 0 && (
          <Commits project={project} session={session} git={git.data} mayPush={mayEdit && mayPush} />
        )}
      </div>
      {git.data && mayEdit && !merging && staged.length + unstaged.length > 0 && (
        <CommitBox session={session} git={git.data} mayBranch={mayPush} />
      )}
    </>
  );
}

interface GroupProps {
  name: string;
  changes: Change[];
  all: string;
  Icon: typeof Plus;
  isBusy: boolean;
  onAll: (() => void) | undefined;
  children: (change: Change) => React.ReactNode;
}

function Group({ name, changes, all, Icon, isBusy, onAll, children }: GroupProps) {
  if (changes.length === 0) return null;
  return (
    <section aria-label={name}>
      <div className="group-head">
        <h3 className="grow">
          {name} <span className="faint">{changes.length}</span>
        </h3>
        {onAll && <RowTool name={all} Icon={Icon} isBusy={isBusy} onPress={onAll} />}
      </div>
      <ul>
        {changes.map((change) => (
          <li key={change.path} className="change">
            {children(change)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function RowTool({
  name,
  Icon,
  isBusy,
  onPress,
}: {
  name: string;
  Icon: typeof Plus;
  isBusy: boolean;
  onPress: () => void;
}) {
  return (
    <button type="button" className="icon s" aria-label={name} title={name} disabled={isBusy} onClick={onPress}>
      <Icon className="i s" aria-hidden="true" />
    </button>
  );
}

interface FileProps {
  change: Change;
  isOpen: boolean;
  onOpen: (path: string) => void;
}

function ChangedFile({ change, isOpen, onOpen }: FileProps) {
  return (
    <button
      type="button"
      className={`row inset ${isOpen ? "on" : ""}`}
      title={change.path}
      aria-current={isOpen || undefined}
      onClick={() => onOpen(change.path)}
    >
      <span className={`letter g-${change.kind}`} title={kindWords(change.kind)}>
        {LETTERS[change.kind]}
      </span>
      <span className="cut">
        <Revealed text={nameOf(change.path)} />{" "}
        <span className="faint">
          <Revealed text={folderOf(change.path)} />
        </span>
      </span>
      <span className="tail">
        <PlusMinus added={change.added} removed={change.removed} />
      </span>
    </button>
  );
}

function Sum({ changes }: { changes: Change[] }) {
  const files = new Set(changes.map(({ path }) => path)).size;
  return (
    <p className="sum">
      <span className="hint grow">{tn(files, "{n} file is not committed", "{n} files are not committed")}</span>
      <PlusMinus
        added={changes.reduce((total, { added }) => total + added, 0)}
        removed={changes.reduce((total, { removed }) => total + removed, 0)}
      />
    </p>
  );
}
