import { expect, test } from "vitest";
import { nextAfter } from "../../src/cli/render-report.ts";
import type { Pipeline } from "../../src/config/pipeline.ts";
import type { Rule } from "../../src/contract/rule.ts";
import { gateLabel, stops } from "../../src/publish/gate.ts";
import { newCuratedRules } from "../../src/publish/new-curated-rules.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { openClaimsHouse } from "../support/claims-house.ts";
import { type Desk, openDesk, type Played } from "../support/desk.ts";
import { account, entry } from "../support/desk-rows.ts";
import { ACCOUNTS, judgedBy, memoCurrency, memoKnown, memoOnce, small } from "../support/findings-hours.ts";
import { inForce } from "../support/in-force.ts";

const told = ({ outcome }: Played) =>
  Object.fromEntries(
    outcome.gates
      .filter((g) => g.name === "curated_rule" && g.table === "entry")
      .map((g) => [gateLabel(g), `${g.verdict}: ${g.observed}`]),
  );

const SMALL = "curated_rule/entry/small";
const large = [1, 2, 3].map((id) => entry(id, `e${id}`, { amount: 1000 + id }));

const standing = (desk: Desk) =>
  desk.query("select rule, business_key, publication_id from ops.curated_finding order by rule, business_key");

async function threeLarge(desk: Desk): Promise<void> {
  const rows = { "app.accounts": ACCOUNTS, "app.entries": [...large, entry(4, "e4")] };
  const first = await desk.play({ rows, adjust: judgedBy(small()) });
  expect(told(first)).toEqual({ [SMALL]: "warn: 3 rows" });
}

test("a warning stands until its rows are mended, in hours that touch other rows or none", async () => {
  await using desk = openDesk("claims");
  await threeLarge(desk);
  const adjust = judgedBy(small());
  expect(told(await desk.play({ rows: {}, adjust }))).toEqual({ [SMALL]: "warn: 3 rows" });
  const other = { "app.entries": [entry(4, "e4", { amount: 5 })] };
  expect(told(await desk.play({ rows: other, adjust }))).toEqual({ [SMALL]: "warn: 3 rows" });
  const one = { "app.entries": [entry(1, "e1"), entry(5, "e5", { amount: 2000 })] };
  expect(told(await desk.play({ rows: one, adjust }))).toEqual({ [SMALL]: "warn: 3 rows, 1 of them new" });
  const since = (await standing(desk)).map((row) => [row["business_key"], row["publication_id"]]);
  expect(since).toEqual([
    ["e2", "desk-1"],
    ["e3", "desk-1"],
    ["e5", "desk-4"],
  ]);
  const gone = { "app.entries": [entry(2, "e2"), entry(3, "e3")] };
  const deletes = { "app.entries": [{ id: 5, _stamp: "9" }] };
  expect(told(await desk.play({ rows: gone, deletes, adjust }))).toEqual({ [SMALL]: "pass: 0 rows" });
  expect(await standing(desk)).toEqual([]);
  const events = await desk.query("select event, count(*) as n from ops.curated_finding_event group by event order by event");
  expect(events).toEqual([
    { event: "found", n: "4" },
    { event: "mended", n: "4" },
  ]);
});

test("a warning that becomes an error publishes nothing over what stands, and names its keys", async () => {
  await using desk = openDesk("claims");
  await threeLarge(desk);
  const adjust = judgedBy(small("block"));
  for (const rows of [{}, { "app.entries": [entry(4, "e4", { amount: 5 })] }]) {
    const played = await desk.play({ rows, adjust });
    expect([played.outcome.outcome, told(played)]).toEqual(["blocked", { [SMALL]: "fail: 3 rows; e1, e2, e3" }]);
  }
  const mended = await desk.play({ rows: { "app.entries": large.map((row) => ({ ...row, amount: 1 })) }, adjust });
  expect([mended.outcome.outcome, told(mended)]).toEqual(["published", { [SMALL]: "pass: 0 rows" }]);
});

