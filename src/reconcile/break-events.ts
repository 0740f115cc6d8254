import { fingerprint } from "../kernel/fingerprint.ts";
import type { BreakRow } from "../proofs/break-rows.ts";
import { BREAK_CLASSES, type BreakClass, breakClass } from "./break-class.ts";
import { type Extent, isByColumn, without } from "./extent.ts";
import { type MadeProof, NAMED_BREAKS, resultOf } from "./proof.ts";
import { type KeptProof, lastLookAt, standingOf } from "./standing.ts";

/** What comparisons make of a break. */
type ComparedEvent = "found" | "changed" | "cleared";

/** What people decide about a break. */
export const DECISIONS = ["accepted", "reopened", "assigned", "commented"] as const;

export type BreakDecision = (typeof DECISIONS)[number];

/** What becomes of a break; `healed`: its key was read, or computed, and published again. */
export type BreakEvent = ComparedEvent | BreakDecision | "healed";

/** A break that is open: the last that was told of it. */
export interface OpenBreak {
  readonly id: string;
  readonly keyText: string;
  readonly class: BreakClass;
  /** What it was, to tell whether it is another one now. */
  readonly mark: string;
  /** What was compared when it was found or had changed last, and when that was (ISO 8601 in UTC). */
  readonly extent: Extent;
  readonly at: string;
}

/** An event that is to be kept. */
export interface NewEvent {
  readonly id: string;
  readonly event: ComparedEvent;
  readonly class: BreakClass;
  readonly row: BreakRow;
  readonly detail: string;
}

/** What a break is, as it is kept beside its class and its money. */
export function detailOf({ key, why, columns, source, live, print, scope }: BreakRow, says: readonly string[]): string {
  return JSON.stringify({
    key,
    why,
    columns,
    source,
    live,
    print,
    ...(scope != null && { scope }),
    ...(says.length > 0 && { says }),
  });
}

/** Everything by which one difference is told from another one: of what has no key by what was told. */
export function markOf(
  of: BreakClass,
  { columns, source, live, print, sourceMoney, liveMoney }: BreakRow,
  says: readonly string[],
): string {
  const money = [sourceMoney, liveMoney].map((one) => one && [one.currency, String(one.minor)]);
  return fingerprint([of, columns, source, live, print, money, says]);
}

const NOTHING = { why: null, columns: [], source: null, live: null, print: "", sourceMoney: null, liveMoney: null } as const;

/** The keys that a comparison names, and one without a key for what has none. */
function rowsOf({ breaks, keys, says }: MadeProof): BreakRow[] {
  const named = breaks ?? keys.map(({ key }) => ({ ...NOTHING, key, keyText: JSON.stringify(Object.values(key)) }));
  return says.length > 0 ? [...named, { ...NOTHING, key: {}, keyText: "" }] : [...named];
}

/** Whether a comparison of one extent looks at everything that one of another looked at. */
export function covers(now: Extent, then: Extent): boolean {
  if (now.by === "all") return true;
  if (now.by === "touched") return then.by === "touched" && now.since.publication <= then.since.publication;
  if (!isByColumn(then, now.column)) return false;
  return (
    then.by === "stretches" && now.of.reduce((rest, one) => rest.flatMap((part) => without(part, one)), [...then.of]).length === 0
  );
}

/** Whether all of what differs is named. */
function isComplete({ differing, breaks, keys }: MadeProof): boolean {
  return differing <= BigInt(breaks ? NAMED_BREAKS : keys.length);
}

/** Each key once, with the first class that fits. */
function classified(proof: MadeProof): { readonly row: BreakRow; readonly class: BreakClass }[] {
  const all = rowsOf(proof).map((row) => ({ row, class: breakClass(proof, row) }));
  const ordered = all.toSorted((a, b) => BREAK_CLASSES.indexOf(b.class) - BREAK_CLASSES.indexOf(a.class));
  return [...new Map(ordered.map((one) => [one.row.keyText, one])).values()];
}

/**
 * Whether everything that was compared when a break was found last has been found equal since, in however many parts. Of what was touched nobody
 * can say which part that was: there it is everything.
 * @param proofs comparisons of the same thing, in the order in which they were made.
 */
export function isEqualSince({ extent, at }: OpenBreak, proofs: readonly KeptProof[]): boolean {
  const since = proofs.filter(({ provedAt }) => Date.parse(provedAt) > Date.parse(at));
  const last = since.at(-1)?.extent;
  const [asked] = [extent, last].flatMap((one) => (one?.by === "stretches" ? [one.column] : []));
  const { pieces } = standingOf(since.filter((proof) => isByColumn(proof.extent, asked)));
  const stretches = extent.by === "stretches" ? extent.of : [{ from: null, to: null }];
  return stretches.every((stretch) => lastLookAt(pieces, stretch)?.result === "equal");
}

/**
 * What a comparison makes of the breaks that are open of it: new ones, others than they were, and those that it looked at and found equal, by
 * itself or as the last of several (`later`: those that were made since, itself among them). One that could not be made, or of which not all is
 * named, clears none, and none clears what is `inFlight`, by the whole texts of keys.
 */
export function breakEvents(
  proof: MadeProof,
  { open, later, inFlight }: { open: readonly OpenBreak[]; later: readonly KeptProof[]; inFlight?: ReadonlySet<string> },
): NewEvent[] {
  if (resultOf(proof) === "not_proven") return [];
  const byKey = new Map(open.map((one) => [one.keyText, one]));
  const rows = classified(proof);
  const found = rows.flatMap(({ row, class: is }): NewEvent[] => {
    const was = byKey.get(row.keyText);
    const says = row.keyText === "" ? proof.says : [];
    if (was?.mark === markOf(is, row, says)) return [];
    const id = was?.id ?? `brk_${fingerprint([proof.leg, proof.of, proof.compares, row.keyText, proof.keptAs]).slice(0, 10)}`;
    const detail = detailOf(row, says);
    return [{ id, event: was ? "changed" : "found", class: is, row, detail }];
  });
  if (!isComplete(proof)) return found;
  const named = new Set(rows.map(({ row }) => row.keyText));
  const isGone = (one: OpenBreak) => covers(proof.chosen.extent, one.extent) || isEqualSince(one, later);
  const gone = open.filter(({ keyText }) => !(named.has(keyText) || inFlight?.has(keyText))).filter(isGone);
  const cleared = gone.map(({ id, keyText, class: was }): NewEvent => {
    return { id, event: "cleared", class: was, row: { ...NOTHING, key: {}, keyText }, detail: "{}" };
  });
  return [...found, ...cleared];
}
