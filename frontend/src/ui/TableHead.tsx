import { t } from "../text/text";

/** The names of a table's columns; what can be done with a row stands in one more behind them. */
export function TableHead({ names }: { names: readonly string[] }) {
  return (
    <thead>
      <tr>
        {names.map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
        <th scope="col">
          <span className="vh">{t("Actions")}</span>
        </th>
      </tr>
    </thead>
  );
}
