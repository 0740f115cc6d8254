import type { Tie } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import type { BreakRow, Values } from "../proofs/break-rows.ts";
import type { KeyMoney } from "../proofs/terms.ts";
import {
  readSide,
  type SideFaults,
  sideFaults,
  type TieCell,
  type TiedKey,
  tiedKeys,
  tieLines,
  tieSides,
  UNTIED,
} from "../proofs/ties.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { NAMED_BREAKS, NAMED_KEYS, notMade, type Proof, timed } from "./proof.ts";

/** What R3 compares, in words. */
export const TIE_COMPARES = "what several sides say, key by key";

/** Why the rows of a side cannot be held beside others; null where they can. */
function faultText({ side, rows, repeated, lacking }: SideFaults): string | null {
  if (repeated > 0n) {
    return `side ${side} gives ${repeated} of its ${rows} rows again: its query fans out, and a sum of it would be too much`;
  }
  return lacking > 0n
    ? `${lacking} of the ${rows} rows of side ${side} lack their key, id, currency, amount or day: say in its query which rows are tied`
    : null;
}

const moneyOf = (cell: TieCell | null): KeyMoney | null => cell && { currency: cell.currency, minor: cell.minor };

/** What a side has, under its name; only that where it has nothing. */
function valuesOf(side: string, cell: TieCell | null): Values {
  if (cell === null) return { side };
  const { rows, minor, fee, currency, day, id } = cell;
  const more = fee === 0n ? {} : { fee_minor: String(fee) };
  return { side, id, rows: String(rows), amount_minor: String(minor), currency, ...more, on_day: day };
}

const WHY = { duplicate: "copy", missing: "missing", currency: "differs", amount: "differs" } as const;

/** A key that is not tied, as a break: the first side beside the first that says otherwise. */
function breakOf(tie: Tie, { key, class: is, other, sides }: TiedKey): BreakRow {
  const [first = null, second = null] = [sides[0], sides[other]];
  const [one, two] = [valuesOf(tie.sides[0]?.name ?? "", first), valuesOf(tie.sides[other]?.name ?? "", second)];
  const names = [...new Set([...Object.keys(one), ...Object.keys(two)])].filter((name) => name !== "side");
  const columns = names.filter((name) => one[name] !== two[name]);
  return {
    key: Object.fromEntries(tie.key.map((name, k) => [name, key[k] ?? null])),
    keyText: JSON.stringify(key),
    why: WHY[is as keyof typeof WHY] ?? "differs",
    columns,
    source: one,
    live: two,
    print: "",
    sourceMoney: moneyOf(first),
    liveMoney: moneyOf(second),
  };
}

/** What the warehouse refuses of a side's own SQL is told, and stops nothing else. */
async function ofSide(side: string, work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    const [found] = error instanceof Failure ? error.problems : [];
    if (found?.code !== "warehouse.statement_failed") throw error;
    return `the warehouse refuses the query of side ${side}: ${found.says}`;
  }
}

/** Reads the sides of a tie into work tables. @returns why nothing can be said; null where they can be held beside one another. */
async function readSides(session: Session, dialect: Dialect, tie: Tie): Promise<string | null> {
  for (const [i, { name }] of tie.sides.entries()) {
    const refused = await ofSide(name, () => session.run(readSide(dialect, tie, i)));
    if (refused !== null) return refused;
  }
  const faults = await sideFaults(session, dialect, tie);
  return faults.map(faultText).find((text) => text !== null) ?? null;
}

/**
 * R3: the sides of a tie, key by key, to the last minor unit and never across currencies; leaves the work table that tells what became of its keys. A
 * query that gives a row twice is no bigger total: nothing is said of its tie.
 * @param today an ISO date.
 */
export async function proveTie(session: Session, dialect: Dialect, { tie, today }: { tie: Tie; today: string }): Promise<Proof> {
  const of = { leg: "R3", of: tie.name, compares: TIE_COMPARES } as const;
  const found = await timed(async () => {
    const why = await readSides(session, dialect, tie);
    if (why !== null) return { why };
    await session.run(tieSides(dialect, tie, today));
    const lines = await tieLines(session, dialect, { tie, by: "month" });
    const asked = { tie, classes: UNTIED, period: "", limit: NAMED_BREAKS };
    const { all, keys } = await tiedKeys(session, dialect, asked);
    const breaks = keys.map((key) => breakOf(tie, key));
    return { why, lines, all, breaks, rows: lines.reduce((sum, { rows }) => sum + rows, 0n) };
  });
  if (found.why !== null) return { ...notMade(of, found.why), seconds: found.seconds };
  const { lines, all, breaks, rows, seconds } = found;
  const keys = breaks.slice(0, NAMED_KEYS).map(({ key, why }) => ({ key, why }));
  return { ...of, rows, differing: all, keys, breaks, says: [], notProven: null, seconds, tie: lines };
}
