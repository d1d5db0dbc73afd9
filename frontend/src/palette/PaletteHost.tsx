import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { t } from "../text/text";
import { useCommands } from "../workbench/commands";
import { rememberFile } from "./recent";

const load = () => import("./Palette");
const Palette = lazy(() => load().then((module) => ({ default: module.Palette })));

interface Props {
  session: string;
  isGuest: boolean;
  openFile: string | undefined;
  text: string | undefined; // what stands in the field; undefined: closed
  onText: (text: string | undefined) => void;
  onSession: (project: string, session: string) => void;
}

/** "Go to anything" with its keys; fetched and made ready when the page has nothing else to do. */
export function PaletteHost({ text, onText, ...props }: Props) {
  const client = useQueryClient();
  const { session, openFile } = props;
  useEffect(() => {
    if (openFile !== undefined) rememberFile(session, openFile);
  }, [session, openFile]);
  useEffect(() => {
    const idle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 1_000)); // Safari has none
    const handle = idle(() => void load().then((module) => module.warm(client, session)));
    return () => (window.cancelIdleCallback ?? clearTimeout)(handle as number);
  }, [client, session]);
  useCommands([
    { id: "go.anything", title: t("Go to anything"), keys: ["Ctrl+P"], group: t("Go"), run: () => onText("") },
    {
      id: "go.commands",
      title: t("All commands"),
      keys: ["Ctrl+Shift+P", "F1", "Ctrl+K"],
      group: t("Go"),
      run: () => onText(">"),
    },
    { id: "go.symbol", title: t("Go to a symbol"), keys: ["Ctrl+Shift+O"], group: t("Go"), run: () => onText("@") },
    { id: "go.line", title: t("Go to a line"), group: t("Go"), run: () => onText(":") },
    ...(props.isGuest
      ? []
      : [{ id: "go.session", title: t("Go to a session"), group: t("Go"), run: () => onText("#") }]),
  ]);
  if (text === undefined) return null;
  return (
    <Suspense>
      <Palette {...props} text={text} onText={onText} />
    </Suspense>
  );
}
