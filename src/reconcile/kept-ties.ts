import { readTieLine, type TieLine, type TieLineDocument } from "../proofs/ties.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { isoInstant } from "../warehouse/instants.ts";
import { ops } from "../warehouse/ops-tables.ts";
import type { Session } from "../warehouse/warehouse.ts";
import type { ProofResult } from "./proof.ts";

/** A tie as it was compared last. */
export interface KeptTie {
  readonly name: string;
  readonly result: ProofResult;
  /** Why nothing could be said. */
  readonly why: string | null;
  readonly lines: readonly TieLine[];
  /** ISO 8601 in UTC. */
  readonly provedAt: string;
}

/** The last comparison of each tie. */
export async function readTies(session: Session, dialect: Dialect): Promise<KeptTie[]> {
  const rows = await session.rows({
    name: "reconcile.kept-ties",
    sql: `SELECT e.subject, e.result, e.detail, ${dialect.landedText("e.proved_at", { kind: "timestamp" })} AS proved_at FROM (
  SELECT p.*, ROW_NUMBER() OVER (PARTITION BY p.subject ORDER BY p.proved_at DESC) AS nth FROM ${ops(dialect, "proof")} p
  WHERE p.leg = 'R3'
) e WHERE e.nth = 1 ORDER BY e.subject`,
  });
  return rows.map((row) => {
    const detail = JSON.parse(row["detail"] ?? "{}") as { tie?: TieLineDocument[]; not_proven?: string | null };
    return {
      name: row["subject"] ?? "",
      result: (row["result"] ?? "not_proven") as ProofResult,
      why: detail.not_proven ?? null,
      lines: (detail.tie ?? []).map(readTieLine),
      provedAt: isoInstant(row["proved_at"]) ?? "",
    };
  });
}