test("a rule that is new or changed is judged over the whole table, touched or not", async () => {
  await using desk = openDesk("claims");
  await threeLarge(desk);
  const stricter = await desk.play({ rows: {}, adjust: judgedBy(small("warn", 100)) });
  expect(told(stricter)).toEqual({ [SMALL]: "warn: 4 rows, 1 of them new" });
  const milder = await desk.play({ rows: {}, adjust: judgedBy(small("warn", 1002)) });
  expect(told(milder)).toEqual({ [SMALL]: "warn: 2 rows" });
  const error = await desk.play({ rows: { "app.entries": [entry(9, "e9")] }, adjust: judgedBy(small("block", 1)) });
  expect([error.outcome.outcome, told(error)]).toEqual([
    "blocked",
    { [SMALL]: "fail: 5 rows, 3 of them new; e1, e2, e3, e4, e9" },
  ]);
  const rules = await desk.query("select number, rule from ops.curated_rule where curated = 'entry' order by number");
  expect(rules.map((row) => row["number"])).toEqual(["1", "2", "3"]);
});

test("what stands of a rule that its contract loses is dropped, and found again when the rule returns", async () => {
  await using desk = openDesk("claims");
  await threeLarge(desk);
  expect(told(await desk.play({ rows: {}, adjust: judgedBy() }))).toEqual({});
  expect(await standing(desk)).toEqual([]);
  const mendedMeanwhile = { "app.entries": [entry(1, "e1")] };
  await desk.play({ rows: mendedMeanwhile, adjust: judgedBy() });
  expect(told(await desk.play({ rows: {}, adjust: judgedBy(small()) }))).toEqual({ [SMALL]: "warn: 2 rows" });
});

test("rows that share a key, or lack a parent, are mended by rows that are not theirs", async () => {
  await using desk = openDesk("claims");
  const adjust = judgedBy(memoOnce, memoKnown);
  const rows = { "app.accounts": ACCOUNTS, "app.entries": [entry(1, "e1", { memo: "C" }), entry(2, "e2", { memo: "A" })] };
  const [once, known] = ["curated_rule/entry/memo_once", "curated_rule/entry/memo_known"];
  expect(told(await desk.play({ rows, adjust }))).toEqual({ [once]: "pass: 0 rows", [known]: "warn: 1 rows" });
  const third = { "app.entries": [entry(3, "e3", { memo: "A" })] };
  expect(told(await desk.play({ rows: third, adjust }))).toEqual({ [once]: "warn: 2 rows", [known]: "warn: 1 rows" });
  const parent = { "app.accounts": [account(3, "C")] };
  expect(told(await desk.play({ rows: parent, adjust }))).toEqual({ [once]: "warn: 2 rows" });
  const apart = { "app.entries": [entry(3, "e3", { memo: "B" })] };
  expect(told(await desk.play({ rows: apart, adjust }))).toEqual({ [once]: "pass: 0 rows", [known]: "pass: 0 rows" });
  expect(await standing(desk)).toEqual([]);
});

test("after a run that such rows block, what lists them is the next command", async () => {
  await using house = await openClaimsHouse();
  const limited = (severity: "warn" | "block") => inForce(judgedBy(small(severity, 150))(house.pipeline));
  expect((await house.run({}, limited("warn"))).report?.outcome).toBe("published");
  const { report } = await house.run({}, limited("block"));
  expect(report?.gates.filter(stops).map(({ gate, observed }) => [gate, observed])).toEqual([[SMALL, "1 rows; e2"]]);
  expect(nextAfter(report ?? expect.fail())).toContain('`ledgerloop query "select * from ops.curated_finding"`');
  expect(await house.query("select * from ops.curated_finding")).toMatchObject([{ rule: "small", business_key: "e2" }]);
});

