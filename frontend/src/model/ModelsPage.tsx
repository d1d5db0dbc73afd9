import { useState } from "react";
import { t } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { words } from "../wire/api";
import { type Provider, useModels, useProviders } from "./providers";

const wires = () => [
  { id: "anthropic", name: "Anthropic", base: "https://api.anthropic.com" },
  { id: "openai", name: "OpenAI", base: "https://api.openai.com/v1" },
  { id: "compatible", name: t("Compatible server: Ollama, vLLM, LiteLLM, OpenRouter …"), base: "" },
];

const WIRE_WORDS: Record<string, string> = {
  anthropic: "Messages API",
  "openai-responses": "Responses API",
  "openai-chat": "Chat Completions",
};

interface Props {
  mayChange: boolean; // administrators
}

/** Model providers: their keys, tested when they are saved, and what they offer. */
export function ModelsPage({ mayChange }: Props) {
  const { list, save, remove } = useProviders();
  const models = useModels();
  return (
    <>
      <section className="block" aria-labelledby="providers">
        <h2 id="providers">{t("Providers")}</h2>
        {list.isPending ? (
          <Skeleton label={t("Loading providers")} />
        ) : list.isError ? (
          <Trouble
            title={t("The providers could not be read")}
            detail={words(list.error)}
            onRetry={() => void list.refetch()}
          />
        ) : list.data.length === 0 ? (
          <div className="nothing">
            {t("No provider is set up, so the built-in tour model answers")}
            <p>
              {t("It understands a dozen plain commands. Add a key below, or set {names} for the server.", {
                names: "ANTHROPIC_API_KEY, OPENAI_API_KEY",
              })}
            </p>
          </div>
        ) : (
          <ul className="plain-list">
            {list.data.map((provider) => (
              <ProviderRow
                key={provider.id}
                provider={provider}
                mayChange={mayChange}
                removing={remove.isPending}
                onRemove={() => remove.mutate(provider.id)}
              />
            ))}
          </ul>
        )}
        {remove.isError && <p className="wrong">{words(remove.error)}</p>}
      </section>
      {mayChange ? (
        <Add saving={save.isPending} problem={save.error} saved={save.isSuccess} onSave={save.mutateAsync} />
      ) : (
        <p className="hint">{t("An administrator sets the keys.")}</p>
      )}
      <section className="block" aria-labelledby="offered">
        <h2 id="offered">{t("What can be chosen")}</h2>
        <p className="muted">
          {t("The default is the server’s setting {name}; a project can have its own.", { name: "CLEANROOM_MODEL" })}
        </p>
        {models.isPending ? (
          <Skeleton label={t("Loading models")} />
        ) : models.isError ? (
          <Trouble
            title={t("The models could not be read")}
            detail={words(models.error)}
            onRetry={() => void models.refetch()}
          />
        ) : (
          <ul className="plain-list">
            {models.data.map((model) => (
              <li key={model.id} className="member short">
                <span className="grow">
                  {model.name} {model.default && <span className="chip">{t("default")}</span>}
                </span>
                <code className="faint">{model.id}</code>
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

interface RowProps {
  provider: Provider;
  mayChange: boolean;
  removing: boolean;
  onRemove: () => void;
}

function ProviderRow({ provider, mayChange, removing, onRemove }: RowProps) {
  return (
    <li className="member">
      <span className="grow">
        {provider.id}
        <span className="hint block">
          {WIRE_WORDS[provider.wire] ?? provider.wire}
          {provider.baseUrl ? `, ${provider.baseUrl}` : ""}
        </span>
      </span>
      <span className="hint">
        {provider.hasKey ? t("key set") : t("no key")},{" "}
        {provider.from === "environment" ? t("from the environment") : t("from these settings")}
      </span>
      {mayChange && provider.from === "settings" && (
        <button type="button" className="btn s bad" disabled={removing} onClick={onRemove}>
          {t("Remove")}
        </button>
      )}
    </li>
  );
}

interface AddProps {
  saving: boolean;
  problem: Error | null;
  saved: boolean;
  onSave: (setting: { id: string; wire: string; baseUrl?: string; key?: string }) => Promise<unknown>;
}

function Add({ saving, problem, saved, onSave }: AddProps) {
  const [wire, setWire] = useState("anthropic");
  const [id, setId] = useState("");
  const [baseUrl, setBaseUrl] = useState("");
  const [key, setKey] = useState("");
  const isCompatible = wire === "compatible";
  return (
    <section className="block" aria-labelledby="add-key">
      <h2 id="add-key">{t("Add a key")}</h2>
      <p className="muted">
        {t("One small request tests it before it is stored. Keys are sealed and never reach a sandbox.")}
      </p>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void onSave({
            id: isCompatible ? id.trim() : wire,
            wire: isCompatible ? "openai" : wire,
            ...(baseUrl.trim() ? { baseUrl: baseUrl.trim() } : {}),
            ...(key ? { key } : {}),
          }).then(
            () => setKey(""),
            () => undefined, // shown below
          );
        }}
      >
        <label className="labelled">
          <span>{t("Kind")}</span>
          <select className="field l" value={wire} onChange={(event) => setWire(event.target.value)}>
            {wires().map((known) => (
              <option key={known.id} value={known.id}>
                {known.name}
              </option>
            ))}
          </select>
        </label>
        {isCompatible && (
          <label className="labelled">
            <span>{t("Name")}</span>
            <input
              className="field l"
              required
              pattern="[a-z0-9\-]{1,40}"
              title={t("Up to 40 lower-case letters, digits and dashes")}
              placeholder="ollama"
              value={id}
              onChange={(event) => setId(event.target.value)}
            />
          </label>
        )}
        <label className="labelled">
          <span>{isCompatible ? t("Address") : t("Address, if not the provider’s own")}</span>
          <input
            className="field l"
            type="url"
            required={isCompatible}
            placeholder={wires().find((known) => known.id === wire)?.base || "http://localhost:11434/v1"}
            value={baseUrl}
            onChange={(event) => setBaseUrl(event.target.value)}
          />
        </label>
        <label className="labelled">
          <span>{t("Key")}</span>
          <input
            className="field l mono"
            type="password"
            autoComplete="off"
            required={!isCompatible}
            value={key}
            onChange={(event) => setKey(event.target.value)}
          />
        </label>
        {problem && (
          <p className="wrong" role="alert">
            {words(problem)}
          </p>
        )}
        {saved && !saving && !problem && <p role="status">{t("Saved. The provider answered.")}</p>}
        <div>
          <button type="submit" className="btn primary l" disabled={saving}>
            {saving ? t("Testing the key") : t("Test and save")}
          </button>
        </div>
      </form>
    </section>
  );
}
