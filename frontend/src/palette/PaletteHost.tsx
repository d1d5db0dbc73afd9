import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { t } from "../text/text";
import { useCommands } from "../workbench/commands";
import { Palette, warm } from "./Palette";
import { rememberFile } from "./recent";

interface Props {
  session: string;
  isGuest: boolean;
  openFile: string | undefined;
  text: string | undefined; // what stands in the field; undefined: closed
  onText: (text: string | undefined) => void;
  onSession: (project: string, session: string) => void;
}

/**
 * "Go to anything" with its keys. It is no chunk of its own: letters typed right after Ctrl P would go to the prompt while
 * it is fetched. The list of files is read when the page has nothing else to do.
 */
export function PaletteHost({ text, onText, ...props }: Props) {
  const client = useQueryClient();
  const { session, openFile } = props;
  useEffect(() => {
    if (openFile !== undefined) rememberFile(session, openFile);
  }, [session, openFile]);
  useEffect(() => {
    const idle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 1_000)); // Safari has none
    const handle = idle(() => void warm(client, session));
    return () => (window.cancelIdleCallback ?? clearTimeout)(handle as number);
  }, [client, session]);
  useCommands([
    { id: "go.anything", title: t("Go to anything"), group: t("Go"), run: () => onText("") },
    {
      id: "go.commands",
      title: t("All commands"),
      group: t("Go"),
      run: () => onText(">"),
    },
    { id: "go.symbol", title: t("Go to a symbol"), group: t("Go"), run: () => onText("@") },
    { id: "go.line", title: t("Go to a line"), group: t("Go"), run: () => onText(":") },
    ...(props.isGuest
      ? []
      : [{ id: "go.session", title: t("Go to a session"), group: t("Go"), run: () => onText("#") }]),
  ]);
  if (text === undefined) return null;
  return <Palette {...props} text={text} onText={onText} />;
}
