import type { AsOf } from "../lineage/as-of.ts";
import { renderTable } from "./table.ts";

/** As of when sources and curated tables are published, a line each. */
export function asOfText({ sources, tables }: AsOf): string {
  const lines = [
    ...sources.map(({ source, ...of }) => ({ published: `source ${source}`, ...of })),
    ...tables.map(({ table, ...of }) => ({ published: `curated.${table}`, ...of })),
  ];
  return renderTable(lines.map(({ published, as_of: instant, says }) => ({ published, "as of": instant ?? says })));
}
