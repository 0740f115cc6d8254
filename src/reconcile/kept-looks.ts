import type { Dialect } from "../warehouse/dialect.ts";
import { isoInstant } from "../warehouse/instants.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { and, asText } from "../warehouse/sql-text.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import { readBase, readExtent } from "./extent.ts";
import type { Proof, ProofResult } from "./proof.ts";
import type { KeptProof } from "./standing.ts";

/** A row of `ops.proof` as a comparison that others follow. */
export function keptProof(row: TextRow): KeptProof {
  return {
    result: (row["result"] ?? "not_proven") as ProofResult,
    extent: readExtent(row["extent"] ?? null),
    base: readBase(row["base"] ?? null),
    provedAt: isoInstant(row["proved_at"]) ?? "",
  };
}

/** A comparison that was kept, and the publication that stood. */
export interface KeptLook extends KeptProof {
  readonly number: bigint;
}

/** Every comparison that was made of one thing, in the order in which they were made. */
export async function readLooks(
  session: Session,
  dialect: Dialect,
  { leg, of, compares }: Pick<Proof, "leg" | "of" | "compares">,
): Promise<KeptLook[]> {
  const is = (name: string, value: string) => `p.${name} = ${dialect.literal(value)}`;
  const rows = await session.rows({
    name: "reconcile.looks",
    sql: `SELECT p.result, p.extent, p.base, ${asText("p.number")} AS number, ${dialect.landedText("p.proved_at", { kind: "timestamp" })} AS proved_at
FROM ${ops(dialect, "proof")} p WHERE ${and([is("leg", leg), is("subject", of), is("compares", compares)])} ORDER BY p.proved_at, p.proof_id`,
  });
  return rows.map((row) => ({ ...keptProof(row), number: BigInt(row["number"] ?? "0") }));
}
