import { renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { EMPTY } from "../session/conversation";
import type { SessionRole } from "../session/role";
import type { SessionView } from "../session/store";
import { useWordsOnChange } from "./useWordsOnChange";

const jonas = { connection: "c2", kind: "person", id: "jonas", name: "Jonas", role: "own" };
const priya = { connection: "c1", kind: "guest", id: "priya", name: "Priya", role: "drive" };

test("a role that changes is said; who is only no longer in the room lost no role", () => {
  const said: string[] = [];
  const notify = ({ text }: { text: string }) => void said.push(text);
  const view = (present: object[]) =>
    ({ connection: { state: "open", by: "socket" }, conversation: EMPTY, present }) as unknown as SessionView;
  const { rerender } = renderHook(
    (props: { present: object[]; role: SessionRole }) =>
      useWordsOnChange(view(props.present), "priya", props.role, notify),
    { initialProps: { present: [priya, jonas], role: "drive" } },
  );

  rerender({ present: [jonas], role: "watch" });
  expect(said).toEqual([]);

  rerender({ present: [{ ...priya, role: "watch" }, jonas], role: "watch" });
  expect(said).toEqual(["You can only watch now: a member changed your role."]);
});
