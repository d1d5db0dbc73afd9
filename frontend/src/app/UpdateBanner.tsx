import { RefreshCw } from "lucide-react";
import { t } from "../text/text";

/** The server was upgraded under an open page: nothing hurries, and nothing is lost by the reload. */
export function UpdateBanner() {
  return (
    <div className="banner">
      <RefreshCw className="i" aria-hidden="true" />
      <span className="grow">{t("Cleanroom was updated. Reload when you like; what you typed is kept.")}</span>
      <button type="button" className="btn s" onClick={() => location.reload()}>
        {t("Reload")}
      </button>
    </div>
  );
}
