import type { Pipeline } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { insertOps } from "../ledger/insert-ops.ts";
import { termLineDocument } from "../proofs/terms.ts";
import { opsVersion } from "../schema/upgrade.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { isoInstant } from "../warehouse/instants.ts";
import { OPS_VERSION, ops } from "../warehouse/ops-tables.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import { comparisonsOf } from "./comparisons.ts";
import { configurationAhead } from "./problems.ts";
import { LEGS, type Leg, type Proof, type ProofResult, resultOf } from "./proof.ts";
import type { ProvenGroup } from "./prove.ts";
import { subjectsOf } from "./subjects.ts";
import type { ProvingTools } from "./tools.ts";

/** What is kept of a comparison beside its counts: the first keys, masked, what was told, and the terms. */
function detailOf({ keys, says, notProven, equation, seconds }: Proof): string {
  return JSON.stringify({
    keys,
    says,
    not_proven: notProven,
    seconds,
    ...(equation && { terms: equation.terms.map(termLineDocument) }),
  });
}

/**
 * Appends the comparisons of one feed or table to the ledger, in one transaction. Nothing else is written: the head of no group moves.
 */
export async function keepProofs(
  session: Session,
  dialect: Dialect,
  {
    tools,
    id,
    subject,
    found,
  }: { tools: Pick<ProvingTools, "clock" | "codeVersion" | "actor">; id: string; subject: string; found: ProvenGroup },
): Promise<void> {
  const proved_at = tools.clock.now().toISOString();
  const rows = found.proofs.map((proof, i) => ({
    proof_id: `${id}/${subject}/${i + 1}`,
    reconcile_id: id,
    run_group: found.group,
    number: found.number,
    leg: proof.leg,
    subject: proof.of,
    compares: proof.compares,
    result: resultOf(proof),
    row_count: proof.rows,
    differing: proof.differing,
    detail: detailOf(proof),
    source_as_of: proof.equation?.asOf ?? null,
    code_version: tools.codeVersion,
    actor: tools.actor,
    proved_at,
  }));
  await session.transaction(async () => {
    for (const statement of insertOps(dialect, "proof", rows)) await session.run(statement);
  });
}

/** When each feed or table was compared last, by its name, in ISO 8601: the earliest of the last instants of its comparisons. */
export async function lastCompared(session: Session, dialect: Dialect): Promise<Map<string, string>> {
  const rows = await session.rows({
    name: "reconcile.ages",
    sql: `SELECT l.subject AS subject, ${dialect.landedText("MIN(l.proved_at)", { kind: "timestamp" })} AS proved_at FROM (
  SELECT p.subject, p.leg, p.compares, MAX(p.proved_at) AS proved_at FROM ${ops(dialect, "proof")} p GROUP BY p.subject, p.leg, p.compares
) l GROUP BY l.subject`,
  });
  return new Map(rows.map((row) => [row["subject"] ?? "", isoInstant(row["proved_at"]) ?? ""]));
}

/** The last comparison of something, or that there was none. */
export interface LastProof {
  readonly group: string;
  readonly leg: Leg;
  readonly of: string;
  readonly compares: string;
  readonly last: {
    readonly result: ProofResult;
    /** The publication that stood then. */
    readonly number: bigint;
    readonly rows: bigint;
    readonly differing: bigint;
    /** ISO 8601 in UTC; the second is null for comparisons without a source. */
    readonly provedAt: string;
    readonly sourceAsOf: string | null;
    readonly actor: string;
  } | null;
}

const nameOf = ({ leg, of, compares }: Pick<LastProof, "leg" | "of" | "compares">) => JSON.stringify([leg, of, compares]);

/** What there is to compare, whether or not it ever was. `hasContents`: ids of sources that compute the content of their rows. */
function comparable(pipeline: Pipeline, hasContents: ReadonlySet<string>): Omit<LastProof, "last">[] {
  return subjectsOf({ pipeline, only: null, legs: new Set(LEGS) }).flatMap((subject) => {
    const computes = "feed" in subject && hasContents.has(subject.feed.source);
    return comparisonsOf(subject, computes).map((of) => ({ group: subject.group.name, ...of }));
  });
}

function lastOf(row: TextRow): LastProof["last"] {
  const count = (name: string) => BigInt(row[name] ?? "0");
  return {
    result: (row["result"] ?? "not_proven") as ProofResult,
    number: count("number"),
    rows: count("row_count"),
    differing: count("differing"),
    provedAt: isoInstant(row["proved_at"]) ?? "",
    sourceAsOf: isoInstant(row["source_as_of"]),
    actor: row["actor"] ?? "",
  };
}

/**
 * The last comparison of everything that can be compared, in the order of groups, feeds and tables.
 * @throws Failure `incomplete` where the warehouse is older than the table that comparisons are kept in.
 */
export async function lastProofs(
  session: Session,
  dialect: Dialect,
  { pipeline, hasContents }: { pipeline: Pipeline; hasContents: ReadonlySet<string> },
): Promise<LastProof[]> {
  if ((await opsVersion(session, dialect)) < OPS_VERSION) {
    throw new Failure("incomplete", configurationAhead({ says: "ops.proof is not there" }));
  }
  const instant = (name: string) => `${dialect.landedText(`p.${name}`, { kind: "timestamp" })} AS ${name}`;
  const rows = await session.rows({
    name: "reconcile.last",
    sql: `SELECT p.leg, p.subject, p.compares, p.result, ${["number", "row_count", "differing"].map((name) => `${asText(`p.${name}`)} AS ${name}`).join(", ")},
  ${instant("proved_at")}, ${instant("source_as_of")}, p.actor
FROM ${ops(dialect, "proof")} p JOIN (
  SELECT leg, subject, compares, MAX(proved_at) AS proved_at FROM ${ops(dialect, "proof")} GROUP BY leg, subject, compares
) m ON m.leg = p.leg AND m.subject = p.subject AND m.compares = p.compares AND m.proved_at = p.proved_at`,
  });
  const found = new Map(
    rows.map((row) => [
      nameOf({ leg: (row["leg"] ?? "R4") as Leg, of: row["subject"] ?? "", compares: row["compares"] ?? "" }),
      lastOf(row),
    ]),
  );
  return comparable(pipeline, hasContents).map((about) => ({ ...about, last: found.get(nameOf(about)) ?? null }));
}
