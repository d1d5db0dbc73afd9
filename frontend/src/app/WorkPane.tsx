import {
  AppWindow,
  Columns2,
  Download,
  Eye,
  File as FileIcon,
  GitCompareArrows,
  LocateFixed,
  Pencil,
  X,
} from "lucide-react";
import { type DragEvent, lazy, Suspense, useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Jump } from "../editor/FileView";
import type { OpenFiles } from "../editor/OpenFiles";
import { type Way, waysOf } from "../editor/viewers";
import { contentAddress, nameOf } from "../files/files";
import { PreviewPane } from "../preview/PreviewPane";
import { t } from "../text/text";
import { copyText } from "../ui/copy";
import { Revealed } from "../ui/Revealed";
import { Skeleton } from "../ui/Trouble";
import { keyOf, type Pane, type Tab } from "../workbench/desk";
import { placeOf } from "../workbench/place";
import { useWorkbench } from "../workbench/workbench";
import { TabMenu, type TabMenuItem } from "./TabMenu";

export type { Jump };

export const loadFileView = () => import("../editor/FileView");
if (placeOf(location.search)?.tab.kind === "file") void loadFileView(); // beside the first questions to the server

const FileView = lazy(() => loadFileView().then((module) => ({ default: module.FileView })));

/** Whether the front file is the agent's place; "ended" by the person's own hand while its turn goes on. */
export type FollowState = "on" | "ended";

const Review = lazy(() => import("../changes/Review").then((module) => ({ default: module.Review })));

interface Props {
  session: string;
  files: OpenFiles;
  at: number; // which pane, from 0
  pane: Pane;
  isFocused: boolean;
  mayEdit: boolean;
  readOnlyWords: string;
  follow: FollowState | undefined;
  jump: Jump | undefined;
  onFocus: () => void;
  onShow: (tab: Tab) => void;
  onKeep: (key: string) => void;
  onClose: (key: string) => void;
  onCloseOthers: (key: string) => void;
  onMove: (from: number, key: string, before: string | undefined) => void;
  onSplit: () => void;
  onFollow: () => void;
  onTouched: () => void;
}

const DRAGGED = "application/x-cleanroom-tab";

