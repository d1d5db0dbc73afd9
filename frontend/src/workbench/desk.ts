/** What a tab of the work area shows. */
export type Tab =
  | { kind: "file"; path: string }
  | { kind: "diff"; path: string }
  | { kind: "review" }
  | { kind: "preview"; port: number; start?: string }; // start: the path where it begins

/** One column of the work area; `preview` is the tab that the next file replaces. */
export interface Pane {
  tabs: Tab[];
  active: string; // key of a tab, "" when there is none
  preview?: string;
}

export type SideTab = "files" | "search" | "changes" | "sessions";
export type PanelTab = "terminal" | "ports";

/** How one's screen of a project is arranged: kept on the server, so that another device opens the same desk. */
export interface Desk {
  side: { open: boolean; width: number; tab: SideTab };
  panel: { open: boolean; height: number; tab: PanelTab };
  talk: { open: boolean; width: number };
  panes: Pane[];
  focus: number; // which pane
}

export const MOST_PANES = 3; // ui.md 6
export const SIDE = { least: 200, usual: 248, most: 420 }; // px
export const TALK = { least: 360, usual: 440, most: 720 };
export const PANEL = { least: 120, usual: 208, most: 0.6 }; // the last is a share of the window

export const EMPTY_DESK: Desk = {
  side: { open: true, width: SIDE.usual, tab: "files" },
  panel: { open: false, height: PANEL.usual, tab: "terminal" },
  talk: { open: true, width: TALK.usual },
  panes: [{ tabs: [], active: "" }],
  focus: 0,
};

export function keyOf(tab: Tab): string {
  switch (tab.kind) {
    case "file":
    case "diff":
      return `${tab.kind}:${tab.path}`;
    case "preview":
      return `preview:${tab.port}`;
    case "review":
      return "review";
  }
}

export function paneOf(desk: Desk): Pane {
  return desk.panes[desk.focus] ?? { tabs: [], active: "" };
}

export function activeTab(desk: Desk): Tab | undefined {
  const pane = paneOf(desk);
  return pane.tabs.find((tab) => keyOf(tab) === pane.active);
}

/** Shows a tab in the focused pane; one that is open there already only comes to the front. */
export function open(desk: Desk, tab: Tab, keep: boolean): Desk {
  const key = keyOf(tab);
  return withPane(desk, desk.focus, (pane) => {
    if (pane.tabs.some((known) => keyOf(known) === key))
      return { ...pane, active: key, ...(keep && pane.preview === key ? { preview: undefined } : {}) };
    const at = pane.tabs.findIndex((known) => keyOf(known) === pane.preview);
    const tabs = at < 0 ? [...pane.tabs, tab] : pane.tabs.with(at, tab);
    return keep
      ? { tabs: at < 0 ? tabs : [...pane.tabs, tab], active: key, preview: pane.preview }
      : { tabs, active: key, preview: key };
  });
}

/** Shows a tab in a pane of its own at the right of the focused one; where there is no room for one more, in the last. */
export function openBeside(desk: Desk, tab: Tab): Desk {
  if (desk.panes.length >= MOST_PANES || paneOf(desk).tabs.length === 0)
    return open({ ...desk, focus: desk.panes.length - 1 }, tab, true);
  const panes = desk.panes.toSpliced(desk.focus + 1, 0, { tabs: [tab], active: keyOf(tab) });
  return { ...desk, panes, focus: desk.focus + 1 };
}

/** A preview becomes a tab that stays. */
export function keep(desk: Desk, key: string): Desk {
  return { ...desk, panes: desk.panes.map((pane) => (pane.preview === key ? { ...pane, preview: undefined } : pane)) };
}

export function close(desk: Desk, at: number, key: string): Desk {
  const pane = desk.panes[at];
  const index = pane?.tabs.findIndex((tab) => keyOf(tab) === key) ?? -1;
  if (pane === undefined || index < 0) return desk;
  const tabs = pane.tabs.toSpliced(index, 1);
  if (tabs.length === 0 && desk.panes.length > 1) {
    const panes = desk.panes.toSpliced(at, 1);
    return { ...desk, panes, focus: Math.min(desk.focus > at ? desk.focus - 1 : desk.focus, panes.length - 1) };
  }
  const next = tabs[Math.min(index, tabs.length - 1)];
  return withPane(desk, at, () => ({
    tabs,
    active: pane.active === key ? (next ? keyOf(next) : "") : pane.active,
    preview: pane.preview === key ? undefined : pane.preview,
  }));
}

