import { bounded } from "../ui/Boundary";
import * as desks from "../workbench/desk";
import type { useFollow } from "./useFollow";
import type { Layout } from "./useLayout";
import { WorkPane as Pane } from "./WorkPane";

const WorkPane = bounded(Pane, "pane"); // a fault of one stays in it

interface Props {
  session: string;
  layout: Layout;
  mayEdit: boolean;
  readOnlyWords: string;
  follow: ReturnType<typeof useFollow>;
}

/** What is open, side by side. */
export function Panes({ session, layout, mayEdit, readOnlyWords, follow }: Props) {
  const { desk, change, jump, files, show, closeTab } = layout;
  return (
    <div className="panes">
      {desk.panes.map((pane, at) => (
        <WorkPane
          key={at}
          session={session}
          files={files}
          at={at}
          pane={pane}
          isFocused={at === desk.focus}
          mayEdit={mayEdit}
          readOnlyWords={readOnlyWords}
          follow={follow.state}
          jump={at === desk.focus ? jump : undefined}
          onFocus={() => {
            if (at === desk.focus) return;
            change((old) => desks.focus(old, at));
            show(
              pane.tabs.find((known) => desks.keyOf(known) === pane.active),
              undefined,
              true,
            );
          }}
          onShow={(shown) => {
            change((old) => desks.focus(old, at, desks.keyOf(shown)));
            show(shown);
          }}
          onKeep={(key) => change((old) => desks.keep(old, key))}
          onClose={(key) => closeTab(at, key)}
          onCloseOthers={(key) => {
            change((old) => desks.closeOthers(old, at, key));
            show(
              pane.tabs.find((known) => desks.keyOf(known) === key),
              undefined,
              true,
            );
          }}
          onMove={(from, key, before) => {
            const moved = desk.panes[from]?.tabs.find((known) => desks.keyOf(known) === key);
            change((old) => desks.move(old, from, key, at, before));
            if (moved) show(moved, undefined, true);
          }}
          onSplit={() => change(desks.split)}
          onFollow={follow.start}
          onTouched={follow.stop}
        />
      ))}
    </div>
  );
}
