import type { ComponentProps } from "react";
import { useMembers } from "../project/projects";
import { ShareDialog } from "../share/ShareDialog";

type Props = Omit<ComponentProps<typeof ShareDialog>, "members"> & { project: string };

/** The share dialog with the project's members, who have access without any link. */
export function Share({ project, ...props }: Props) {
  const { list } = useMembers(project);
  return <ShareDialog {...props} members={list.data} />;
}
