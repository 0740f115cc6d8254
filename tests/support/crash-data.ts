import { emptyClaimsHouse } from "./claims-house.ts";
import type { House } from "./engine.ts";

/** A source with good rows, a broken one, an unreadable one, contenders, a copy and an orphan. */
export async function openCrashHouse(): Promise<House> {
  const house = await emptyClaimsHouse();
  await house.source.query("insert into app.accounts (id, account_id, name) values (1, 'A', 'a'), (2, 'B', 'b'), (3, 'C', null)");
  await house.source.query(`insert into app.entries (id, entry_id, account_id, amount, currency, memo) values
    (1, 'e1', 'A', 100, 'USD', null), (2, 'e2', 'B', 250, 'USD', E'two\\nlines'), (3, 'e3', 'A', -5, 'USD', null), (4, 'e4', 'A', 'NaN', 'USD', null),
    (5, 'e5', 'A', 1, 'JPY', null), (6, 'e5', 'B', 2, 'JPY', null), (7, 'e7', 'C', 7, 'USD', null), (8, 'e8', 'Z', 8, 'USD', null),
    (9, 'e9', 'B', 9, 'USD', ''), (9, 'e9', 'B', 9, 'USD', '')`);
  return house;
}
