import type { Feed } from "../../config/pipeline.ts";
import type { Relation } from "./catalog.ts";
import { totalsSql } from "./control-totals.ts";
import { selectKeys, selectRows } from "./select-sql.ts";

/** The statements of a read with a condition that no row fulfils: rights, types and names are looked at all the same. */
export function tryStatements(
  feed: Feed,
  { found, currencies }: { found: Relation; currencies: Readonly<Record<string, number>> },
): string[] {
  return [
    selectRows(feed, found, "false"),
    totalsSql(feed, { found, currencies, where: "false" }),
    `${selectKeys(feed)} and false`,
  ];
}
