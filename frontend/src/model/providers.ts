import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, items } from "../wire/api";

export interface Provider {
  id: string;
  wire: string;
  baseUrl?: string;
  hasKey: boolean;
  from: "environment" | "settings" | "found"; // "found": an Ollama on the server's machine
}

export interface Model {
  id: string;
  provider: string;
  name: string;
  default: boolean;
}

export interface ProviderSetting {
  id: string;
  wire: string;
  baseUrl?: string;
  key?: string;
}

export function useModels() {
  return useQuery({
    queryKey: ["models"],
    queryFn: async ({ signal }) => items(await api.get<Model[] | { items: Model[] }>("/api/v1/models", signal)),
    staleTime: 60_000,
  });
}

export function useProviders() {
  const client = useQueryClient();
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["providers"] }),
      client.invalidateQueries({ queryKey: ["models"] }),
    ]);
  return {
    list: useQuery({
      queryKey: ["providers"],
      queryFn: async ({ signal }) =>
        items(await api.get<Provider[] | { items: Provider[] }>("/api/v1/models/providers", signal)),
    }),
    save: useMutation({
      mutationFn: ({ id, ...setting }: ProviderSetting) =>
        api.put<void>(`/api/v1/models/providers/${encodeURIComponent(id)}`, setting),
      onSuccess: refresh,
    }),
    remove: useMutation({
      mutationFn: (id: string) => api.delete(`/api/v1/models/providers/${encodeURIComponent(id)}`),
      onSuccess: refresh,
    }),
  };
}
