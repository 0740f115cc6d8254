import type { Feed } from "../config/pipeline.ts";
import type { Column } from "../contract/contract.ts";
import { CONTENT_VECTORS, contentPrefix, isCounted, VECTORS_OF } from "../contract/row-content.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { asText, column, concatenated } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";

function field(dialect: Dialect, typed: string, of: Pick<Column, "type">): string[] {
  const text = dialect.landedText(typed, of.type);
  const value = `COALESCE(${text}, '')`;
  return isCounted(of) ? [`COALESCE(${asText(dialect.octets(text))}, '')`, "':'", value] : [value];
}

/** The content hash of a typed row under an alias, from its columns alone: see `contract/row-content.ts`. */
export function contentHash(dialect: Dialect, { contract }: Pick<Feed, "contract">, alias: string): string {
  const fields = contract.columns.flatMap((of, i) => [
    ...(i > 0 ? ["'|'"] : []),
    ...field(dialect, column(dialect, alias, of.name), of),
  ]);
  return hashOf(dialect, contract, fields);
}

function hashOf(dialect: Dialect, contract: Parameters<typeof contentPrefix>[0], fields: readonly string[]): string {
  return `MD5(${concatenated([dialect.literal(contentPrefix(contract)), ...fields])})`;
}

/**
 * Lets the engine hash the vectors, typed as a run types landed texts.
 * @returns the indices of those that it hashes otherwise.
 */
export async function wrongVectors(session: Session, dialect: Dialect): Promise<number[]> {
  const selects = CONTENT_VECTORS.map(({ type, text }, i) => {
    const typed = dialect.tryCast(asText(dialect.literal(text)), type);
    return `SELECT ${i} AS nth, ${hashOf(dialect, VECTORS_OF, field(dialect, typed, { type }))} AS hash`;
  });
  const rows = await session.rows({
    name: "reconcile.vectors",
    sql: `SELECT ${asText("v.nth")} AS nth, v.hash AS hash FROM (\n${selects.join("\nUNION ALL\n")}\n) v`,
  });
  const found = new Map(rows.map((row) => [Number(row["nth"]), row["hash"]]));
  return CONTENT_VECTORS.flatMap(({ hash }, i) => (found.get(i) === hash ? [] : [i]));
}
