import { useState } from "react";
import { t } from "../text/text";
import { TableHead } from "../ui/TableHead";
import { Skeleton, Trouble } from "../ui/Trouble";
import { agoWords } from "../ui/time";
import { words } from "../wire/api";
import { AskRow } from "./AskRow";
import type { Mode } from "./General";
import { type Question, type Rule, useRules, type Verdict } from "./rules";

const verdicts = (): { id: Verdict; name: string }[] => [
  { id: "allow", name: t("Allow") },
  { id: "ask", name: t("Ask") },
  { id: "deny", name: t("Deny") },
];
const verdictWords = (verdict: Verdict) => verdicts().find((known) => known.id === verdict)?.name ?? verdict;

interface Props {
  project: string;
  mayChange: boolean; // editors and owners
  modes: readonly Mode[];
}

/** What the agent may do without asking: every rule that counts, where it is written, and what decides a given call. */
export function Permissions({ project, mayChange, modes }: Props) {
  const { list, add, remove, check } = useRules(project);
  return (
    <>
      <section className="settings-part" aria-labelledby="check">
        <h2 id="check">{t("Would this be allowed?")}</h2>
        <Check
          modes={modes}
          checking={check.isPending}
          onCheck={check.mutate}
          onChange={() => check.isError && check.reset()}
        />
        {check.isError && (
          <p className="wrong" role="alert">
            {words(check.error)}
          </p>
        )}
        {check.data && (
          <p className="verdict-line" role="status">
            <span className={`verdict ${check.data.verdict}`}>{verdictWords(check.data.verdict)}.</span>{" "}
            {check.data.why}
            {check.data.rule && (
              <>
                {" "}
                <code>{check.data.rule}</code>
              </>
            )}
          </p>
        )}
      </section>
      <section className="settings-part" aria-labelledby="rules">
        <h2 id="rules">{t("Rules")}</h2>
        {list.isPending ? (
          <Skeleton label={t("Loading the rules")} />
        ) : list.isError ? (
          <Trouble
            title={t("The rules could not be read")}
            detail={words(list.error)}
            onRetry={() => void list.refetch()}
          />
        ) : list.data.length === 0 ? (
          <p className="nothing">
            {t("No rule yet: the agent asks as its mode says. “Always” in a question makes one.")}
          </p>
        ) : (
          <Table rules={list.data} onRemove={mayChange ? (id) => remove.mutate(id) : undefined} />
        )}
        {remove.isError && <p className="wrong">{words(remove.error)}</p>}
        {mayChange ? (
          <Add
            adding={add.isPending}
            onChange={() => add.isError && add.reset()}
            onAdd={(rule) =>
              add.mutateAsync(rule).then(
                () => true,
                () => false, // said below
              )
            }
          />
        ) : (
          <p className="hint">{t("Editors and owners change this.")}</p>
        )}
        {mayChange && (
          <p className="hint">{t("A rule that is added here counts for your own turns in this project.")}</p>
        )}
        {add.isError && (
          <p className="wrong" role="alert">
            {words(add.error)}
          </p>
        )}
      </section>
    </>
  );
}

function Table({ rules, onRemove }: { rules: Rule[]; onRemove: ((id: string) => void) | undefined }) {
  return (
    <table className="rules">
      <TableHead names={[t("Rule"), t("Verdict"), t("Where it is written"), t("Who")]} />
      <tbody>
        {rules.map((rule) => (
          <tr key={rule.id ?? `${rule.from} ${rule.verdict} ${rule.rule}`}>
            <td className="name">
              <code>{rule.rule}</code>
            </td>
            <td>
              <span className={`verdict ${rule.accepted === false ? "" : rule.verdict}`}>
                {verdictWords(rule.verdict)}
              </span>
            </td>
            <td>
              {placeOf(rule)}
              {rule.accepted === false && <span className="hint block">{t("not accepted, so it does not count")}</span>}
            </td>
            <td>
              {rule.by}
              {rule.at && <span className="hint block">{agoWords(rule.at)}</span>}
            </td>
            <td className="do">
              {onRemove && rule.id !== undefined && (
                <button
                  type="button"
                  className="btn s bad"
                  aria-label={t("Remove the rule {rule}", { rule: rule.rule })}
                  onClick={() => onRemove(rule.id ?? "")}
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

function placeOf(rule: Rule): string {
  if (rule.from !== "saved") return rule.from;
  return rule.scope === "session" ? t("saved, one session") : t("yours, in this project");
}

const calls = () => [
  { tool: "Bash", field: "command", name: t("Run a command"), example: "npm run build" },
  { tool: "Edit", field: "file_path", name: t("Change a file"), example: "src/main.ts" },
  { tool: "Read", field: "file_path", name: t("Read a file"), example: ".env" },
];

interface CheckProps {
  modes: readonly Mode[];
  checking: boolean;
  onCheck: (question: Question) => void;
  onChange: () => void;
}

function Check({ modes, checking, onCheck, onChange }: CheckProps) {
  const [tool, setTool] = useState("Bash");
  const [mode, setMode] = useState(modes[0]?.id ?? "");
  const call = calls().find((known) => known.tool === tool);
  return (
    <AskRow
      label={t("The command or file")}
      example={call?.example}
      name={t("Check")}
      busy={checking}
      before={
        <Pick
          label={t("What the agent would do")}
          options={calls().map((known) => ({ id: known.tool, name: known.name }))}
          value={tool}
          onPick={setTool}
        />
      }
      after={<Pick label={t("In which mode")} options={modes} value={mode} onPick={setMode} />}
      onChange={onChange}
      onAsk={async (text) => {
        onCheck({ tool, input: { [call?.field ?? "command"]: text }, ...(mode ? { mode } : {}) });
        return false;
      }}
    />
  );
}

interface AddProps {
  adding: boolean;
  onAdd: (rule: { rule: string; verdict: Verdict }) => Promise<boolean>;
  onChange: () => void;
}

function Add({ adding, onAdd, onChange }: AddProps) {
  const [verdict, setVerdict] = useState<Verdict>("allow");
  return (
    <AskRow
      label={t("The new rule")}
      example="Bash(npm test *)"
      name={t("Add the rule")}
      busy={adding}
      before={<Pick label={t("Verdict of the new rule")} options={verdicts()} value={verdict} onPick={setVerdict} />}
      onChange={onChange}
      onAsk={(rule) => onAdd({ rule, verdict })}
    />
  );
}

interface PickProps<Id extends string> {
  label: string;
  options: readonly { id: Id; name: string }[];
  value: Id;
  onPick: (id: Id) => void;
}

function Pick<Id extends string>({ label, options, value, onPick }: PickProps<Id>) {
  return (
    <select className="field" aria-label={label} value={value} onChange={(event) => onPick(event.target.value as Id)}>
      {options.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}
