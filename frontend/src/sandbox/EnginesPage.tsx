import { t } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { words } from "../wire/api";
import "./sandbox.css";
import { type Engine, engineName, useEngines } from "./sandbox";

/** What sandboxes stand on here, and what holds less than it should. */
export function EnginesPage({ mayChange }: { mayChange: boolean }) {
  return mayChange ? <Administered /> : <p className="hint">{t("An administrator looks after the sandboxes.")}</p>;
}

function Administered() {
  const engines = useEngines(true);
  if (engines.isPending) return <Skeleton label={t("Looking at what sandboxes stand on")} />;
  if (engines.isError) {
    return (
      <Trouble
        title={t("The engines could not be looked at")}
        detail={words(engines.error)}
        onRetry={() => void engines.refetch()}
      />
    );
  }
  return (
    <>
      {engines.data.map((engine) => (
        <Findings key={engine.name} engine={engine} />
      ))}
      <section className="block">
        {!engines.data.some(({ name }) => name === "docker") && (
          <p className="hint">
            {t("For containers, name the socket of Docker or Podman and start the server again:")}{" "}
            <code>CLEANROOM_SANDBOX_DOCKER_SOCKET</code>
          </p>
        )}
        <p className="hint">
          {t("New sandboxes are by the engine in")} <code>CLEANROOM_SANDBOX_ENGINE</code>.{" "}
          {t("A session keeps its own until somebody moves it.")}
        </p>
        <div>
          <button type="button" className="btn l" disabled={engines.isFetching} onClick={() => void engines.refetch()}>
            {engines.isFetching ? t("Looking") : t("Look again")}
          </button>
        </div>
      </section>
    </>
  );
}

function Findings({ engine }: { engine: Engine }) {
  const { name, preferred, problem, limitations } = engine;
  return (
    <section className="block" aria-labelledby={`engine-${name}`}>
      <h2 id={`engine-${name}`}>
        {engineName(name)} {preferred && <span className="chip">{t("for new sandboxes")}</span>}
      </h2>
      {problem ? (
        <p className="wrong">{problem}</p>
      ) : (
        <>
          <p>
            {limitations.length === 0
              ? t("Works, and every limit holds.")
              : t("Works. What holds less than it should:")}
          </p>
          <ul className="findings">
            {limitations.map((sentence) => (
              <li key={sentence} className="muted">
                {sentence}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
