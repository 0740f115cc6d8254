import { formatMoney } from "../config/money-text.ts";
import { megabytes } from "../kernel/megabytes.ts";
import { EXIT_CODES } from "../kernel/problem.ts";
import { type KeyMoney, TERMS, type Term, type TermLine } from "../proofs/terms.ts";
import { boundText, type Chosen, type Stretch } from "../reconcile/extent.ts";
import { type MadeProof, type Proof, resultOf } from "../reconcile/proof.ts";
import type { CommandContext } from "./context.ts";
import { CLEAR, FRAME_MS, liveLine } from "./live-line.ts";
import { oneLine } from "./table.ts";

type Currencies = Readonly<Record<string, number>>;

/** How comparisons end, for people. */
export const RESULTS = { equal: "equal", different: "DIFFERENT", not_proven: "not proven" } as const;

/** An instant to the second. */
export const secondOf = (instant: string) => `${instant.slice(0, 19)}Z`;

/** What the terms are called. */
export const TERM_WORDS: Readonly<Record<Term, string>> = {
  equal: "equal",
  waiting: "waiting",
  stale: "stale",
  set_aside: "set aside",
  in_flight: "in flight",
  delete_pending: "delete pending",
  break: "breaks",
};

const stretchText = ({ from, to }: Stretch) => `${boundText(from) ?? ""}..${boundText(to) ?? ""}`;

/** How much of a feed or table was compared. */
export function extentText({ extent }: Chosen): string {
  switch (extent.by) {
    case "all":
      return "all";
    case "touched":
      return `since publication ${extent.since.publication}`;
    case "stretches": {
      const [first, ...more] = extent.of.map(stretchText);
      return `${first ?? "nothing"}${more.length > 0 ? ` and ${more.length} more stretches` : ""}`;
    }
  }
}

/** Why a key is a break, in words. */
export const WHY_WORDS: Readonly<Record<string, string>> = {
  missing: "not published, and does not wait",
  differs: "another row is published",
  waits_otherwise: "a row of its key waits, with other content",
  gone: "gone at the source, where rows do not go",
  copy: "live more than once",
  further: "the source has another row of this key",
  unlanded: "nothing of its key was ever landed",
  altered: "a newer row waits, and the older one that stays is not what was landed",
};

/** A key of a feed or table, with why it differs. */
export function keyText({
  key,
  why,
}: {
  readonly key: Readonly<Record<string, string | null>>;
  readonly why?: string | null;
}): string {
  const text = Object.entries(key)
    .map(([name, value]) => `${name} ${oneLine(value ?? "NULL")}`)
    .join(", ");
  return why ? `${text}: ${WHY_WORDS[why] ?? why}` : text;
}

function amount({ rows, minor, currency }: { rows: bigint; minor: bigint; currency: string }, currencies: Currencies): string {
  return currency === "-" && minor === 0n ? `${rows} rows` : `${rows} rows ${formatMoney(minor, currency, currencies)}`;
}

/** The money of a side of a key, for people. */
export function sideMoney(money: KeyMoney | null, currencies: Currencies): string {
  if (money === null) return "";
  return money.currency === "-" ? "a row" : formatMoney(money.minor, money.currency, currencies);
}

/** What a term adds to the published rows, so that their sum is the source's. */
const addedBy = (line: TermLine) => ({
  currency: line.currency,
  rows: line.sourceRows - line.liveRows,
  minor: line.sourceMinor - line.liveMinor,
});

/** One line a currency: the source's rows as those that are published and what became of the others. */
export function equationLines(terms: readonly TermLine[], currencies: Currencies): string[] {
  return [...new Set(terms.map(({ currency }) => currency))].toSorted().map((currency) => {
    const own = terms.filter((line) => line.currency === currency);
    const sum = (of: (line: TermLine) => bigint) => own.reduce((total, line) => total + of(line), 0n);
    const source = { currency, rows: sum((l) => l.sourceRows), minor: sum((l) => l.sourceMinor) };
    const live = { currency, rows: sum((l) => l.liveRows), minor: sum((l) => l.liveMinor) };
    const more = TERMS.flatMap((term) => {
      const line = own.find((l) => l.term === term);
      const isNothing = line === undefined || term === "equal";
      return isNothing ? [] : [` + ${TERM_WORDS[term]} ${amount(addedBy(line), currencies)}`];
    });
    return `source ${amount(source, currencies)} = published ${amount(live, currencies)}${more.join("")}`;
  });
}

/** Exit codes of differences, and of what could not be compared. */
export const { blocked: DIFFERENT, incomplete: NOT_PROVEN } = EXIT_CODES;

/** The exit code of some comparisons. */
export function exitCodeOf(proofs: readonly Proof[]): number {
  const results = proofs.map(resultOf);
  if (results.includes("different")) return DIFFERENT;
  return results.includes("not_proven") ? NOT_PROVEN : 0;
}

/** What differences come down to, below a table of comparisons. */
export function detailLines(proofs: readonly MadeProof[]): string[] {
  return proofs.flatMap((proof) => {
    const { of, compares, differing, keys, says, notProven, keptAs } = proof;
    const told = [...says, ...(notProven === null ? [] : [notProven])];
    if (told.length === 0 && keys.length === 0) return [];
    const more = differing - BigInt(keys.length);
    return [
      `\n${of}: ${compares}`,
      ...told.map((line) => `  ${line}`),
      ...keys.map((key) => `  ${keyText(key)}`),
      ...(more > 0n ? [`  and ${more} more keys`] : []),
      ...(keptAs === undefined ? [] : [`  this alone again: ledgerloop reconcile recheck ${keptAs}`]),
    ];
  });
}

/** What a comparison tells while it is on its way. */
export interface ReconcileProgress {
  readonly tell: (proof: Proof) => void;
  readonly onRead: (feed: string, bytes: number) => void;
  readonly clear: () => void;
}

/** Draws what was read or compared last; a log has nobody who watches. */
export function progressOf(context: CommandContext): ReconcileProgress {
  if (process.stderr.isTTY !== true) return { tell: () => undefined, onRead: () => undefined, clear: () => undefined };
  const draw = liveLine(context);
  let last = 0;
  return {
    tell: (proof) => draw(`${proof.leg}  ${proof.of}: ${proof.compares}: ${RESULTS[resultOf(proof)]}`),
    onRead: (feed, bytes) => {
      if (Date.now() - last < FRAME_MS) return;
      last = Date.now();
      draw(`reading ${feed} at its source: ${megabytes(bytes)} MB`);
    },
    clear: () => context.err(CLEAR),
  };
}
