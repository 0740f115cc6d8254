import type { Feed } from "../../config/pipeline.ts";
import type { Relation } from "./catalog.ts";
import { totalsSql } from "./control-totals.ts";
import { selectKeys, selectRows } from "./select-sql.ts";

/** Relations whose rows come from elsewhere: whether that answers shows with a first row. */
const ELSEWHERE: readonly Relation["kind"][] = ["f", "v"];

/** The statements of a read, broken off before its first row, or behind it: rights, types, names and other servers are looked at alike. */
export function tryStatements(
  feed: Feed,
  { found, currencies }: { found: Relation; currencies: Readonly<Record<string, number>> },
): string[] {
  return [
    `${selectRows(feed, found, "true")} limit ${ELSEWHERE.includes(found.kind) ? 1 : 0}`,
    `select from (${totalsSql(feed, { found, currencies, where: "true" })}) t limit 0`,
    `${selectKeys(feed)} limit 0`,
  ];
}
