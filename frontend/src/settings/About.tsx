import { useQuery } from "@tanstack/react-query";
import { t } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { api, words } from "../wire/api";

interface Licence {
  name: string;
  version: string;
  licence: string;
}

interface Server {
  version: string;
  java: string;
  engine: string;
  licences: Licence[];
}

const SCREENS = "/licences.json"; // made by build/licences.mjs

/** Which Cleanroom this is, and on whose work it stands. */
export function About() {
  const server = useQuery({
    queryKey: ["about"],
    queryFn: ({ signal }) => api.get<Server>("/api/v1/about", signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const screens = useQuery({
    queryKey: ["about", "screens"],
    queryFn: ({ signal }) => api.get<Licence[]>(SCREENS, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <>
      <section className="settings-part">
        {server.isPending ? (
          <Skeleton label={t("Asking the server")} />
        ) : server.isError ? (
          <Trouble
            title={t("The server did not say what it is")}
            detail={words(server.error)}
            onRetry={() => void server.refetch()}
          />
        ) : (
          <dl className="facts">
            <Fact name={t("Version")} value={server.data.version} />
            <Fact name="Java" value={server.data.java} />
            <Fact name={t("Sandbox engine")} value={server.data.engine} />
          </dl>
        )}
      </section>
      <Licences title={t("Libraries of the server")} list={server.data?.licences} />
      <Licences title={t("Libraries of the screens")} list={screens.data} />
      {screens.isError && <p className="wrong">{words(screens.error)}</p>}
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Licences({ title, list }: { title: string; list: Licence[] | undefined }) {
  if (list === undefined) return null;
  return (
    <section className="settings-part">
      <details>
        <summary>
          {title} <span className="faint num">{list.length}</span>
        </summary>
        <table className="rules">
          <thead>
            <tr>
              <th scope="col">{t("Name")}</th>
              <th scope="col">{t("Version")}</th>
              <th scope="col">{t("Licence")}</th>
            </tr>
          </thead>
          <tbody>
            {list.map(({ name, version, licence }) => (
              <tr key={`${name} ${version}`}>
                <td className="name">{name}</td>
                <td className="num">{version}</td>
                <td>{licence}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}
