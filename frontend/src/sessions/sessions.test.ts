import { expect, test } from "vitest";
import type { SessionSummary } from "../project/projects";
import { isUnread } from "./seen";
import { groupsOf } from "./sessions";

const at = (id: string, status: SessionSummary["status"], changedAt: string): SessionSummary => ({
  id,
  title: id,
  status,
  changedAt,
  createdAt: changedAt,
  project: "p",
  projectName: "ferry",
  sequence: 1,
  archived: false,
  role: "own",
});

test("what waits comes first, then what works, then by day, each with the newest first", () => {
  const groups = groupsOf(
    [
      at("old", "idle", "2026-03-01T10:00:00"),
      at("early", "idle", "2026-03-02T00:00:00"),
      at("late", "idle", "2026-03-02T09:00:00"),
      at("works", "running", "2026-03-02T08:00:00"),
      at("asks", "waiting", "2026-02-02T08:00:00"),
    ],
    new Date("2026-03-02T12:00:00"),
  );

  expect(groups.map(([group, list]) => [group, list.map(({ id }) => id)])).toEqual([
    ["waiting", ["asks"]],
    ["working", ["works"]],
    ["today", ["late", "early"]],
    ["earlier", ["old"]],
  ]);
});

test("unread is what came after one's last look, or, never looked at, after one began here", () => {
  const seen = { began: "2026-03-02T12:00:00Z", sequences: { a: 4 } };

  expect(isUnread(seen, { id: "a", sequence: 4, changedAt: "2026-03-03T00:00:00Z" })).toBe(false);
  expect(isUnread(seen, { id: "a", sequence: 5, changedAt: "2026-03-03T00:00:00Z" })).toBe(true);
  expect(isUnread(seen, { id: "b", sequence: 9, changedAt: "2026-03-01T00:00:00Z" })).toBe(false);
  expect(isUnread(seen, { id: "b", sequence: 9, changedAt: "2026-03-03T00:00:00Z" })).toBe(true);
});
