import { afterAll, beforeAll, expect, test } from "vitest";
import type { Tie, TieSide } from "../../src/config/pipeline.ts";
import { TIE_CLASSES, type TieClass, UNTIED } from "../../src/proofs/tie-class.ts";
import { tiedKeys, tieLines } from "../../src/proofs/ties.ts";
import { breakClass } from "../../src/reconcile/break-class.ts";
import { proveTie } from "../../src/reconcile/ties.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import type { Session } from "../../src/warehouse/warehouse.ts";
import { openDesk } from "../support/desk.ts";

const desk = openDesk("linked");
let session: Session;

beforeAll(async () => {
  session = await desk.open();
});
afterAll(async () => {
  await session.close();
  await desk[Symbol.asyncDispose]();
});

/** Key, id, currency, minor units, day and perhaps a fee. */
type Row = readonly [
  key: string | null,
  id: string | null,
  currency: string | null,
  minor: bigint | null,
  day: string | null,
  fee?: bigint,
];

const literal = duckdbDialect.literal;

function sideOf(name: string, rows: readonly Row[], more: Partial<TieSide> = {}): TieSide {
  const values = rows.map(
    ([key, id, currency, minor, day, fee = 0n]) =>
      `(${[literal(key), literal(id), literal(currency), literal(minor), literal(day), literal(fee)].join(", ")})`,
  );
  const given = values.length > 0 ? `(VALUES ${values.join(", ")})` : "(SELECT NULL, NULL, NULL, NULL, NULL, NULL WHERE FALSE)";
  const select = `SELECT CAST(k AS VARCHAR) AS payment_id, CAST(i AS VARCHAR) AS id, CAST(c AS VARCHAR) AS currency, CAST(m AS BIGINT) AS amount_minor, CAST(d AS DATE) AS on_day, CAST(f AS BIGINT) AS fee_minor FROM ${given} v (k, i, c, m, d, f)`;
  const at = { file: "ties.yaml", line: 1, column: 1 };
  return { name, gives: select, addsUp: false, lagsDays: 0, hasFee: true, at, ...more };
}

const tieOf = (...sides: TieSide[]): Tie => {
  return { name: "card", about: "cards", owner: "finance", group: "g", reads: new Set(), key: ["payment_id"], sides };
};

const TODAY = "2026-11-05";

const prove = (tie: Tie) => proveTie(session, duckdbDialect, { tie, currencies: {}, today: TODAY });

async function classesOf(tie: Tie): Promise<Record<string, TieClass>> {
  expect((await prove(tie)).notProven).toBe(null);
  const { keys } = await tiedKeys(session, duckdbDialect, { tie, classes: TIE_CLASSES, period: "", limit: 100 });
  return Object.fromEntries(keys.map(({ key, class: is }) => [key.join("|"), is]));
}

const A: Row = ["k", "a1", "EUR", 1000n, "2026-11-03"];

/** One key on two sides, and what becomes of it. */
interface Case {
  readonly says: string;
  readonly one?: readonly Row[];
  readonly other?: readonly Row[];
  readonly lagsDays?: number;
  readonly is: TieClass;
}

/** The other side's row, as far as it is another one. */
const B = (more: { currency?: string; minor?: bigint; day?: string; fee?: bigint } = {}): Row => {
  const { currency = "EUR", minor = 1000n, day = "2026-11-03", fee = 0n } = more;
  return ["k", "b1", currency, minor, day, fee];
};

const CASES: readonly Case[] = [
  { says: "the same", other: [B({ day: "2026-11-04" })], is: "equal" },
  { says: "a cent", other: [B({ minor: 1001n })], is: "amount" },
  { says: "as much in another currency", other: [B({ currency: "USD" })], is: "currency" },
  { says: "less by the fee that one side tells", other: [B({ minor: 971n, fee: -29n })], is: "fee" },
  { says: "less by another fee", other: [B({ minor: 970n, fee: -29n })], is: "amount" },
  { says: "in another month", other: [B({ day: "2026-12-01" })], is: "cutoff" },
  { says: "not there", is: "missing" },
  { says: "not there yet", lagsDays: 3, is: "timing_settlement" },
  { says: "not there for as long as it may take", lagsDays: 2, is: "missing" },
  { says: "there alone", one: [], other: [B()], lagsDays: 3, is: "missing" },
  { says: "twice on one side", one: [A, ["k", "a2", "EUR", 1000n, "2026-11-03"]], other: [B({ minor: 2000n })], is: "duplicate" },
  { says: "twice on the other", other: [B(), ["k", "b2", "EUR", 0n, "2026-11-03"]], is: "duplicate" },
  {
    says: "not there yet, on a day that is long to come",
    one: [["k", "a1", "EUR", 1000n, "2099-01-01"]],
    lagsDays: 3,
    is: "missing",
  },
  {
    says: "not there yet, on a day to come",
    one: [["k", "a1", "EUR", 1000n, "2026-11-20"]],
    lagsDays: 3,
    is: "timing_settlement",
  },
  {
    says: "less by the fees of both sides",
    one: [[...A.slice(0, 5), 15n] as unknown as Row],
    other: [B({ minor: 970n, fee: -15n })],
    is: "amount",
  },
  { says: "nothing on either side", one: [["k", "a1", "EUR", 0n, "2026-11-03"]], other: [B({ minor: 0n })], is: "equal" },
  {
    says: "more than any number of a machine",
    one: [["k", "a1", "EUR", 9007199254740993n, "2026-11-03"]],
    other: [B({ minor: 9007199254740992n })],
    is: "amount",
  },
];

