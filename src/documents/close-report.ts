import type { Pipeline } from "../config/pipeline.ts";
import { type JsonAmount, jsonAmount } from "../kernel/json.ts";
import { readNumbers } from "../ledger/fence.ts";
import { type AsOf, askInstants, asOf } from "../lineage/as-of.ts";
import { type TermLineDocument, termLineDocument } from "../proofs/terms.ts";
import { type TieLineDocument, tieLineDocument } from "../proofs/ties.ts";
import { type AgedLine, agedLine, waitingByAge } from "../quarantine/waiting-ages.ts";
import { type FoundWithin, foundWithin } from "../reconcile/detection.ts";
import { type Break, breaksIn, isAccepted, readEvents } from "../reconcile/kept-breaks.ts";
import { type KeptEquation, readEquations } from "../reconcile/kept-equations.ts";
import { type LastProof, lastProofs } from "../reconcile/kept-proofs.ts";
import { type KeptTie, readTies } from "../reconcile/kept-ties.ts";
import type { ProofResult } from "../reconcile/proof.ts";
import { type RollForward, rollForward } from "../reconcile/roll-forward.ts";
import { oldestLook } from "../reconcile/standing.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { type BreakDocument, breakDocument } from "./breaks.ts";

/** What a roll-forward is of: from an instant on, before another one; ISO 8601 in UTC. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** What stands between what is published and a close, from what was kept: nothing is compared for it. */
export interface CloseReport {
  readonly pipeline: string;
  readonly environment: string;
  readonly now: Date;
  readonly period: Period;
  readonly publications: readonly { readonly group: string; readonly number: bigint }[];
  /** Breaks that are open, accepted ones too. */
  readonly breaks: readonly Break[];
  readonly rolls: readonly RollForward[];
  readonly waiting: readonly AgedLine[];
  readonly proofs: readonly LastProof[];
  readonly equations: readonly KeptEquation[];
  /** Ties of the pipeline as they were compared last; those that never were are not among them. */
  readonly ties: readonly KeptTie[];
  /** How long a defect can stay unseen. */
  readonly found: readonly FoundWithin[];
  readonly asOf: AsOf;
}

/** How the comparisons of a report stand. */
export interface ProofCounts {
  readonly equal: number;
  readonly different: number;
  readonly notProven: number;
  /** Those of which something was never compared. */
  readonly never: number;
  /** The instant of the oldest comparison that something rests on; null where something was never compared, and where there is nothing to compare. */
  readonly oldest: string | null;
}

/** Counts comparisons by what all that were made of them come to. */
export function proofCounts(proofs: readonly LastProof[]): ProofCounts {
  const count = (result: ProofResult) => proofs.filter(({ standing }) => standing.result === result).length;
  const looks = proofs.map(({ standing }) => oldestLook(standing));
  const never = looks.filter((look) => look === null).length;
  const oldest = never > 0 ? null : (looks.flatMap((look) => look ?? []).toSorted()[0] ?? null);
  return { equal: count("equal"), different: count("different"), notProven: count("not_proven"), never, oldest };
}

/** Breaks that nobody has accepted. */
export function unaccepted({ breaks, now }: Pick<CloseReport, "breaks" | "now">): Break[] {
  return breaks.filter((one) => !isAccepted(one, now));
}

/**
 * Reads what was kept of comparisons, breaks and waiting rows.
 * @throws Failure `incomplete` where the warehouse is older than the tables that they are kept in.
 */
export async function closeReport(
  session: Session,
  dialect: Dialect,
  { pipeline, hasContents, now, period }: { pipeline: Pipeline; hasContents: ReadonlySet<string>; now: Date; period: Period },
): Promise<CloseReport> {
  const proofs = await lastProofs(session, dialect, { pipeline, hasContents });
  const events = await readEvents(session, dialect, {});
  const publications: { group: string; number: bigint }[] = [];
  for (const group of pipeline.groups.keys()) {
    publications.push({ group, number: (await readNumbers(session, dialect, group)).head });
  }
  const waiting = (await session.rows(waitingByAge(dialect, now))).map(agedLine);
  const instants = await askInstants(pipeline, (statement) => session.rows(statement), dialect);
  return {
    ...{ pipeline: pipeline.name, environment: pipeline.environment.name, now, period, publications, proofs, waiting },
    breaks: breaksIn(events).filter(({ isOpen }) => isOpen),
    rolls: rollForward(
      events.filter(({ at }) => Date.parse(at) < Date.parse(period.to)),
      period.from,
    ),
    equations: await readEquations(session, dialect),
    found: foundWithin(proofs, pipeline.reconcile),
    ties: (await readTies(session, dialect)).filter(({ name }) => pipeline.ties.has(name)),
    asOf: asOf(pipeline, instants, { feeds: [...pipeline.feeds.keys()], tables: [...pipeline.models.keys()] }),
  };
}

/** `reconcile report --json`. */
export interface CloseDocument {
  readonly pipeline: string;
  readonly environment: string;
  readonly at: string;
  readonly period: Period;
  readonly publications: readonly { readonly group: string; readonly publication: JsonAmount }[];
  readonly breaks: readonly BreakDocument[];
  readonly roll_forward: readonly RollForward[];
  readonly waiting: readonly {
    readonly feed: string;
    readonly kind: string;
    readonly reasons: readonly string[];
    readonly age: AgedLine["age"];
    readonly rows: JsonAmount;
    readonly currency: string;
    readonly minor: JsonAmount;
  }[];
  readonly comparisons: {
    readonly equal: number;
    readonly different: number;
    readonly not_proven: number;
    readonly never: number;
    readonly oldest: string | null;
  };
  readonly equations: readonly {
    readonly feed: string;
    readonly result: ProofResult;
    readonly proved_at: string;
    readonly as_of: string | null;
    readonly terms: readonly TermLineDocument[];
  }[];
  readonly ties: readonly {
    readonly tie: string;
    readonly result: ProofResult;
    readonly why: string | null;
    readonly proved_at: string;
    readonly lines: readonly TieLineDocument[];
  }[];
  readonly found_within: readonly {
    readonly what: string;
    readonly by: string;
    readonly within: string;
    readonly in_rounds: readonly string[];
    readonly never: readonly string[];
  }[];
  readonly as_of: AsOf;
}

/** A report as JSON. */
export function closeDocument(report: CloseReport): CloseDocument {
  const { pipeline, environment, now, period, publications, breaks, rolls, waiting, proofs, equations } = report;
  const { equal, different, notProven, never, oldest } = proofCounts(proofs);
  return {
    ...{ pipeline, environment, at: now.toISOString(), period },
    publications: publications.map(({ group, number }) => ({ group, publication: jsonAmount(number) })),
    breaks: breaks.map(breakDocument),
    roll_forward: rolls,
    waiting: waiting.map(({ feed, kind, reasons, age, rows, currency, minor }) => ({
      ...{ feed, kind, reasons, age, rows: jsonAmount(rows), currency, minor: jsonAmount(minor) },
    })),
    comparisons: { equal, different, not_proven: notProven, never, oldest },
    equations: equations.map(({ feed, result, provedAt, asOf: instant, terms }) => ({
      ...{ feed, result, proved_at: provedAt, as_of: instant, terms: terms.map(termLineDocument) },
    })),
    ties: report.ties.map(({ name, result, why, provedAt, lines }) => ({
      ...{ tie: name, result, why, proved_at: provedAt, lines: lines.map(tieLineDocument) },
    })),
    found_within: report.found.map(({ inRounds, ...found }) => ({ ...found, in_rounds: inRounds })),
    as_of: report.asOf,
  };
}
