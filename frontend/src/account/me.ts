import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, items } from "../wire/api";
import { pageOf } from "../wire/owner";

export interface Me {
  kind: "person" | "guest";
  id: string;
  name: string;
  email?: string;
  administrator: boolean;
  session?: string; // the one that a guest came for
  insecureHttp: boolean;
}

export interface AccessToken {
  id: string;
  name: string;
  scopes: string[];
  createdAt: string;
  lastUsedAt?: string;
  expiresAt: string;
}

export interface SignIn {
  id: string;
  userAgent: string;
  address: string;
  createdAt: string;
  lastSeenAt: string;
  current: boolean;
}

export function useMe() {
  return useQuery({
    queryKey: ["me"],
    queryFn: async ({ signal }) => {
      const me = await api.get<Me>("/api/v1/me", signal);
      pageOf(me.id);
      return me;
    },
    staleTime: 60_000,
  });
}

/** One's own name and password. */
export function useProfile() {
  const client = useQueryClient();
  return {
    change: useMutation({
      mutationFn: (change: { name?: string; password?: { old: string; new: string } }) =>
        api.patch<Me>("/api/v1/me", change),
      onSuccess: () => client.invalidateQueries({ queryKey: ["me"] }),
    }),
  };
}

export async function signOut(): Promise<void> {
  await api.post("/api/v1/logout");
  location.assign("/sign-in");
}

export function useTokens() {
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ["tokens"] });
  return {
    list: useQuery({
      queryKey: ["tokens"],
      queryFn: async ({ signal }) =>
        items(await api.get<AccessToken[] | { items: AccessToken[] }>("/api/v1/tokens", signal)),
    }),
    create: useMutation({
      mutationFn: (token: { name: string; scopes: string[]; expiresAt?: string }) =>
        api.post<{ id: string; token: string }>("/api/v1/tokens", token),
      onSuccess: refresh,
    }),
    revoke: useMutation({ mutationFn: (id: string) => api.delete(`/api/v1/tokens/${id}`), onSuccess: refresh }),
  };
}

export function useSignIns() {
  const client = useQueryClient();
  return {
    list: useQuery({
      queryKey: ["sign-ins"],
      queryFn: async ({ signal }) =>
        items(await api.get<SignIn[] | { items: SignIn[] }>("/api/v1/me/sign-ins", signal)),
    }),
    end: useMutation({
      mutationFn: (id: string) => api.delete(`/api/v1/me/sign-ins/${id}`),
      onSuccess: () => client.invalidateQueries({ queryKey: ["sign-ins"] }),
    }),
  };
}