test.each(CASES)("$says", async ({ one = [A], other = [], lagsDays = 0, is }) => {
  expect(await classesOf(tieOf(sideOf("stripe", one), sideOf("billing", other, { lagsDays })))).toEqual({ k: is });
});

test("rows that add up are one amount, in one currency", async () => {
  const parts: Row[] = [
    ["p1", "m1", "EUR", 700n, "2026-11-02"],
    ["p1", "m2", "EUR", 300n, "2026-11-03"],
    ["p2", "m3", "EUR", 500n, "2026-11-02"],
    ["p2", "m4", "USD", 500n, "2026-11-02"],
    ["p3", "m5", "EUR", 900n, "2026-11-03"],
  ];
  const whole: Row[] = [
    ["p1", "po1", "EUR", 1000n, "2026-11-04"],
    ["p2", "po2", "EUR", 1000n, "2026-11-04"],
    ["p3", "po3", "EUR", 871n, "2026-11-04"],
  ];
  const tie = tieOf(sideOf("movements", parts, { addsUp: true }), sideOf("payouts", whole));
  expect(await classesOf(tie)).toEqual({ p1: "equal", p2: "currency", p3: "amount" });
});

test("three sides are tied where all of them say the same, and a break has the first and the one that does not", async () => {
  const rows = (id: string, k2: bigint): Row[] => [
    ["k1", `${id}1`, "EUR", 10n, "2026-11-03"],
    ["k2", `${id}2`, "EUR", k2, "2026-11-03"],
  ];
  const tie = tieOf(sideOf("stripe", rows("a", 20n)), sideOf("bank", rows("b", 20n)), sideOf("billing", rows("c", 21n)));
  const proof = await prove(tie);
  expect(proof.differing).toBe(1n);
  const [broken] = proof.breaks ?? [];
  expect([broken?.key, broken?.source?.["side"], broken?.live?.["side"], broken?.columns]).toEqual([
    { payment_id: "k2" },
    "stripe",
    "billing",
    ["id", "amount_minor"],
  ]);
});

test("a side whose rows add up is no other one for having more of them", async () => {
  const parts: Row[] = [
    ["k", "m1", "EUR", 700n, "2026-11-03"],
    ["k", "m2", "EUR", 300n, "2026-11-03"],
  ];
  const tie = tieOf(sideOf("stripe", [A]), sideOf("bank", parts, { addsUp: true }), sideOf("billing", []));
  const [broken] = (await prove(tie)).breaks ?? [];
  expect([broken?.live, broken?.columns]).toEqual([{ side: "billing" }, ["id", "rows", "amount_minor", "currency", "on_day"]]);
});

test("what the present sides say otherwise is told, whatever a third one lacks; of parts the oldest says since when", async () => {
  const other: Row = ["k", "b1", "EUR", 999n, "2026-11-03"];
  const third = sideOf("bank", [], { lagsDays: 3 });
  expect(await classesOf(tieOf(sideOf("stripe", [A]), sideOf("billing", [other]), third))).toEqual({ k: "amount" });
  expect(await classesOf(tieOf(third, sideOf("stripe", [A]), sideOf("billing", [other])))).toEqual({ k: "amount" });
  const dollar: Row = ["k", "b1", "USD", 1000n, "2026-11-03"];
  expect(await classesOf(tieOf(sideOf("stripe", [A]), sideOf("billing", [dollar]), third))).toEqual({ k: "currency" });
  const parts: Row[] = [
    ["k", "m1", "EUR", 700n, "2026-01-03"],
    ["k", "m2", "EUR", 300n, "2026-11-05"],
  ];
  expect(await classesOf(tieOf(sideOf("stripe", parts, { addsUp: true }), third))).toEqual({ k: "missing" });
});

