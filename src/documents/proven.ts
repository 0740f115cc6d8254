import type { Pipeline } from "../config/pipeline.ts";
import { breaksIn, isAccepted, readEvents } from "../reconcile/kept-breaks.ts";
import { lastProofs } from "../reconcile/kept-proofs.ts";
import type { Leg, ProofResult } from "../reconcile/proof.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { proofCounts } from "./close-report.ts";

/** What all comparisons and breaks come to, as `status --json` prints it. */
export interface ProvenDocument {
  /** When this was told, ISO 8601 in UTC. */
  readonly at: string;
  readonly equal: number;
  readonly different: number;
  readonly not_proven: number;
  readonly never: number;
  readonly oldest: string | null;
  readonly open_breaks: number;
  readonly accepted_breaks: number;
  /** How each feed and table was compared last, by each leg; the worst of several comparisons. */
  readonly last: readonly {
    readonly leg: Leg;
    readonly of: string;
    readonly result: ProofResult | null;
    readonly at: string | null;
  }[];
}

/** From the best to the worst. */
const RANK: readonly (ProofResult | null)[] = ["equal", "not_proven", null, "different"];

/** What all comparisons and breaks come to now. */
export async function provenNow(
  session: Session,
  dialect: Dialect,
  { pipeline, hasContents, now }: { pipeline: Pipeline; hasContents: ReadonlySet<string>; now: Date },
): Promise<ProvenDocument> {
  const proofs = await lastProofs(session, dialect, { pipeline, hasContents });
  const open = breaksIn(await readEvents(session, dialect, {})).filter(({ isOpen }) => isOpen);
  const accepted = open.filter((one) => isAccepted(one, now)).length;
  const { notProven, ...counts } = proofCounts(proofs);
  const last = new Map<string, ProvenDocument["last"][number]>();
  for (const { leg, of, standing, last: one } of proofs) {
    const name = `${leg} ${of}`;
    const result = one === null ? null : standing.result;
    const was = last.get(name);
    if (!was || RANK.indexOf(result) > RANK.indexOf(was.result)) last.set(name, { leg, of, result, at: one?.provedAt ?? null });
  }
  return {
    ...{ at: now.toISOString(), ...counts, not_proven: notProven },
    ...{ open_breaks: open.length - accepted, accepted_breaks: accepted, last: [...last.values()] },
  };
}
