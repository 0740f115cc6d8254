import type { AsOf } from "../lineage/as-of.ts";
import { renderTable } from "./table.ts";

/** As of when each source and each curated table is, or why that is not known. */
export function asOfLines({ sources, tables }: AsOf): { readonly published: string; readonly "as of": string | null }[] {
  const lines = [
    ...sources.map(({ source, ...of }) => ({ published: `source ${source}`, ...of })),
    ...tables.map(({ table, ...of }) => ({ published: `curated.${table}`, ...of })),
  ];
  return lines.map(({ published, as_of: instant, says }) => ({ published, "as of": instant ?? says }));
}

/** The same for people. */
export function asOfText(of: AsOf): string {
  return renderTable(asOfLines(of));
}
