import type { Pipeline } from "../config/pipeline.ts";
import { grouped } from "../kernel/grouped.ts";
import { Failure } from "../kernel/problem.ts";
import { opsVersion } from "../schema/upgrade.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { isoInstant } from "../warehouse/instants.ts";
import { OPS_VERSION, ops } from "../warehouse/ops-tables.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import { type Comparison, comparisonsOf } from "./comparisons.ts";
import { type Extent, isByColumn, readExtent } from "./extent.ts";
import { keptProof } from "./kept-looks.ts";
import { configurationAhead, nothingPublished } from "./problems.ts";
import { LEGS, type ProofResult } from "./proof.ts";
import { type Standing, standingOf } from "./standing.ts";
import { subjectsOf } from "./subjects.ts";

/** The last comparison of something. */
export interface LastOfAll {
  readonly id: string;
  readonly result: ProofResult;
  /** The publication that stood then. */
  readonly number: bigint;
  readonly extent: Extent;
  readonly rows: bigint;
  readonly differing: bigint;
  /** ISO 8601 in UTC; the second is null for comparisons without a source. */
  readonly provedAt: string;
  readonly sourceAsOf: string | null;
  readonly actor: string;
}

/** A comparison, what all that were made of it come to, and the last of them; null where there was none. */
export interface LastProof extends Comparison {
  readonly group: string;
  readonly standing: Standing;
  readonly last: LastOfAll | null;
}

const nameOf = ({ leg, of, compares }: { readonly leg: string; readonly of: string; readonly compares: string }) =>
  JSON.stringify([leg, of, compares]);

const nameIn = (row: TextRow) => nameOf({ leg: row["leg"] ?? "", of: row["subject"] ?? "", compares: row["compares"] ?? "" });

/** All comparisons, by what they compare, in the order in which they were made. */
export async function readKept(session: Session, dialect: Dialect): Promise<KeptProofs> {
  const instant = (name: string) => `${dialect.landedText(`p.${name}`, { kind: "timestamp" })} AS ${name}`;
  const counts = ["number", "row_count", "differing"].map((name) => `${asText(`p.${name}`)} AS ${name}`);
  const rows = await session.rows({
    name: "reconcile.kept",
    sql: `SELECT p.proof_id, p.leg, p.subject, p.compares, p.extent, p.base, p.result, ${counts.join(", ")},
  ${instant("proved_at")}, ${instant("source_as_of")}, p.actor
FROM ${ops(dialect, "proof")} p ORDER BY p.proved_at, p.proof_id`,
  });
  return grouped(rows, nameIn);
}

/** Rows of `ops.proof` by what they compare. */
export type KeptProofs = ReadonlyMap<string, readonly TextRow[]>;

/** What all comparisons of something come to; those by another column than today's say nothing of its stretches. */
export function standingIn(kept: KeptProofs, of: Comparison): Standing {
  return standingOf((kept.get(nameOf(of)) ?? []).map(keptProof).filter(({ extent }) => isByColumn(extent, of.column)));
}

/** The last comparison of something; null where there was none. */
export function lastIn(kept: KeptProofs, of: Comparison): LastOfAll | null {
  const row = kept.get(nameOf(of))?.at(-1);
  if (!row) return null;
  const count = (name: string) => BigInt(row[name] ?? "0");
  return {
    id: row["proof_id"] ?? "",
    result: (row["result"] ?? "not_proven") as ProofResult,
    number: count("number"),
    extent: readExtent(row["extent"] ?? null),
    rows: count("row_count"),
    differing: count("differing"),
    provedAt: isoInstant(row["proved_at"]) ?? "",
    sourceAsOf: isoInstant(row["source_as_of"]),
    actor: row["actor"] ?? "",
  };
}

/** What there is to compare, whether or not it ever was. `hasContents`: ids of sources that compute the content of their rows. */
function comparable(pipeline: Pipeline, hasContents: ReadonlySet<string>): (Comparison & { readonly group: string })[] {
  return subjectsOf({ pipeline, only: null, legs: new Set(LEGS) }).flatMap((subject) =>
    comparisonsOf(subject, ({ source }) => hasContents.has(source)).map((of) => ({ group: subject.group.name, ...of })),
  );
}

/**
 * Refuses a warehouse that has no table of comparisons and breaks yet.
 * @throws Failure `incomplete` where nothing was ever published there, or where it is of an earlier version.
 */
export async function requireKept(session: Session, dialect: Dialect): Promise<void> {
  const tables = await session.rows({
    name: "reconcile.is-there",
    sql: `SELECT DISTINCT c.table_name AS table_name FROM (${dialect.columnsOf(["ops"])}) c WHERE c.table_name = 'schema_version'`,
  });
  if (tables.length === 0) throw new Failure("incomplete", nothingPublished());
  if ((await opsVersion(session, dialect)) < OPS_VERSION) {
    throw new Failure(
      "incomplete",
      configurationAhead({ says: "the tables of comparisons and breaks are of an earlier version" }),
    );
  }
}

/**
 * What stands of everything that can be compared, in the order of groups, feeds and tables.
 * @throws Failure `incomplete` where the warehouse is older than the table that comparisons are kept in.
 */
export async function lastProofs(
  session: Session,
  dialect: Dialect,
  { pipeline, hasContents }: { pipeline: Pipeline; hasContents: ReadonlySet<string> },
): Promise<LastProof[]> {
  await requireKept(session, dialect);
  const kept = await readKept(session, dialect);
  return comparable(pipeline, hasContents).map((of) => ({ ...of, standing: standingIn(kept, of), last: lastIn(kept, of) }));
}