/** Closes every tab of a pane but one. */
export function closeOthers(desk: Desk, at: number, key: string): Desk {
  return withPane(desk, at, (pane) => {
    const tabs = pane.tabs.filter((tab) => keyOf(tab) === key);
    if (tabs.length === 0) return pane;
    return { tabs, active: key, ...(pane.preview === key ? { preview: key } : {}) };
  });
}

/** A tab stands at another's place, which moves on; from another pane it comes along. */
export function move(desk: Desk, from: number, key: string, to: number, before: string | undefined): Desk {
  const tab = desk.panes[from]?.tabs.find((known) => keyOf(known) === key);
  if (tab === undefined || desk.panes[to] === undefined || before === key) return desk;
  const isPreview = desk.panes[from]?.preview === key;
  const placed = withPane(desk, to, (pane) => {
    const rest = pane.tabs.filter((known) => keyOf(known) !== key);
    const index = rest.findIndex((known) => keyOf(known) === before);
    const tabs = rest.toSpliced(index < 0 ? rest.length : index, 0, tab);
    return { ...pane, tabs, active: key, ...(isPreview ? { preview: from === to ? key : undefined } : {}) };
  });
  return from === to ? { ...placed, focus: to } : close({ ...placed, focus: to }, from, key);
}

/** The active tab once more, in a new pane at the right of the focused one. */
export function split(desk: Desk): Desk {
  const tab = activeTab(desk);
  if (tab === undefined || desk.panes.length >= MOST_PANES) return desk;
  const panes = desk.panes.toSpliced(desk.focus + 1, 0, { tabs: [tab], active: keyOf(tab) });
  return { ...desk, panes, focus: desk.focus + 1 };
}

export function focus(desk: Desk, at: number, key?: string): Desk {
  const focused = { ...desk, focus: Math.max(0, Math.min(at, desk.panes.length - 1)) };
  return key === undefined ? focused : withPane(focused, focused.focus, (pane) => ({ ...pane, active: key }));
}

/** A file has another name now: its tabs follow; so do those below a folder. */
export function renamed(desk: Desk, from: string, to: string): Desk {
  const path = (old: string) => (old === from ? to : old.startsWith(`${from}/`) ? to + old.slice(from.length) : old);
  const key = (old: string) => old.replace(/^(file|diff):(.*)$/su, (_, kind, rest) => `${kind}:${path(rest)}`);
  return {
    ...desk,
    panes: desk.panes.map((pane) => ({
      tabs: pane.tabs.map((tab) =>
        tab.kind === "file" || tab.kind === "diff" ? { ...tab, path: path(tab.path) } : tab,
      ),
      active: key(pane.active),
      ...(pane.preview === undefined ? {} : { preview: key(pane.preview) }),
    })),
  };
}

function withPane(desk: Desk, at: number, change: (pane: Pane) => Pane): Desk {
  return { ...desk, panes: desk.panes.map((pane, index) => (index === at ? change(pane) : pane)) };
}

/** What was stored, as far as it still means something: an older version's desk must never break the page. */
export function restored(stored: unknown): Desk {
  if (typeof stored !== "object" || stored === null) return EMPTY_DESK;
  const old = stored as Partial<Desk>;
  const panes = (Array.isArray(old.panes) ? old.panes : []).flatMap((pane: Partial<Pane>) => {
    const tabs = (Array.isArray(pane?.tabs) ? pane.tabs : []).filter(isTab);
    if (tabs.length === 0) return [];
    const active = tabs.some((tab) => keyOf(tab) === pane.active) ? (pane.active as string) : keyOf(tabs[0] as Tab);
    return [{ tabs, active, ...(typeof pane.preview === "string" ? { preview: pane.preview } : {}) }];
  });
  return {
    side: { ...EMPTY_DESK.side, ...old.side },
    panel: { ...EMPTY_DESK.panel, ...old.panel },
    talk: { ...EMPTY_DESK.talk, ...old.talk },
    panes: panes.length === 0 ? EMPTY_DESK.panes : panes.slice(0, MOST_PANES),
    focus: Math.max(0, Math.min(Number(old.focus) || 0, panes.length - 1)),
  };
}

function isTab(tab: unknown): tab is Tab {
  if (typeof tab !== "object" || tab === null) return false;
  const { kind, path, port } = tab as Record<string, unknown>;
  return (
    kind === "review" ||
    ((kind === "file" || kind === "diff") && typeof path === "string") ||
    (kind === "preview" && typeof port === "number")
  );
}
