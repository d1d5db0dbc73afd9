import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../wire/api";

export interface Run {
  startedAt: string;
  endedAt?: string; // absent: it is under way, or the server died in it
  file?: string;
  sizeBytes?: number;
  problem?: string;
}

export interface Backups {
  everyHours?: number; // absent: none by itself
  keep: number;
  folder: string; // on the server
  ownFolder: boolean; // nobody chose another
  withKey: boolean;
  running: boolean;
  next?: string;
  runs: Run[]; // the newest first
}

export interface Schedule {
  everyHours: number | null;
  keep: number;
  folder: string; // empty: the server's own
  passphrase?: string; // absent: stays as it is; empty: the master key is left out
}

const PATH = "/api/v1/backups";
const LOOK_AGAIN = 1_000; // ms, while one is made

export function useBackups() {
  const client = useQueryClient();
  const onSuccess = (backups: Backups) => client.setQueryData(["backups"], backups);
  return {
    state: useQuery({
      queryKey: ["backups"],
      queryFn: ({ signal }) => api.get<Backups>(PATH, signal),
      refetchInterval: ({ state }) => (state.data?.running ? LOOK_AGAIN : false),
    }),
    make: useMutation({ mutationFn: () => api.post<Backups>(PATH), onSuccess }),
    save: useMutation({ mutationFn: (schedule: Schedule) => api.put<Backups>(PATH, schedule), onSuccess }),
  };
}