/** One column of the work area: its tabs, where the front one is, and that one's contents. */
export function WorkPane(props: Props) {
  const { session, files, pane, isFocused, onFocus, onKeep, onTouched } = props;
  const workbench = useWorkbench();
  const [other, setOther] = useState<ReadonlySet<string>>(new Set()); // paths that are shown the other way
  const front = pane.tabs.find((tab) => keyOf(tab) === pane.active);
  const ways = front?.kind === "file" ? waysOf(front.path) : undefined;
  const isOther = front?.kind === "file" && other.has(front.path);
  const way: Way = (isOther ? ways?.also : ways?.first) ?? "text";
  const isFollowed = isFocused && props.follow === "on" && front?.kind === "file";
  return (
    <div
      className={`pane ${isFocused ? "focused" : ""} ${isFollowed ? "followed" : ""}`}
      onFocusCapture={onFocus}
      onPointerDownCapture={onFocus}
    >
      <TabStrip {...props} />
      {front && "path" in front && (
        <div className="crumbs">
          <code className="grow cut" title={front.path}>
            <span className="dir">
              <Revealed text={front.path.slice(0, front.path.lastIndexOf("/") + 1)} />
            </span>
            <Revealed text={nameOf(front.path)} />
          </code>
          {isFocused && props.follow !== undefined && (
            <button
              type="button"
              className={`btn s follow ${props.follow === "on" ? "on" : ""}`}
              onClick={props.follow === "on" ? onTouched : props.onFollow}
            >
              <LocateFixed className="i s" aria-hidden="true" />
              <span className="cut">
                {props.follow === "on" ? t("Following the agent") : t("Following ended. Resume")}
              </span>
            </button>
          )}
          {front.kind === "file" && ways?.also && (
            <button
              type="button"
              className="btn s plain"
              onClick={() =>
                setOther(new Set(isOther ? [...other].filter((one) => one !== front.path) : [...other, front.path]))
              }
            >
              {way === "text" ? (
                <Eye className="i s" aria-hidden="true" />
              ) : (
                <Pencil className="i s" aria-hidden="true" />
              )}
              {
                { text: t("Text"), markdown: t("Preview"), csv: t("Table"), image: t("Picture"), pdf: "PDF" }[
                  (isOther ? ways.first : ways.also) ?? "text"
                ]
              }
            </button>
          )}
          <button
            type="button"
            className="btn s plain"
            onClick={() =>
              workbench.open({ kind: front.kind === "file" ? "diff" : "file", path: front.path }, { keep: true })
            }
          >
            {front.kind === "file" ? t("Change") : t("File")}
          </button>
          <a
            className="icon s"
            aria-label={t("Download {name}", { name: front.path })}
            href={contentAddress(session, front.path)}
            download={nameOf(front.path)}
          >
            <Download className="i s" aria-hidden="true" />
          </a>
        </div>
      )}
      {front?.kind === "file" && (
        <Suspense
          fallback={
            <div className="pad">
              <Skeleton label={t("Loading {name}", { name: front.path })} />
            </div>
          }
        >
          <FileView
            files={files}
            path={front.path}
            way={way}
            mayEdit={props.mayEdit}
            readOnlyWords={props.readOnlyWords}
            isFocused={isFocused}
            isFollowing={isFollowed}
            jump={props.jump}
            onTyped={() => pane.preview === keyOf(front) && onKeep(keyOf(front))}
            onTouched={onTouched}
          />
        </Suspense>
      )}
      {(front?.kind === "diff" || front?.kind === "review") && (
        <Suspense>
          <Review
            key={front.kind === "diff" ? front.path : ""}
            session={session}
            only={front.kind === "diff" ? front.path : ""}
            mayEdit={props.mayEdit}
            isFocused={isFocused}
            onOpenFile={workbench.openFile}
          />
        </Suspense>
      )}
      {front?.kind === "preview" && (
        <PreviewPane
          key={front.port}
          session={session}
          port={front.port}
          {...(front.start === undefined ? {} : { start: front.start })}
          onPrompt={props.mayEdit ? workbench.addToPrompt : undefined}
          onSay={(text) => workbench.notify({ text })}
        />
      )}
    </div>
  );
}

