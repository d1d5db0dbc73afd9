import { t } from "../text/text";

/** Search in files. */
export function SearchPanel(_: { session: string }) {
  return (
    <div className="sidehead">
      <h2 className="grow">{t("Search")}</h2>
    </div>
  );
}
