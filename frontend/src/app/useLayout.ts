import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useSearch } from "wouter/use-browser-location"; // as the browser has it; the other decodes a part
import { renameRecent } from "../palette/recent";
import type { SessionStore } from "../session/store";
import { writePrompt } from "../session/useDraft";
import * as desks from "../workbench/desk";
import { addressOf, placeOf, type Spot } from "../workbench/place";
import { useDesk } from "../workbench/useDesk";
import type { ActiveEditor, Workbench } from "../workbench/workbench";
import { useOpenFiles } from "./useOpenFiles";
import type { Jump } from "./WorkPane";

export type Layout = ReturnType<typeof useLayout>;

const NARROW = 1_180; // px: below, the side bar is a rail whose panel lies over the work

/** What lies where on the session's page: the desk with its files, what a phone shows of it, and the ways to change both. */
export function useLayout(
  project: string,
  session: string,
  store: SessionStore,
  isGuest: boolean,
  notify: Workbench["notify"],
) {
  const [path, go] = useLocation();
  const search = useSearch();
  const [desk, change] = useDesk(project, !isGuest);
  const [phone, setPhone] = useState<"chat" | "side" | "work" | "panel">(placeOf(search) ? "work" : "chat");
  const [jump, setJump] = useState<Jump>(); // a line to be shown; `at` tells one wish from the next
  const editor = useRef<ActiveEditor | undefined>(undefined);
  const newest = useRef(desk);
  newest.current = desk;
  const files = useOpenFiles(store, session, desk);

  // The address says what is in front; the desk keeps the rest. So back and forward, links and a reload are one case.
  useEffect(() => {
    const place = placeOf(search);
    if (place === undefined) return;
    change((old) => desks.open(old, place.tab, false));
    setPhone("work");
    setJump((last) => jumpTo(place.tab, place.spot, last));
  }, [search, change]);

  const show = useCallback(
    (shown: desks.Tab | undefined, spot?: Spot, replace = false) =>
      go(path + addressOf(shown, spot) + location.hash, { replace }),
    [go, path],
  );
  const workbench = useMemo<Workbench>(
    () => ({
      open: (shown, { spot, keep = false, beside = false } = {}) => {
        change((old) => (beside ? desks.openBeside(old, shown) : desks.open(old, shown, keep)));
        setJump((last) => jumpTo(shown, spot, last));
        setPhone("work");
        if (window.innerWidth <= NARROW) change((old) => ({ ...old, side: { ...old.side, open: false } }));
        show(shown, spot);
      },
      openFile: (file, line, column) => {
        const spot = line === undefined ? {} : { spot: { line, ...(column === undefined ? {} : { column }) } };
        workbench.open({ kind: "file", path: file }, spot);
      },
      showSide: (side) => {
        change((old) => ({ ...old, side: { ...old.side, open: true, tab: side } }));
        setPhone("side");
      },
      showPanel: (panel) => {
        change((old) => ({ ...old, panel: { ...old.panel, open: true, tab: panel } }));
        setPhone("panel");
      },
      renamed: (from, to) => {
        files.renamed(from, to);
        renameRecent(session, from, to);
        change((old) => desks.renamed(old, from, to));
        const front = desks.activeTab(newest.current);
        const moved = desks.activeTab(desks.renamed(newest.current, from, to));
        if (front && moved && desks.keyOf(front) !== desks.keyOf(moved)) show(moved, undefined, true);
      },
      addToPrompt: (text) => {
        writePrompt(session, text);
        change((old) => ({ ...old, talk: { ...old.talk, open: true } }));
        setPhone("chat");
      },
      editor,
      notify,
    }),
    [change, show, files, session, notify],
  );
  const setSide = useCallback(
    (side: Partial<desks.Desk["side"]>) => change((old) => ({ ...old, side: { ...old.side, ...side } })),
    [change],
  );
  const setPanel = useCallback(
    (panel: Partial<desks.Desk["panel"]>) => change((old) => ({ ...old, panel: { ...old.panel, ...panel } })),
    [change],
  );
  const setTalk = useCallback(
    (talk: Partial<desks.Desk["talk"]>) => change((old) => ({ ...old, talk: { ...old.talk, ...talk } })),
    [change],
  );
  const closeTab = useCallback(
    (at: number, key: string) => {
      const next = desks.close(desk, at, key);
      change((old) => desks.close(old, at, key));
      const front = desks.activeTab(next);
      show(front, undefined, true);
      if (front === undefined) setPhone("chat");
    },
    [desk, change, show],
  );
  const choose = (side: desks.SideTab) => {
    setSide({ open: window.innerWidth > NARROW || !desk.side.open || side !== desk.side.tab, tab: side });
    setPhone("side");
  };
  return {
    desk,
    change,
    phone,
    setPhone,
    jump,
    files,
    show,
    workbench,
    setSide,
    setPanel,
    setTalk,
    closeTab,
    choose,
  };
}

function jumpTo(tab: desks.Tab, spot: Spot | undefined, last: Jump | undefined): Jump | undefined {
  return tab.kind === "file" && spot ? { path: tab.path, ...spot, at: (last?.at ?? 0) + 1 } : last;
}
