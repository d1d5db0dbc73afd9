import { useEffect, useRef, useSyncExternalStore } from "react";
import { USUAL_KEYS } from "./keys";
import { remember } from "./known";
import { preferences } from "./preferences";

/** Something that a person can do: listed in the palette and the keyboard help, run by its key. */
export interface Command {
  id: string; // dotted, stable: its usual key is found and a changed one kept under it
  title: string;
  group?: string;
  run: () => void;
  within?: string; // a selector: elsewhere its key stays the browser's
  listed?: boolean; // false: its key works, the palette does not show it
}

const IS_MAC = /Mac|iP(hone|ad|od)/u.test(navigator.platform);

let commands: readonly Command[] = [];
const listeners = new Set<() => void>();

function publish(next: readonly Command[]): void {
  commands = next;
  remember(() => commands);
  for (const listener of listeners) listener();
}

/** Commands live as long as the component that offers them; a list may be a new one with each render. */
export function useCommands(list: readonly Command[]): void {
  const latest = useRef(list);
  latest.current = list;
  const ids = list.map((command) => `${command.id} ${command.title}`).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is offered changes with its names, not with each render
  useEffect(() => {
    const mine = latest.current.map((command, index) => ({
      ...command,
      run: () => (latest.current[index] ?? command).run(),
    }));
    publish([...commands, ...mine]);
    return () => publish(commands.filter((command) => !mine.includes(command)));
  }, [ids]);
}

export function useAllCommands(): readonly Command[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => commands,
  );
}

/** The keys of a command such as "Ctrl+Shift+P", as the person changed them. */
export function keysOf({ id }: Pick<Command, "id">): readonly string[] {
  const changed = preferences().keys[id];
  return changed === undefined ? (USUAL_KEYS[id] ?? []) : changed === "" ? [] : [changed];
}

/** A key as people read it: `Ctrl Shift P`, `⌘ ⇧ P` on a Mac. */
export function keyWords(keys: string): string {
  const parts = keys.split("+");
  if (!IS_MAC) return parts.join(" ");
  const signs: Record<string, string> = { Ctrl: "⌘", Shift: "⇧", Alt: "⌥" };
  return parts.map((part) => signs[part] ?? part).join(" ");
}

/** What was pressed, in the form of {@link USUAL_KEYS}; matched by character, and AltGr is never Ctrl Alt. */
export function pressed(event: KeyboardEvent): string {
  if (event.getModifierState("AltGraph")) return "";
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const shifted = event.shiftKey && (event.key.length > 1 || /[a-z]/iu.test(event.key) || event.key === " ");
  return [
    (IS_MAC ? event.metaKey : event.ctrlKey) ? "Ctrl" : "",
    event.altKey ? "Alt" : "",
    shifted ? "Shift" : "",
    key === " " ? "Space" : key,
  ]
    .filter((part) => part !== "")
    .join("+");
}

/** Runs commands by their keys, wherever the focus is; a widget that took a key itself keeps it. */
export function useCommandKeys(): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const keys = pressed(event);
      const command = commands.findLast((known) => keysOf(known).includes(keys) && actsHere(known));
      if (command === undefined) return;
      event.preventDefault();
      command.run();
    };
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, []);
}

function actsHere({ within }: Command): boolean {
  return within === undefined || document.activeElement?.closest(within) != null;
}