test("a break of three sides has the one that says otherwise, not the one that a fee explains, and tells when any of them moves", async () => {
  const [net, off]: Row[] = [
    ["k", "b1", "EUR", 971n, "2026-11-03"],
    ["k", "c1", "EUR", 990n, "2026-11-03"],
  ];
  const gross: Row = ["k", "a1", "EUR", 1000n, "2026-11-03", 29n];
  const broken = async (bank: Row) => {
    const tie = tieOf(sideOf("stripe", [gross]), sideOf("bank", [bank]), sideOf("billing", [off as Row]));
    return (await prove(tie)).breaks?.[0];
  };
  const first = await broken(net as Row);
  expect([first?.source?.["side"], first?.live?.["side"]]).toEqual(["stripe", "billing"]);
  const later = await broken(["k", "b1", "EUR", 1000n, "2026-11-03"]);
  expect({ ...later, print: first?.print }).toEqual(first);
  expect(later?.print).not.toBe(first?.print);
});

test("of several currencies there is no amount and no difference; each stands in its own line", async () => {
  const parts: Row[] = [
    ["k", "m1", "EUR", 700n, "2026-10-31"],
    ["k", "m2", "USD", 300n, "2026-11-03"],
  ];
  const tie = tieOf(sideOf("movements", parts, { addsUp: true }), sideOf("payouts", [A]));
  const { breaks: [broken] = [], tie: lines = [] } = await prove(tie);
  expect([broken?.sourceMoney, broken?.liveMoney]).toEqual([null, null]);
  expect(breakClass({ leg: "R3", compares: "" }, broken as NonNullable<typeof broken>)).toBe("currency");
  expect(broken?.source).toEqual({ side: "movements", id: "m1", rows: "2", currency: "several", on_day: "2026-11-03" });
  expect(lines.map(({ period, side, currency, minor, keys }) => [period, side, currency, minor, keys])).toEqual([
    ["2026-10", "movements", "EUR", 700n, 1n],
    ["2026-11", "payouts", "EUR", 1000n, 0n],
    ["2026-11", "movements", "USD", 300n, 0n],
  ]);
  const october = await tiedKeys(session, duckdbDialect, { tie, classes: UNTIED, period: "2026-10", limit: 1 });
  expect(october.all).toBe(1n);
});

test.each([
  ["half a minor unit", "CAST(10.5 AS DECIMAL(9, 1))", "1 of the 1 rows of side stripe lack"],
  ["a third", "CAST(10 AS DOUBLE) / 3", "1 of the 1 rows of side stripe lack"],
  ["a whole decimal", "CAST(1000 AS DECIMAL(9, 2))", null],
  ["more digits than a number has", "CAST('9' || REPEAT('0', 37) AS DECIMAL(38, 0))", "1 of the 1 rows of side stripe lack"],
])("an amount is whole minor units or none: %s", async (_says, amount, fault) => {
  const odd = { ...sideOf("stripe", [A]) };
  const gives = String(odd.gives).replace("CAST(m AS BIGINT)", amount);
  const { notProven } = await prove(tieOf({ ...odd, gives }, sideOf("billing", [B()])));
  expect(notProven ?? "").toContain(fault ?? "");
  expect(notProven === null).toBe(fault === null);
});

test("sums beyond every type are told, and crash nothing", async () => {
  const most = "CAST('9' || REPEAT('0', 36) AS HUGEINT) AS amount_minor, DATE '2026-11-03' AS on_day";
  const many = `SELECT 'k' AS payment_id, 'a' || n AS id, 'EUR' AS currency, ${most} FROM range(20) r (n)`;
  const huge = { ...sideOf("stripe", [], { addsUp: true, hasFee: false }), gives: many };
  const { notProven } = await prove(tieOf(huge, sideOf("billing", [A])));
  expect(notProven).toMatch(/^the warehouse refuses to hold its sides beside one another: /);
});