function TabStrip(props: Props) {
  const { files, at, pane, onShow, onKeep, onClose, onMove, onSplit } = props;
  const states = useSyncExternalStore(files.subscribe, files.states);
  const strip = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState<string>(); // the tab before which a dragged one would come; "" for the end
  const [menu, setMenu] = useState<{ tab: Tab; x: number; y: number }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab in front is the reason to scroll
  useEffect(() => {
    strip.current?.querySelector(".tab.on")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [pane.active, pane.tabs.length]);
  const drag = (key: string) => ({
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes(DRAGGED)) return;
      event.preventDefault();
      event.stopPropagation();
      setOver(key);
    },
    onDrop: (event: DragEvent) => {
      const dragged = event.dataTransfer.getData(DRAGGED);
      setOver(undefined);
      if (dragged === "") return;
      event.preventDefault();
      event.stopPropagation();
      const [from, ...rest] = dragged.split(" ");
      onMove(Number(from), rest.join(" "), key === "" ? undefined : key);
    },
  });
  return (
    <div className="tabbox">
      <div
        ref={strip}
        className={`tabs ${over === "" ? "drop-end" : ""}`}
        role="tablist"
        aria-label={t("Open files")}
        onDragLeave={() => setOver(undefined)}
        {...drag("")}
      >
        {pane.tabs.map((tab) => {
          const key = keyOf(tab);
          const on = key === pane.active;
          const state = tab.kind === "file" ? states.get(tab.path) : undefined;
          return (
            <button
              key={key}
              type="button"
              role="tab"
              aria-selected={on}
              className={`tab ${on ? "on" : ""} ${key === pane.preview ? "preview" : ""} ${state ?? ""} ${over === key ? "drop" : ""}`}
              title={"path" in tab ? tab.path : undefined}
              tabIndex={on ? 0 : -1}
              draggable
              onDragStart={(event) => {
                event.dataTransfer.setData(DRAGGED, `${at} ${key}`);
                event.dataTransfer.effectAllowed = "move";
              }}
              {...drag(key)}
              onClick={() => onShow(tab)}
              onDoubleClick={() => onKeep(key)}
              onMouseDown={(event) => event.button === 1 && event.preventDefault()} // no scrolling by the wheel button
              onAuxClick={(event) => event.button === 1 && onClose(key)}
              onContextMenu={(event) => {
                event.preventDefault();
                const box = event.currentTarget.getBoundingClientRect();
                const byKey = event.clientX === 0 && event.clientY === 0;
                setMenu({ tab, x: byKey ? box.left : event.clientX, y: byKey ? box.bottom : event.clientY });
              }}
              onKeyDown={(event) => {
                if (event.key === "Delete") onClose(key);
                else if (!toTab(event.currentTarget, event.key)) return;
                event.preventDefault();
              }}
            >
              <TabIcon tab={tab} />
              <span className="cut">
                <Revealed text={titleOf(tab)} />
              </span>
              {state !== undefined && (
                <span className="vh">{state === "unsaved" ? t("unsaved") : t("in conflict")}</span>
              )}
              {/* the mouse's way; keys have Delete and Alt W */}
              <span
                className="close"
                aria-hidden="true"
                onClick={(event) => {
                  event.stopPropagation();
                  onClose(key);
                }}
              >
                <X className="i s" />
              </span>
            </button>
          );
        })}
      </div>
      <button type="button" className="icon s" aria-label={t("Split the editor")} onClick={onSplit}>
        <Columns2 className="i s" aria-hidden="true" />
      </button>
      {menu && <MenuOfTab {...props} {...menu} onDone={() => setMenu(undefined)} />}
    </div>
  );
}

function MenuOfTab(props: Props & { tab: Tab; x: number; y: number; onDone: () => void }) {
  const { tab, x, y, pane, onClose, onCloseOthers, onKeep, onDone } = props;
  const workbench = useWorkbench();
  const key = keyOf(tab);
  const items: TabMenuItem[] = [
    { name: t("Close"), run: () => onClose(key) },
    ...(pane.tabs.length > 1 ? [{ name: t("Close others"), run: () => onCloseOthers(key) }] : []),
    ...(pane.preview === key ? [{ name: t("Keep open"), run: () => onKeep(key) }] : []),
    { name: t("Split right"), run: () => workbench.open(tab, { keep: true, beside: true }) },
  ];
  if ("path" in tab)
    items.push(
      { name: t("Copy path"), run: () => void copy(tab.path) },
      {
        name: t("Show in the files"),
        run: () => {
          props.onShow(tab);
          workbench.showSide("files");
        },
      },
    );
  const copy = async (path: string) => {
    if (!(await copyText(path))) workbench.notify({ text: t("The browser did not allow copying: {path}", { path }) });
  };
  return <TabMenu label={titleOf(tab)} at={{ x, y }} items={items} onClose={onDone} />;
}

/** Arrow keys: from tab to tab. */
function toTab(tab: HTMLElement, key: string): boolean {
  const next = { ArrowLeft: tab.previousElementSibling, ArrowRight: tab.nextElementSibling }[key];
  if (!(next instanceof HTMLElement)) return false;
  next.focus();
  next.click();
  return true;
}

function TabIcon({ tab }: { tab: Tab }) {
  const Icon =
    tab.kind === "preview" ? AppWindow : tab.kind === "diff" || tab.kind === "review" ? GitCompareArrows : FileIcon;
  return <Icon className="i s" aria-hidden="true" />;
}

export function titleOf(tab: Tab): string {
  switch (tab.kind) {
    case "file":
      return nameOf(tab.path);
    case "diff":
      return t("{name}, change", { name: nameOf(tab.path) });
    case "review":
      return t("All changes");
    case "preview":
      return `:${tab.port}`;
  }
}
