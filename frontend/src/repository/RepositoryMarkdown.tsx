import { useCallback } from "react";
import { Markdown, NearLinks } from "../ui/Markdown";
import { nearLink, type Place } from "./repository";

/** A Markdown file of the repository; its links to other files lead to them at the same revision. */
export function RepositoryMarkdown({ place, text }: { place: Place & { path: string }; text: string }) {
  const { project, at, path } = place;
  const near = useCallback((href: string) => nearLink({ project, at, path }, href), [project, at, path]);
  return (
    <NearLinks value={near}>
      <Markdown text={text} />
    </NearLinks>
  );
}
