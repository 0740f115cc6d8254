import type { Store } from "../store.ts";

/** The highest fencing token that each group's runs were given, as the journal knows; groups without any are left out. */
export async function highestTokens(store: Store): Promise<Map<string, bigint>> {
  const rows = await store.ask<{ group: string; token: string }>(
    `select run_group as "group", max(token) as token from ledgerloop.run where token is not null group by run_group`,
  );
  return new Map(rows.map(({ group, token }) => [group, BigInt(token)]));
}
