import { type JsonAmount, jsonAmount } from "../kernel/json.ts";
import type { KeyMoney } from "../proofs/terms.ts";
import type { BreakClass } from "../reconcile/break-class.ts";
import type { Break, BreakStory, KeptEvent } from "../reconcile/kept-breaks.ts";
import type { RollForward } from "../reconcile/roll-forward.ts";

interface MoneyDocument {
  readonly currency: string;
  readonly minor: JsonAmount;
}

/** A break as `reconcile breaks --json` prints it. */
export interface BreakDocument {
  readonly break_id: string;
  readonly class: BreakClass;
  /** An accepted one is open. */
  readonly open: boolean;
  /** Until when it may be so, and why; null where nobody said so, and where both sides have changed since. */
  readonly accepted: { readonly until: string; readonly reason: string | null; readonly by: string } | null;
  readonly assignee: string | null;
  readonly leg: Break["leg"];
  readonly of: string;
  readonly compares: string;
  /** Personal values are masked; without a name for what has no key. */
  readonly key: Break["key"];
  readonly why: Break["why"];
  readonly columns: readonly string[];
  readonly says: readonly string[];
  readonly source: MoneyDocument | null;
  readonly published: MoneyDocument | null;
  /** ISO 8601 in UTC: when it was found, and what was told of it last. */
  readonly found_at: string;
  readonly at: string;
  readonly proof_id: string;
  /** When its key was healed, also as an earlier break; ISO 8601 in UTC. */
  readonly healed_at: readonly string[];
}

/** `reconcile breaks --json`. */
export interface BreaksDocument {
  readonly breaks: readonly BreakDocument[];
  /** Open ones that a limit left out. */
  readonly more: number;
  readonly since: string;
  readonly roll_forward: readonly RollForward[];
}

/** `reconcile explain --json`. */
export interface ExplainDocument {
  readonly break: BreakDocument;
  readonly values: { readonly source: Break["source"]; readonly published: Break["live"] };
  readonly events: readonly {
    readonly event: KeptEvent["event"];
    readonly class: BreakClass;
    readonly publication: JsonAmount;
    /** Empty for a decision. */
    readonly proof_id: string;
    /** Of a decision. */
    readonly reason: string | null;
    readonly until: string | null;
    readonly to: string | null;
    readonly actor: string;
    readonly at: string;
  }[];
  readonly next: readonly string[];
}

const money = (of: KeyMoney | null) => of && { currency: of.currency, minor: jsonAmount(of.minor) };

/** A break as JSON. */
export function breakDocument(one: Break): BreakDocument {
  const accepted = one.acceptance && { until: one.acceptance.until, reason: one.acceptance.reason, by: one.acceptance.actor };
  const { id, isOpen, leg, of, compares, key, why, columns, says, foundAt, at, proofId } = one;
  return {
    ...{
      break_id: id,
      class: one.class,
      open: isOpen,
      accepted,
      assignee: one.assignee,
      leg,
      of,
      compares,
      key,
      why,
      columns,
      says,
    },
    ...{ source: money(one.sourceMoney), published: money(one.liveMoney), found_at: foundAt, at, proof_id: proofId },
    healed_at: one.healings,
  };
}

/** A break with what either side had, and all that was told of it. */
export function explainDocument({ broken, events }: BreakStory, next: readonly string[]): ExplainDocument {
  return {
    break: breakDocument(broken),
    values: { source: broken.source, published: broken.live },
    events: events.map(({ event, class: is, number, proofId, reason, until, to, actor, at }) => ({
      ...{ event, class: is, publication: jsonAmount(number), proof_id: proofId, reason, until, to, actor, at },
    })),
    next,
  };
}
