import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { HeldUp } from "../stunts.ts";

async function untilBlocked(client: pg.Client): Promise<void> {
  for (let i = 0; i < 300; i += 1) {
    const { rows } = await client.query<{ n: string }>(
      "select count(*)::text as n from pg_locks where not granted and relation = 'billing.invoices'::regclass",
    );
    if (rows[0]?.n !== "0") return;
    await sleep(100);
  }
  throw new Error("the first publisher never came to read the invoices");
}

/** Locks the invoices against every reader, until they are released or the lock is disposed of. */
export async function lockInvoices(url: string): Promise<HeldUp> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("begin; lock table billing.invoices in access exclusive mode");
  return {
    untilMet: () => untilBlocked(client),
    release: async () => {
      await client.query("commit");
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
