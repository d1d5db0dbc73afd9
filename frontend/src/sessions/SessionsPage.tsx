import { useCallback, useState } from "react";
import { useAllSessions } from "../project/projects";
import { t } from "../text/text";
import { OneToast } from "../workbench/OneToast";
import type { Toast } from "../workbench/workbench";
import { SessionList } from "./SessionList";

/** All sessions that one may see, across projects. */
export function SessionsPage() {
  const sessions = useAllSessions();
  const [toast, setToast] = useState<Toast>();
  const forget = useCallback(() => setToast(undefined), []);
  return (
    <>
      <div className="page-head">
        <h1 className="grow">{t("Sessions")}</h1>
      </div>
      <div className="session-page">
        <SessionList sessions={sessions} project={undefined} mayChange notify={setToast} />
      </div>
      <div className="toasts" role="status">
        {toast && <OneToast key={toast.text} toast={{ ...toast, id: toast.text }} onGone={forget} />}
      </div>
    </>
  );
}
