import type { Pipeline } from "../config/pipeline.ts";
import { grouped } from "../kernel/grouped.ts";
import { type TieClass, UNTIED } from "../proofs/tie-class.ts";
import type { TieCell, TiedKey, TieLine } from "../proofs/ties.ts";
import { sideMoney } from "./reconcile-text.ts";
import { toCsv } from "./table.ts";

/** What classes of keys mean. */
export const TIE_WORDS: Readonly<Record<TieClass, string>> = {
  duplicate: "more than once on a side",
  missing: "not on every side",
  currency: "another currency",
  amount: "another amount",
  timing_settlement: "may yet come",
  fee: "another amount by a fee",
  cutoff: "in another month",
  equal: "equal",
};

type Line = Readonly<Record<string, string>>;

function sumOf(lines: readonly TieLine[], side: string): bigint {
  return lines.filter((line) => line.side === side).reduce((sum, { minor }) => sum + minor, 0n);
}

/** Keys of classes, each counted once. */
function keysIn(lines: readonly TieLine[], classes: readonly TieClass[]): bigint {
  return lines.filter(({ class: is }) => classes.includes(is)).reduce((sum, { keys }) => sum + keys, 0n);
}

/** One period and currency: what each side has, what the first has more than each other, and how many keys are of which kind. */
function periodLine(pipeline: Pipeline, sides: readonly string[], lines: readonly TieLine[]): Line {
  const [{ period, currency } = { period: "", currency: "" }] = lines;
  const money = (minor: bigint) => sideMoney({ currency, minor }, pipeline.currencies);
  const sums = sides.map((side) => sumOf(lines, side));
  const [first = 0n, ...others] = sums;
  const differences = others.map((sum) => (sum === first ? "" : money(first - sum)));
  const count = (...classes: TieClass[]) => {
    const keys = keysIn(lines, classes);
    return keys === 0n ? "" : String(keys);
  };
  return {
    period,
    ...Object.fromEntries(sides.map((side, i) => [side, money(sums[i] ?? 0n)])),
    difference: differences.filter((text) => text !== "").join(", "),
    equal: count("equal"),
    timing: count("timing_settlement"),
    fee: count("fee"),
    cutoff: count("cutoff"),
    untied: count(...UNTIED),
  };
}

/** What the sides of a tie come to as lines of a table, period by period and currency by currency: nothing is netted. */
export function tieTable(pipeline: Pipeline, sides: readonly string[], lines: readonly TieLine[]): Line[] {
  const parts = [...grouped(lines, ({ period, currency }) => `${period} ${currency}`)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return parts.map(([, own]) => periodLine(pipeline, sides, own));
}

/** Every line of some ties as CSV. */
export function tiesCsv(ties: readonly { readonly name: string; readonly lines: readonly TieLine[] }[]): string {
  const lines = ties.flatMap(({ name, lines: own }) =>
    own.map(({ period, side, currency, class: is, keys, rows, minor }) => ({
      ...{ tie: name, period, side, currency, class: is, keys: String(keys), rows: String(rows), minor: String(minor) },
    })),
  );
  return toCsv(lines, ["tie", "period", "side", "currency", "class", "keys", "rows", "minor"]);
}

function cellText({ currencies }: Pipeline, cell: TieCell | null | undefined): string {
  if (!cell) return "";
  const { money } = cell;
  const rows = cell.rows === 1n ? cell.id : `${cell.rows} rows`;
  if (money === null) return `several currencies, ${cell.day}, ${rows}`;
  const fee = cell.fee === 0n ? "" : `, fee ${sideMoney({ currency: money.currency, minor: cell.fee }, currencies)}`;
  return `${sideMoney(money, currencies)}${fee}, ${cell.day}, ${rows}`;
}

/** A key of a tie as a line of a table. */
export function tiedKeyLine(pipeline: Pipeline, sides: readonly string[], { key, class: is, sides: cells }: TiedKey): Line {
  return {
    key: key.join(", "),
    class: is,
    ...Object.fromEntries(sides.map((side, i) => [side, cellText(pipeline, cells[i])])),
  };
}
