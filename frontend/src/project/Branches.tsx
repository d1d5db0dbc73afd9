import { useMemo, useState } from "react";
import { Link } from "wouter";
import { t } from "../text/text";
import { SavedMark, Setting } from "../ui/Setting";
import { TableHead } from "../ui/TableHead";
import { Skeleton, Trouble } from "../ui/Trouble";
import { agoWords } from "../ui/time";
import { words } from "../wire/api";
import { AskRow } from "./AskRow";
import {
  type BranchRule,
  type Pushers,
  type RefMove,
  undoneIn,
  useBranchRules,
  useDefaultBranch,
  useRefMoves,
} from "./branches";

const PAGE = 20; // moves that are shown at first, and more each time
const SHORT = 8; // characters of a commit's id

interface Props {
  project: string;
  owns: boolean;
  edits: boolean; // owners do too
}

/** Which branch is the default, what may happen to which, and what happened, with the way back. */
export function Branches({ project, owns, edits }: Props) {
  return (
    <>
      <Default project={project} owns={owns} />
      <Rules project={project} owns={owns} />
      <Moves project={project} edits={edits} />
    </>
  );
}

function Default({ project, owns }: { project: string; owns: boolean }) {
  const { now, choose } = useDefaultBranch(project);
  const branch = now.data?.branch ?? "";
  const branches = now.data?.branches ?? [];
  return (
    <section className="settings-part">
      <Setting
        name={t("Default branch")}
        about={t("A clone checks it out, and new sessions begin there.")}
        saved={choose.isSuccess}
        problem={now.isError ? words(now.error) : choose.isError ? words(choose.error) : undefined}
      >
        {(control) => (
          <select
            {...control}
            className="field"
            disabled={!owns || now.data === undefined || choose.isPending}
            value={branch}
            onChange={(event) => choose.mutate(event.target.value)}
          >
            {(branches.includes(branch) ? branches : [branch, ...branches]).map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Setting>
    </section>
  );
}

function Rules({ project, owns }: { project: string; owns: boolean }) {
  const { list, save } = useBranchRules(project);
  const rules = list.data ?? [];
  return (
    <section className="settings-part" aria-labelledby="branch-rules">
      <h2 id="branch-rules">
        {t("Rules")} <SavedMark saved={save.isSuccess} />
      </h2>
      {list.isPending ? (
        <Skeleton label={t("Loading the rules")} />
      ) : list.isError ? (
        <Trouble
          title={t("The rules could not be read")}
          detail={words(list.error)}
          onRetry={() => void list.refetch()}
        />
      ) : rules.length === 0 ? (
        <p className="nothing">{t("No rule yet: editors push to every branch, also with force.")}</p>
      ) : (
        <RuleTable rules={rules} onChange={owns && !save.isPending ? (next) => save.mutate(next) : undefined} />
      )}
      {save.isError && (
        <p className="wrong" role="alert">
          {words(save.error)}
        </p>
      )}
      {owns && list.isSuccess ? (
        <AskRow
          label={t("A branch, or a pattern of branches")}
          example="release/*"
          name={t("Protect it")}
          busy={save.isPending}
          mostLetters={200}
          onChange={() => save.isError && save.reset()}
          onAsk={(pattern) =>
            save.mutateAsync([...rules, { pattern, protected: true, push: "editors" }]).then(
              () => true,
              () => false, // said above
            )
          }
        />
      ) : (
        list.isSuccess && <p className="hint after">{t("Owners change this.")}</p>
      )}
      <p className="hint">
        {t(
          "A protected branch loses no commit: no forced push, no deletion. What takes no pushes is changed by merging here.",
        )}
      </p>
    </section>
  );
}

const pushers = (): { id: Pushers; name: string }[] => [
  { id: "editors", name: t("Editors push") },
  { id: "owners", name: t("Only owners push") },
  { id: "nobody", name: t("Nobody pushes") },
];

interface RuleTableProps {
  rules: BranchRule[];
  onChange: ((rules: BranchRule[]) => void) | undefined;
}

function RuleTable({ rules, onChange }: RuleTableProps) {
  const change = (rule: BranchRule, what: Partial<BranchRule>) =>
    onChange?.(rules.map((each) => (each === rule ? { ...each, ...what } : each)));
  return (
    <table className="rules">
      <TableHead names={[t("Branches"), t("Protected"), t("Who pushes")]} />
      <tbody>
        {rules.map((rule) => (
          <tr key={rule.pattern}>
            <td className="name">
              <code>{rule.pattern}</code>
            </td>
            <td>
              <label className="line-up">
                <input
                  type="checkbox"
                  checked={rule.protected}
                  disabled={onChange === undefined}
                  aria-label={t("{branch} is protected", { branch: rule.pattern })}
                  onChange={(event) => change(rule, { protected: event.target.checked })}
                />
                <span>{t("Protected")}</span>
              </label>
            </td>
            <td>
              <select
                className="field"
                aria-label={t("Who pushes to {branch}", { branch: rule.pattern })}
                value={rule.push}
                disabled={onChange === undefined}
                onChange={(event) => change(rule, { push: event.target.value as Pushers })}
              >
                {pushers().map((known) => (
                  <option key={known.id} value={known.id}>
                    {known.name}
                  </option>
                ))}
              </select>
            </td>
            <td className="do">
              {onChange && (
                <button
                  type="button"
                  className="btn s bad"
                  aria-label={t("Remove the rule {rule}", { rule: rule.pattern })}
                  onClick={() => onChange(rules.filter((each) => each !== rule))}
                >
                  {t("Remove")}
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Moves({ project, edits }: { project: string; edits: boolean }) {
  const [count, setCount] = useState(PAGE);
  const { list, undo, recover } = useRefMoves(project, count);
  const { undone, undoes } = useMemo(() => undoneIn(list.data?.items ?? []), [list.data]);
  return (
    <section className="settings-part" aria-labelledby="moves">
      <h2 id="moves">{t("What happened")}</h2>
      {list.isPending ? (
        <Skeleton label={t("Loading what happened")} />
      ) : list.isError ? (
        <Trouble
          title={t("What happened could not be read")}
          detail={words(list.error)}
          onRetry={() => void list.refetch()}
        />
      ) : list.data.items.length === 0 ? (
        <p className="nothing">{t("No branch has been pushed yet.")}</p>
      ) : (
        <ul className="plain-list" aria-busy={list.isFetching}>
          {list.data.items.map((move) => (
            <Move
              key={move.id}
              project={project}
              move={move}
              isUndone={undone.has(move.id)}
              undoes={undoes.has(move.id)}
              busy={undo.isPending || recover.isPending}
              onUndo={edits ? () => undo.mutate(move.id) : undefined}
              onRecover={edits ? () => recover.mutate(move.id) : undefined}
            />
          ))}
        </ul>
      )}
      {[undo, recover].map(
        ({ error }) =>
          error && (
            <p key={words(error)} className="wrong" role="alert">
              {words(error)}
            </p>
          ),
      )}
      {recover.isSuccess && (
        <p role="status">{t("The branch {branch} is where it was.", { branch: recover.data.branch })}</p>
      )}
      {list.data?.next !== undefined && (
        <button type="button" className="btn s after" onClick={() => setCount(count + PAGE)}>
          {t("Show more")}
        </button>
      )}
    </section>
  );
}

interface MoveProps {
  project: string;
  move: RefMove;
  isUndone: boolean;
  undoes: boolean; // another one
  busy: boolean;
  onUndo: (() => void) | undefined;
  onRecover: (() => void) | undefined;
}

function Move({ project, move, isUndone, undoes, busy, onUndo, onRecover }: MoveProps) {
  const name = move.ref.replace(/^refs\/(heads|tags)\//u, "");
  const happened = whatHappened(move, undoes);
  return (
    <li className="ref-move">
      <div className="grow">
        <code>{name}</code> <span className={move.forced && !isUndone && !undoes ? "forced" : ""}>{happened}</span>
        <span className="hint block">
          {move.by.name}, {agoWords(move.at)}
          {(move.from ?? move.to) && (
            <>
              {" "}
              <span className="mono">
                <CommitLink project={project} id={move.from} /> → <CommitLink project={project} id={move.to} />
              </span>
            </>
          )}
        </span>
      </div>
      {onUndo && move.forced && move.undoable && !undoes && (
        <button
          type="button"
          className="btn s"
          disabled={busy}
          aria-label={t("Undo: {branch} {happened}", { branch: name, happened })}
          onClick={onUndo}
        >
          {t("Undo")}
        </button>
      )}
      {onRecover && move.forced && move.kept && !move.undoable && !isUndone && !undoes && (
        <button
          type="button"
          className="btn s"
          disabled={busy}
          title={t("Makes a branch where it was before; the branch of today stays")}
          aria-label={t("Recover as a branch: {branch} {happened}", { branch: name, happened })}
          onClick={onRecover}
        >
          {t("Recover as a branch")}
        </button>
      )}
    </li>
  );
}

function CommitLink({ project, id }: { project: string; id: string | undefined }) {
  return id === undefined ? "–" : <Link href={`/p/${project}/commit/${id}`}>{id.slice(0, SHORT)}</Link>;
}

function whatHappened({ from, to, forced }: RefMove, undoes: boolean): string {
  if (undoes) return from === undefined ? t("was brought back") : t("was set back");
  if (from === undefined) return t("was made");
  if (to === undefined) return t("was deleted");
  return forced ? t("was overwritten") : t("went on");
}
