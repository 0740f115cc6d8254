import type { Statement } from "../dialect.ts";
import type { Tag } from "../warehouse.ts";

/** Snowflake's limit for a query tag, in characters. */
const LONGEST = 2000;

/**
 * The QUERY_TAG of a statement: JSON that `ledgerloop cost` reads back from the account's query history. A statement's name is
 * `<what>.<feed or table>`, and `#<rule>` where it asks one rule alone.
 */
export function queryTag(tag: Tag, { name }: Statement): string {
  const [path = "", rule] = name.split("#", 2);
  const dot = path.indexOf(".");
  const [statement, table] = dot < 0 ? [path, undefined] : [path.slice(0, dot), path.slice(dot + 1)];
  const full = JSON.stringify({ app: "ledgerloop", ...tag, statement, table, rule });
  return full.length <= LONGEST ? full : JSON.stringify({ app: "ledgerloop", run: tag.run, statement });
}