test("every class that is untied is a break of its class, with the money of either side", async () => {
  const one: Row[] = [
    ["double", "a1", "EUR", 10n, "2026-11-03"],
    ["double", "a2", "EUR", 10n, "2026-11-03"],
    ["alone", "a3", "EUR", 20n, "2026-11-03"],
    ["dollar", "a4", "EUR", 30n, "2026-11-03"],
    ["cent", "a5", "EUR", 40n, "2026-11-03"],
    ["fine", "a6", "EUR", 50n, "2026-11-03"],
  ];
  const other: Row[] = [
    ["double", "b1", "EUR", 20n, "2026-11-03"],
    ["dollar", "b4", "USD", 30n, "2026-11-03"],
    ["cent", "b5", "EUR", 41n, "2026-11-03"],
    ["fine", "b6", "EUR", 50n, "2026-11-03"],
  ];
  const proof = await prove(tieOf(sideOf("stripe", one), sideOf("billing", other)));
  expect([proof.rows, proof.differing]).toEqual([10n, 4n]);
  const told = (proof.breaks ?? []).map((row) => [
    row.key["payment_id"],
    breakClass(proof, row),
    row.sourceMoney?.minor ?? null,
    row.liveMoney?.minor ?? null,
  ]);
  expect(told.sort()).toEqual([
    ["alone", "missing_on_a_side", 20n, null],
    ["cent", "amount", 40n, 41n],
    ["dollar", "currency", 30n, 30n],
    ["double", "duplicate", 20n, 20n],
  ]);
});

test("the lines of a tie are each side's own sums, by its own days and currencies, so that nothing is netted", async () => {
  const one: Row[] = [
    ["k1", "a1", "EUR", 10n, "2026-10-31"],
    ["k2", "a2", "EUR", 20n, "2026-11-01"],
    ["k3", "a3", "USD", 30n, "2026-11-01"],
  ];
  const other: Row[] = [
    ["k1", "b1", "EUR", 10n, "2026-11-01"],
    ["k2", "b2", "EUR", -20n, "2026-11-01"],
    ["k3", "b3", "EUR", 30n, "2026-11-01"],
  ];
  const tie = tieOf(sideOf("stripe", one), sideOf("billing", other));
  const { tie: lines = [] } = await prove(tie);
  expect(lines.map(({ period, side, currency, class: is, minor }) => [period, side, currency, is, minor])).toEqual([
    ["2026-10", "stripe", "EUR", "cutoff", 10n],
    ["2026-11", "stripe", "EUR", "amount", 20n],
    ["2026-11", "billing", "EUR", "amount", -20n],
    ["2026-11", "billing", "EUR", "currency", 30n],
    ["2026-11", "billing", "EUR", "cutoff", 10n],
    ["2026-11", "stripe", "USD", "currency", 30n],
  ]);
  const days = await tieLines(session, duckdbDialect, { tie, by: "day" });
  expect([...new Set(days.map(({ period }) => period))]).toEqual(["2026-10-31", "2026-11-01"]);
  const ofDay = await tiedKeys(session, duckdbDialect, { tie, classes: UNTIED, period: "2026-11-01", limit: 1 });
  expect([ofDay.all, ofDay.keys.map(({ key }) => key)]).toEqual([2n, [["k3"]]]);
});

test("a query that gives a row twice is an error and no bigger total", async () => {
  const twice = sideOf("stripe", [A, A], { addsUp: true });
  const { notProven, differing } = await prove(tieOf(twice, sideOf("billing", [["k", "b1", "EUR", 2000n, "2026-11-03"]])));
  expect([notProven, differing]).toEqual([
    "side stripe gives 1 of its 2 rows again: its query fans out, and a sum of it would be too much",
    0n,
  ]);
});

test.each<[string, Row]>([
  ["key", [null, "a1", "EUR", 1n, "2026-11-03"]],
  ["id", ["k", null, "EUR", 1n, "2026-11-03"]],
  ["currency", ["k", "a1", null, 1n, "2026-11-03"]],
  ["amount", ["k", "a1", "EUR", null, "2026-11-03"]],
  ["day", ["k", "a1", "EUR", 1n, null]],
])("rows without a %s cannot be held beside others, and that is said", async (_what, row) => {
  const { notProven } = await prove(tieOf(sideOf("stripe", [row, ["x", "a9", "EUR", 1n, "2026-11-03"]]), sideOf("billing", [A])));
  expect(notProven).toMatch(
    /^1 of the 2 rows of side stripe lack their key, id, currency, day, or an amount in whole minor units/,
  );
});

test("what the warehouse refuses of a side's query is told, with the side", async () => {
  const broken = { ...sideOf("stripe", [A]), gives: "select nothing from nowhere" };
  const { notProven } = await prove(tieOf(broken, sideOf("billing", [A])));
  expect(notProven).toMatch(/^the warehouse refuses the query of side stripe: /);
});
