import { readTermLine, type TermLine, type TermLineDocument } from "../proofs/terms.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { isoInstant } from "../warehouse/instants.ts";
import { ops } from "../warehouse/ops-tables.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { EVERYTHING, extentText } from "./extent.ts";
import type { ProofResult } from "./proof.ts";

/** What became of every row of a feed, when all of it was compared with its source last. */
export interface KeptEquation {
  readonly feed: string;
  readonly result: ProofResult;
  readonly terms: readonly TermLine[];
  /** ISO 8601 in UTC: when it was compared, and the source's instant. */
  readonly provedAt: string;
  readonly asOf: string | null;
}

/** The last equation of each feed that was compared whole; feeds that are compared in parts only have none. */
export async function readEquations(session: Session, dialect: Dialect): Promise<KeptEquation[]> {
  const instant = (name: string) => `${dialect.landedText(`e.${name}`, { kind: "timestamp" })} AS ${name}`;
  const whole = dialect.literal(extentText(EVERYTHING));
  const rows = await session.rows({
    name: "reconcile.kept-equations",
    sql: `SELECT e.subject, e.result, e.detail, ${instant("proved_at")}, ${instant("source_as_of")} FROM (
  SELECT p.*, ROW_NUMBER() OVER (PARTITION BY p.subject ORDER BY p.proved_at DESC) AS nth FROM ${ops(dialect, "proof")} p
  WHERE p.leg = 'R1' AND (p.extent IS NULL OR p.extent = ${whole}) AND p.result <> 'not_proven'
) e WHERE e.nth = 1 ORDER BY e.subject`,
  });
  return rows.map((row) => {
    const { terms = [] } = JSON.parse(row["detail"] ?? "{}") as { terms?: TermLineDocument[] };
    return {
      feed: row["subject"] ?? "",
      result: (row["result"] ?? "not_proven") as ProofResult,
      terms: terms.map(readTermLine),
      provedAt: isoInstant(row["proved_at"]) ?? "",
      asOf: isoInstant(row["source_as_of"]),
    };
  });
}
