import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { askAgain } from "./askAgain";

interface Question {
  answer: (value: string) => void;
  signal: AbortSignal;
}

function asked() {
  const client = new QueryClient();
  const questions: Question[] = [];
  const observer = new QueryObserver(client, {
    queryKey: ["diff", "s1"],
    queryFn: ({ signal }) => new Promise<string>((answer) => questions.push({ answer, signal })),
    networkMode: "always",
  });
  observer.subscribe(() => {});
  const answer = (at: number, value: string) => vi.waitFor(() => (questions[at] as Question).answer(value));
  return { client, questions, answer, shown: () => observer.getCurrentResult().data };
}

it("breaks no question off however often there are news, and asks once more when it is answered", async () => {
  const { client, questions, answer, shown } = asked();
  await answer(0, "before");
  await vi.waitFor(() => expect(shown()).toBe("before"));

  const first = askAgain(client, ["diff"]);
  await vi.waitFor(() => expect(questions).toHaveLength(2));
  const more = [askAgain(client, ["diff"]), askAgain(client, ["diff", "s1"]), askAgain(client, ["diff"])];
  await answer(1, "in between");
  await vi.waitFor(() => expect(shown()).toBe("in between"));
  await answer(2, "after");
  await Promise.all([first, ...more]);

  expect(shown()).toBe("after");
  expect(questions.map(({ signal }) => signal.aborted)).toEqual([false, false, false]);
});

it("asks again after the first answer where something changed while that was awaited", async () => {
  const { client, answer, shown } = asked();

  const again = askAgain(client, ["diff"]);
  await answer(0, "before");
  await answer(1, "after");
  await again;

  expect(shown()).toBe("after");
});
