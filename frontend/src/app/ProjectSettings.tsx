import { useModels } from "../model/providers";
import { Authority } from "../project/Authority";
import { Branches } from "../project/Branches";
import { Egress } from "../project/Egress";
import { AgentDefaults, General } from "../project/General";
import { KeptFiles } from "../project/KeptFiles";
import { ProjectLedger } from "../project/Ledger";
import { Members } from "../project/Members";
import { Permissions } from "../project/Permissions";
import { useProject } from "../project/projects";
import { Remotes } from "../project/Remotes";
import { Secrets } from "../project/Secrets";
import { MODES } from "../session/modes";
import { SettingsFrame } from "../settings/SettingsFrame";
import { t } from "../text/text";
import { Skeleton, Trouble } from "../ui/Trouble";
import { words } from "../wire/api";
import { NoSuchPage } from "./NoSuchPage";

interface Props {
  id: string;
  section: string;
  me: string;
  onLeave: () => void; // once the project is gone
}

/** `/p/{project}/settings/{section}`. */
export function ProjectSettings({ id, section, me, onLeave }: Props) {
  const project = useProject(id);
  const models = useModels();
  if (project.isPending) return <Skeleton label={t("Loading the project")} />;
  if (project.isError)
    return (
      <Trouble
        title={t("The project could not be read")}
        detail={words(project.error)}
        onRetry={() => void project.refetch()}
      />
    );
  const modes = MODES.map(({ id: mode, name, about }) => ({ id: mode, name: name(), about: about() }));
  const owns = project.data.role === "owner";
  const edits = owns || project.data.role === "editor";
  const sections = [
    { id: "general", name: t("General"), shown: <General key={id} project={project.data} onLeave={onLeave} /> },
    { id: "members", name: t("Members"), shown: <Members project={id} me={me} /> },
    { id: "branches", name: t("Branches"), shown: <Branches project={id} owns={owns} edits={edits} /> },
    {
      id: "agent",
      name: t("Agent"),
      shown: <AgentDefaults project={project.data} mayChange={edits} models={models.data ?? []} modes={modes} />,
    },
    { id: "permissions", name: t("Permissions"), shown: <Permissions project={id} mayChange={edits} modes={modes} /> },
    { id: "network", name: t("Network"), shown: <Egress project={id} mayChange={edits} /> },
    { id: "secrets", name: t("Secrets"), shown: <Secrets key={id} project={id} mayChange={edits} /> },
    { id: "left", name: t("What could have left?"), shown: <ProjectLedger project={id} maySee={edits} /> },
    {
      id: "remotes",
      name: t("Remotes"),
      shown: <Remotes project={id} mayChange={edits} />,
    },
    { id: "checkpoints", name: t("Checkpoints"), shown: <KeptFiles project={id} mayChange={edits} /> },
    { id: "instructions", name: t("Instructions"), shown: <Authority project={id} mayAccept={edits} /> },
  ].map((known) => ({ ...known, href: `/p/${id}/settings/${known.id}` }));
  const chosen = sections.find((known) => known.id === section);
  if (chosen === undefined) return <NoSuchPage />;
  return (
    <SettingsFrame
      groups={[{ name: project.data.name, href: `/p/${id}`, sections }]}
      here={chosen.href}
      title={chosen.name}
    >
      {chosen.shown}
    </SettingsFrame>
  );
}
