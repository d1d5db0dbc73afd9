import { ArrowLeft } from "lucide-react";
import { useLocation } from "wouter";
import { t, tn } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { words } from "../wire/api";
import { ChangedFiles } from "./ChangedFiles";
import { EmptyRepository } from "./EmptyRepository";
import { CommitList } from "./HistoryView";
import { RevisionPicker } from "./RevisionPicker";
import { isEmpty, screen, useComparison } from "./repository";

interface Props {
  project: string;
  from: string | undefined; // absent: the default branch
  to: string | undefined;
}

/** What one branch has that another has not, since they parted. */
export function CompareView({ project, from, to }: Props) {
  const [, go] = useLocation();
  const compared = useComparison(project, from, to);
  const pick = (chosen: { from?: string | undefined; to?: string | undefined }) =>
    go(screen({ project }, "compare", { from, to, ...chosen }));
  return (
    <>
      <div className="line-up wrap compare-bar">
        <RevisionPicker project={project} at={from} label={t("Compare with")} onPick={(at) => pick({ from: at })} />
        <ArrowLeft className="i s" aria-hidden="true" />
        <RevisionPicker project={project} at={to} label={t("What is compared")} onPick={(at) => pick({ to: at })} />
      </div>
      {compared.isPending ? (
        <Skeleton label={t("Comparing")} tall={300} />
      ) : compared.isError ? (
        isEmpty(compared.error) ? (
          <EmptyRepository project={project} />
        ) : (
          <Trouble
            title={t("They could not be compared")}
            detail={words(compared.error)}
            onRetry={() => void compared.refetch()}
          />
        )
      ) : compared.data.commits.length === 0 && compared.data.files.length === 0 ? (
        <div className="nothing">{t("It has nothing that the other has not")}</div>
      ) : (
        <>
          {compared.data.base === undefined && (
            <p className="hint">{t("The two have no commit in common: all of their files are compared.")}</p>
          )}
          <p className="hint">{tn(compared.data.commits.length, "{n} commit", "{n} commits")}</p>
          <CommitList project={project} commits={compared.data.commits} />
          <ChangedFiles
            files={compared.data.files}
            limited={compared.data.limited}
            place={{ project, at: compared.data.to }}
          />
        </>
      )}
    </>
  );
}
