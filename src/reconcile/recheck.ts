import { Failure } from "../kernel/problem.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { isoInstant } from "../warehouse/instants.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import { comparisonsOf } from "./comparisons.ts";
import { EVERYTHING, isByColumn, readExtent, type Tier } from "./extent.ts";
import { type SideTexts, sideTexts } from "./keep-proofs.ts";
import { requireKept } from "./kept-proofs.ts";
import type { Task } from "./plan-night.ts";
import { nothingPublished, proofUnknown, subjectGone } from "./problems.ts";
import { LEGS, type Leg, type MadeProof, type ProofResult, resultOf } from "./proof.ts";
import { type ReconcileOptions, reconcile } from "./reconcile.ts";
import { subjectName, subjectsOf } from "./subjects.ts";
import { SUMS_COMPARES } from "./sums.ts";
import type { ProvingTools } from "./tools.ts";

/** A comparison as it was kept. */
export interface KeptComparison {
  readonly id: string;
  readonly leg: Leg;
  readonly of: string;
  readonly compares: string;
  readonly result: ProofResult;
  readonly number: bigint;
  readonly rows: bigint;
  readonly differing: bigint;
  /** ISO 8601 in UTC. */
  readonly provedAt: string;
  readonly tier: Tier;
  readonly extent: string | null;
  /** Null where an earlier version kept none, and for comparisons without a source. */
  readonly sides: SideTexts | null;
}

/** Whether what a comparison looked at is what an earlier one looked at; `unknown` where nobody kept that. */
export type Moved = "same" | "moved" | "unknown";

/** A comparison that was made again. */
export interface Rechecked {
  readonly kept: KeptComparison;
  readonly now: MadeProof;
  /** The publication that stands now. */
  readonly number: bigint;
  readonly source: Moved;
  readonly published: Moved;
}

function keptComparison(row: TextRow): KeptComparison {
  const count = (name: string) => BigInt(row[name] ?? "0");
  const { sides } = JSON.parse(row["detail"] ?? "{}") as { sides?: SideTexts };
  return {
    id: row["proof_id"] ?? "",
    leg: (row["leg"] ?? "R1") as Leg,
    of: row["subject"] ?? "",
    compares: row["compares"] ?? "",
    result: (row["result"] ?? "not_proven") as ProofResult,
    number: count("number"),
    rows: count("row_count"),
    differing: count("differing"),
    provedAt: isoInstant(row["proved_at"]) ?? "",
    tier: (row["tier"] ?? "all") as Tier,
    extent: row["extent"] ?? null,
    sides: sides ?? null,
  };
}

/**
 * A comparison by its id in `ops.proof`.
 * @throws Failure `usage` where there is none.
 */
export async function readComparison(session: Session, dialect: Dialect, id: string): Promise<KeptComparison> {
  await requireKept(session, dialect);
  const counts = ["number", "row_count", "differing"].map((name) => `${asText(`p.${name}`)} AS ${name}`);
  const [row] = await session.rows({
    name: "reconcile.kept-one",
    sql: `SELECT p.proof_id, p.leg, p.subject, p.compares, p.tier, p.extent, p.result, ${counts.join(", ")}, p.detail,
  ${dialect.landedText("p.proved_at", { kind: "timestamp" })} AS proved_at
FROM ${ops(dialect, "proof")} p WHERE p.proof_id = ${dialect.literal(id)}`,
  });
  if (!row) throw new Failure("usage", proofUnknown(id));
  return keptComparison(row);
}

/** The same feed or table, leg and extent, to be compared now. */
function taskOf({ pipeline, hasContents }: ProvingTools, { id, leg, of, compares, tier, extent }: KeptComparison): Task {
  const subject = subjectsOf({ pipeline, only: of, legs: new Set(LEGS) }).find((one) => subjectName(one) === of);
  if (!subject) throw new Failure("usage", subjectGone(id, of));
  const [now] = comparisonsOf(subject, hasContents).filter((one) => one.leg === leg);
  const kept = readExtent(extent);
  // Its stretches are of a column that is none of today's any more: everything has them.
  const chosen = { tier, extent: isByColumn(kept, now?.column) ? kept : EVERYTHING };
  return { subject, chosen, legs: new Set([leg]), bySums: compares === SUMS_COMPARES };
}

/** A side as both have kept it: an earlier version kept one lane of each currency, and no keys. */
function asBothKept(side: string, other: string): string {
  const [own, others] = [side, other].map((text) => JSON.parse(text) as readonly (readonly unknown[])[]);
  const width = others?.[0]?.length;
  return JSON.stringify(own?.map((currency) => currency.slice(0, width)));
}

/** Whether a side is what it was kept as. */
export function moved(then: string | null | undefined, now: string | null | undefined): Moved {
  if (then == null || now == null) return "unknown";
  return asBothKept(then, now) === asBothKept(now, then) ? "same" : "moved";
}

/** Where nobody kept what was published then, a publication between says that it may be another one. */
function publishedSide({ kept, number, now }: { kept: KeptComparison; number: bigint; now: string | undefined }): Moved {
  const found = moved(kept.sides?.published, now);
  return found === "unknown" && number !== kept.number ? "moved" : found;
}

/**
 * Makes a kept comparison again, over the same extent of both sides as they are now, and keeps it as every other one.
 * @throws Failure as `reconcile`, `usage` where the pipeline has no such feed or table any more, `incomplete` where it could not be made at all.
 */
export async function recheck(
  tools: ProvingTools,
  kept: KeptComparison,
  options: Pick<ReconcileOptions, "signal" | "tell" | "onRead">,
): Promise<Rechecked> {
  const task = taskOf(tools, kept);
  const asked = { ...options, only: kept.of, legs: task.legs, tiers: new Set([kept.tier]), budget: null, task };
  const keep = { reason: `recheck of ${kept.id}` };
  return reconcile(tools, { ...asked, keep }, async (_session, _dialect, { groups }) => {
    const [group] = groups;
    const proofs = group?.proofs ?? [];
    const now = proofs.find(({ compares }) => compares === kept.compares) ?? proofs[0];
    if (!group || !now) throw new Failure("incomplete", nothingPublished());
    const { number } = group;
    const sides = now.equation && sideTexts(now.equation.sides);
    return {
      ...{ kept, now, number, source: moved(kept.sides?.source, sides?.source) },
      published: publishedSide({ kept, number, now: sides?.published }),
    };
  });
}

function sameWords({ kept, now, source, published }: Rechecked): string {
  if (source === "same" && published === "same") return "nothing has changed: it ends as it did";
  const isAsMany = kept.rows === now.rows && kept.differing === now.differing;
  return isAsMany ? "it ends as it did, with as many rows" : "it ends as it did, with other rows";
}

function otherWords({ kept, source, published }: Rechecked): string {
  if (kept.result === "not_proven") return "then it could not be made";
  if (source === "same" && published === "same") {
    return "the rows of both sides are what they were: what waits, or was on its way, is not";
  }
  return kept.leg === "R1"
    ? "what its sides were then was not kept"
    : "nothing was published between them: a hand changed what stands, or put it right";
}

/** What a comparison that was made again comes to, in words. */
export function recheckWords(found: Rechecked): string {
  const { kept, now, source, published } = found;
  const who = [...(source === "moved" ? ["the source"] : []), ...(published === "moved" ? ["what is published"] : [])].join(
    " and ",
  );
  const isSame = resultOf(now) === kept.result;
  if (who !== "" && kept.result !== "not_proven") return `${who} moved on since${isSame ? ", and it ends as it did" : ""}`;
  return isSame ? sameWords(found) : otherWords(found);
}
