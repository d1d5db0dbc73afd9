import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../wire/api";

/** What sandboxes stand on; the server says `problem` and `limitations` in whole sentences. */
export interface Engine {
  name: string;
  preferred: boolean; // new sandboxes are its
  problem?: string; // it can start nothing
  limitations: string[];
}

export type Act = { kind: "restart" | "stop" | "rebuild" } | { kind: "move"; engine: string };

export function useEngines(mayAsk: boolean) {
  return useQuery({
    queryKey: ["engines"],
    queryFn: ({ signal }) => api.get<Engine[]>("/api/v1/sandbox-engines", signal),
    enabled: mayAsk,
  });
}

export function useActs(session: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ kind, ...body }: Act) => api.post(`/api/v1/sessions/${session}/sandbox/${kind}`, body),
    onSettled: () => client.invalidateQueries({ queryKey: ["sandbox", session] }),
  });
}

/** An engine by the name that people know it by. */
export function engineName(name: string): string {
  return name === "docker" ? "Docker" : name;
}