test("plan counts what breaks rules that are new or changed, in columns to come as well", async () => {
  await using desk = openDesk("claims");
  await threeLarge(desk);
  const later: Rule = {
    ...small("block"),
    id: "later",
    columns: ["later"],
    expression: "later IS NOT NULL",
    fingerprint: "later",
  } as Rule;
  const changed = judgedBy(small("block", 1003), memoOnce, later)(desk.pipeline);
  const model = changed.models.get("entry") ?? expect.fail();
  const columns = [...model.contract.columns, { ...(model.contract.columns[0] ?? expect.fail()), name: "later" }];
  const widened = new Map(changed.models).set("entry", { ...model, contract: { ...model.contract, columns } });
  const session = await desk.open();
  try {
    expect(await newCuratedRules(session, duckdbDialect, judgedBy(small())(desk.pipeline))).toEqual([]);
    expect(await newCuratedRules(session, duckdbDialect, { ...changed, models: widened })).toEqual([
      { table: "entry", rule: "small", severity: "block", publishedBreaking: 1n },
      { table: "entry", rule: "later", severity: "block", publishedBreaking: 4n },
      { table: "entry", rule: "memo_once", severity: "warn", publishedBreaking: 0n },
    ]);
  } finally {
    await session.close();
  }
});

test("personal keys are masked where a gate names keys", async () => {
  await using desk = openDesk("claims");
  await threeLarge(desk);
  const adjust = (pipeline: Pipeline) => {
    const judged = judgedBy(small("block"))(pipeline);
    const model = judged.models.get("entry") ?? expect.fail();
    const columns = model.contract.columns.map((c) => ({ ...c, pii: c.name === "entry_id" }));
    return { ...judged, models: new Map(judged.models).set("entry", { ...model, contract: { ...model.contract, columns } }) };
  };
  expect(told(await desk.play({ rows: {}, adjust }))).toEqual({ [SMALL]: "fail: 3 rows; •••, •••, •••" });
});

/** A generator of small numbers that a seed decides (Lehmer, multiplier 48271). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

/** Entries whose memo stands beside several currencies; and whose currency is that of more than half of its memo. */
const DIFFERS = "memo in (select memo from curated.entry group by memo having count(distinct currency) > 1)";
const USUAL = `(2 * (select count(*) from curated.entry o where o.memo = e.memo and o.currency = e.currency)
  > (select count(*) from curated.entry o where o.memo = e.memo))`;

test.each([1, 2, 3])("random hours: what stands is what breaks a rule now (seed %i)", async (seed) => {
  await using desk = openDesk("claims");
  const next = numbers(seed);
  let known = 2;
  await desk.play({ rows: { "app.accounts": ACCOUNTS }, adjust: judgedBy(small(), memoOnce, memoKnown) });
  for (let hour = 0; hour < 12; hour++) {
    const memo = () => [null, "A", "B", "C", "D"][next(5)] ?? null;
    const touched = new Set(Array.from({ length: next(4) }, () => 1 + next(8)));
    const rows = [...touched].map((id) =>
      entry(id, `e${id}`, { amount: next(2000), memo: memo(), currency: next(3) === 0 ? "EUR" : "USD" }),
    );
    const parents = next(4) === 0 && known < 4 ? [account(++known, "ABCD"[known - 1] ?? "")] : [];
    const limit = next(3) === 0 ? 500 + next(1000) : 1000;
    const rules = [small("warn", limit), ...(next(4) === 0 ? [] : [memoOnce]), ...(next(4) === 0 ? [] : [memoKnown])];
    if (seed !== 1 || next(2) === 0) rules.push(memoCurrency(seed !== 2));
    const played = await desk.play({
      rows: { "app.accounts": parents, "app.entries": rows },
      adjust: judgedBy(...rules),
    });
    expect(played.outcome.outcome).toBe("published");
    const of = (id: string, where: string) =>
      rules.some((r) => r.id === id) ? [`select '${id}' as rule, entry_id from curated.entry e where ${where}`] : [];
    const expected = [
      ...of("small", `not (amount < ${limit})`),
      ...of("memo_once", "memo in (select memo from curated.entry group by memo having count(*) > 1)"),
      ...of("memo_known", "memo is not null and memo not in (select account_id from curated.account__rows)"),
      ...of("memo_currency", seed === 2 ? DIFFERS : `${DIFFERS} and not ${USUAL}`),
    ].join(" union all ");
    const broken = await desk.query(`select rule, entry_id as business_key from (${expected}) order by 1, 2`);
    expect((await standing(desk)).map(({ rule: id, business_key }) => ({ rule: id, business_key }))).toEqual(broken);
  }
});
