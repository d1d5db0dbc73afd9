import type { Query, QueryClient, QueryKey } from "@tanstack/react-query";

const waiting = new WeakMap<Query, Promise<void>>();

/**
 * What was answered is old: it is asked for again, at once where nobody asks. A question that is under way is not broken
 * off, since the server works on it nevertheless and news that come faster than its answers would keep the screen old; it
 * is asked once more when it is answered.
 *
 * @return when the new answers are there
 */
export async function askAgain(client: QueryClient, queryKey: QueryKey): Promise<void> {
  const underWay = client.getQueryCache().findAll({ queryKey, fetchStatus: "fetching" });
  await Promise.all([
    client.invalidateQueries({ queryKey, predicate: (query) => !underWay.includes(query) }),
    ...underWay.map((query) => {
      const again = waiting.get(query) ?? afterwards(client, query).finally(() => waiting.delete(query));
      waiting.set(query, again);
      return again;
    }),
  ]);
}

async function afterwards(client: QueryClient, query: Query): Promise<void> {
  await query.promise?.catch(() => undefined);
  waiting.delete(query);
  await client.invalidateQueries({ predicate: (known) => known === query }, { cancelRefetch: false });
}
