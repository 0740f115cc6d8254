import type { Tie } from "../config/pipeline.ts";
import { fingerprint } from "../kernel/fingerprint.ts";
import { Failure } from "../kernel/problem.ts";
import type { BreakRow, Values } from "../proofs/break-rows.ts";
import type { Currencies } from "../proofs/file-sides.ts";
import { UNTIED } from "../proofs/tie-class.ts";
import { readSide, type SideFaults, sideFaults, tieSides } from "../proofs/tie-sides.ts";
import { type TieCell, type TiedKey, tiedKeys, tieLines } from "../proofs/ties.ts";
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
    ? `${lacking} of the ${rows} rows of side ${side} lack their key, id, currency, day, or an amount in whole minor units: say in its query which rows are tied`
    : null;
}

/** What a side has, under its name; only that where it has nothing. */
function valuesOf(side: string, cell: TieCell | null): Values {
  if (cell === null) return { side };
  const { rows, money, fee, day, id } = cell;
  const amount = money === null ? { currency: "several" } : { amount_minor: String(money.minor), currency: money.currency };
  return { side, id, rows: String(rows), ...amount, ...(fee === 0n ? {} : { fee_minor: String(fee) }), on_day: day };
}

/** The sides that a break tells of, by their numbers: the first that has the key, and the first that says otherwise, or has it too where that is the same. */
function pairOf({ first, other, sides }: TiedKey): readonly [number, number] {
  if (first !== other) return first < other ? [first, other] : [other, first];
  const also = sides.findIndex((cell, i) => cell !== null && i > first);
  return also < 0 ? [0, Math.max(first, 1)] : [first, also];
}

/** Everything that the sides say, so that it tells when one that is not shown has changed. */
function printOf({ sides }: TiedKey): string {
  const texts = sides.map(
    (cell) => cell && [cell.rows, cell.money?.currency, cell.money?.minor, cell.fee, cell.day, cell.id].map(String),
  );
  return fingerprint(texts);
}

/** A key that is not tied, as a break of two sides. Where one of them has no single amount, there is no money to be subtracted. */
function breakOf(tie: Tie, tied: TiedKey): BreakRow {
  const { key, class: is, sides } = tied;
  const pair = pairOf(tied);
  const cells = pair.map((i) => sides[i] ?? null);
  const [one = {}, two = {}] = pair.map((i) => valuesOf(tie.sides[i]?.name ?? "", sides[i] ?? null));
  const all = [...new Set([...Object.keys(one), ...Object.keys(two)])].filter((name) => name !== "side");
  const isSingle = cells.every((cell) => cell === null || cell.money !== null);
  const [sourceMoney = null, liveMoney = null] = isSingle ? cells.map((cell) => cell?.money ?? null) : [];
  return {
    key: Object.fromEntries(tie.key.map((name, k) => [name, key[k] ?? null])),
    keyText: JSON.stringify(key),
    why: null,
    tie: is,
    columns: all.filter((name) => one[name] !== two[name]),
    source: one,
    live: two,
    print: printOf(tied),
    sourceMoney,
    liveMoney,
  };
}

/** What the warehouse refuses of a tie is told, and stops nothing else. */
async function told<T>(what: string, work: () => Promise<T>): Promise<T | string> {
  try {
    return await work();
  } catch (error) {
    const [found] = error instanceof Failure ? error.problems : [];
    if (found?.code !== "warehouse.statement_failed") throw error;
    return `the warehouse refuses ${what}: ${found.says}`;
  }
}

/** A tie, and what its sides are read with. */
interface TieTask {
  readonly tie: Tie;
  readonly currencies: Currencies;
  /** An ISO date. */
  readonly today: string;
}

/** Reads the sides of a tie into work tables. @returns why nothing can be said; null where they can be held beside one another. */
async function readSides(session: Session, dialect: Dialect, { tie, currencies }: TieTask): Promise<string | null> {
  for (const [nth, { name }] of tie.sides.entries()) {
    const refused = await told(`the query of side ${name}`, () => session.run(readSide(dialect, { tie, nth, currencies })));
    if (typeof refused === "string") return refused;
  }
  const faults = await sideFaults(session, dialect, tie);
  return faults.map(faultText).find((text) => text !== null) ?? null;
}

/** What the sides come to, month by month, and the keys that are not tied. */
async function sidesBeside(session: Session, dialect: Dialect, { tie, today }: Omit<TieTask, "currencies">) {
  await session.run(tieSides(dialect, tie, today));
  const lines = await tieLines(session, dialect, { tie, by: "month" });
  const { all, keys: named } = await tiedKeys(session, dialect, { tie, classes: UNTIED, period: "", limit: NAMED_BREAKS });
  return { lines, all, named };
}

/**
 * R3: the sides of a tie, key by key, to the last minor unit and never across currencies; leaves the work table that tells what became of its keys. A
 * query that gives a row twice is no bigger total: nothing is said of its tie.
 */
export async function proveTie(session: Session, dialect: Dialect, task: TieTask): Promise<Proof> {
  const { tie, today } = task;
  const of = { leg: "R3", of: tie.name, compares: TIE_COMPARES } as const;
  const found = await timed(async () => {
    const why = await readSides(session, dialect, task);
    const beside =
      why ?? (await told("to hold its sides beside one another", () => sidesBeside(session, dialect, { tie, today })));
    return { beside };
  });
  const { beside, seconds } = found;
  if (typeof beside === "string") return { ...notMade(of, beside), seconds };
  const { lines, all, named } = beside;
  const breaks = named.map((key) => breakOf(tie, key));
  const keys = breaks.slice(0, NAMED_KEYS).map(({ key }) => ({ key, why: null }));
  const rows = lines.reduce((sum, line) => sum + line.rows, 0n);
  return { ...of, rows, differing: all, keys, breaks, says: [], notProven: null, seconds, tie: lines };
}
