import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../wire/api";

export type Verdict = "allow" | "ask" | "deny";

/** A permission rule as it counts here, wherever it is written. */
export interface Rule {
  id?: string; // of those that can be taken away here
  rule: string;
  verdict: Verdict;
  scope: "project" | "session";
  session?: string;
  from: string; // "saved", or the file that holds it
  by?: string;
  at?: string;
  accepted?: boolean; // a file's rules count once an editor accepted them
}

/** Which rule decides a call, in the words of the rule engine. */
export interface Checked {
  verdict: Verdict;
  why: string;
  rule?: string;
}

export interface Question {
  tool: string;
  input: Record<string, string>;
  mode?: string;
}

export function useRules(project: string) {
  const client = useQueryClient();
  const path = `/api/v1/projects/${project}/rules`;
  const refresh = () => client.invalidateQueries({ queryKey: ["rules", project] });
  return {
    list: useQuery({ queryKey: ["rules", project], queryFn: ({ signal }) => api.get<Rule[]>(path, signal) }),
    add: useMutation({
      mutationFn: (rule: { rule: string; verdict: Verdict }) => api.post<Rule>(path, rule),
      onSuccess: refresh,
    }),
    remove: useMutation({ mutationFn: (id: string) => api.delete(`${path}/${id}`), onSuccess: refresh }),
    check: useMutation({ mutationFn: (question: Question) => api.post<Checked>(`${path}/check`, question) }),
  };
}
