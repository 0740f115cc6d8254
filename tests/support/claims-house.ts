import { join } from "node:path";
import { type House, openHouse } from "./engine.ts";

/** The smallest pipeline in which every class and every claim can be seen. */
export const CLAIMS = join(import.meta.dirname, "../fixtures/pipelines/claims");

/** A house over the smallest pipeline, its source empty. */
export function emptyClaimsHouse(): Promise<House> {
  return openHouse({ directory: CLAIMS, ddl: join(CLAIMS, "source.sql"), urlVariable: "APP_URL" });
}

/** The same with two accounts and an entry for each. */
export async function openClaimsHouse(): Promise<House> {
  const house = await emptyClaimsHouse();
  await house.source.query("insert into app.accounts (id, account_id, name) values (1, 'A', 'a'), (2, 'B', 'b')");
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (1, 'e1', 'A', 100, 'USD'), (2, 'e2', 'B', 200, 'USD')",
  );
  return house;
}
