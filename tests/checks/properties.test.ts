import fc from "fast-check";
import { expect, test } from "vitest";
import { labelScan, NOTHING_ABSENT } from "../../src/checks/label.ts";
import { planChecks } from "../../src/contract/check-plan.ts";
import type { Rule } from "../../src/contract/rule.ts";
import { duckdbDialect as d } from "../../src/warehouse/duckdb/dialect.ts";
import type { Session } from "../../src/warehouse/warehouse.ts";
import { cases } from "../support/cases.ts";
import { type Desk, openDesk, type Row } from "../support/desk.ts";
import { account, entry } from "../support/desk-rows.ts";
import { landedBreaks } from "../support/landed-proofs.ts";

const ENTRIES = "app.entries";
const RUNS = { numRuns: cases(4) };

const base = { severity: "quarantine", nulls: "pass", owner: "desk", fingerprint: "f" } as const;

/** Rules of every row kind over the columns of `app.entries`. */
const anyRule = fc.oneof(
  fc.constantFrom("entry_id", "account_id", "currency", "memo").chain((column) =>
    fc.oneof(
      fc.constant<Omit<Rule, "id">>({ ...base, kind: "required", columns: [column], nulls: "fail" }),
      fc
        .record({ min: fc.integer({ min: 0, max: 3 }), nulls: fc.constantFrom("pass" as const, "fail" as const) })
        .map(({ min, nulls }) => ({ ...base, kind: "length" as const, columns: [column], min, max: 4, nulls })),
      fc
        .constantFrom("^[a-z]+$", "[0-9]", "'", "^$")
        .map((pattern) => ({ ...base, kind: "pattern" as const, columns: [column], pattern })),
      fc
        .array(fc.constantFrom("USD", "a", "it's", "", "é"), { minLength: 1, maxLength: 3 })
        .map((values) => ({ ...base, kind: "accepted" as const, columns: [column], values })),
    ),
  ),
  fc
    .integer({ min: -5, max: 5 })
    .map((n) => ({ ...base, kind: "range" as const, columns: ["amount"], min: { value: String(n), exclusive: n % 2 === 0 } })),
  fc.constant({ ...base, kind: "type" as const, columns: ["amount"] }),
  fc.constantFrom("pass" as const, "fail" as const).map((nulls) => ({
    ...base,
    kind: "expression" as const,
    columns: ["amount", "id"],
    expression: "amount > id -- a comment",
    nulls,
  })),
) as fc.Arbitrary<Omit<Rule, "id">>;

const text = fc.constantFrom(null, "", "USD", "a", "abcde", "it's", 'say "hi"', "é", "line\nbreak", "12", "\\N", ",");
const amount = fc.constantFrom(null, "0", "5", "-3", "NaN", "10.5", "007", "1e3", "99999999999999999999");
const anyRow = fc.record({
  id: fc.integer({ min: 1, max: 9 }),
  entry_id: text,
  account_id: text,
  currency: text,
  memo: text,
  amount,
});

async function masks(session: Session, desk: Desk, rules: readonly Rule[]): Promise<Map<string, bigint>> {
  const feed = desk.pipeline.feeds.get(ENTRIES);
  if (!feed) throw new Error("no feed");
  const plan = planChecks({ ...feed.contract, rules });
  await session.run(
    labelScan(
      d,
      { feed, plan, batchId: "b_p", seq: 1n, byValue: false, asked: null, hasPool: false, absences: NOTHING_ABSENT, net: null },
      desk.pipeline.currencies,
    ),
  );
  const words = Array.from({ length: plan.words }, (_, w) => `cast(_mask${w} as varchar)`).join(" || ',' || ");
  const rows = await session.rows({ name: "test", sql: `select _position, ${words} as m from temp.label_app_entries` });
  return new Map(
    rows.map((r) => [
      r["_position"] ?? "",
      (r["m"] ?? "").split(",").reduce((sum, m, w) => sum | (BigInt(m) << BigInt(62 * w)), 0n),
    ]),
  );
}

test("the fused scan labels as one rule at a time does, for any number of rules", async () => {
  await using desk = openDesk("claims");
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyRule, { minLength: 1, maxLength: 9 }),
      fc.array(anyRow, { minLength: 1, maxLength: 12 }),
      async (kinds, rows) => {
        const few = kinds.map((rule, i) => ({ ...rule, id: `r${i}` }) as Rule);
        // More rules than one mask word holds.
        const rules = Array.from({ length: 8 }, (_, k) => few.map((r) => ({ ...r, id: `${r.id}_${k}` }))).flat();
        const session = await desk.open();
        try {
          await desk.write(session, { feed: ENTRIES, batchId: "b_p", rows: rows as Row[] });
          const fused = await masks(session, desk, rules);
          expect(fused.size).toBe(rows.length);
          for (const [i, rule] of few.entries()) {
            for (const [position, alone] of await masks(session, desk, [rule])) {
              const bits = Array.from({ length: 8 }, (_, k) => ((fused.get(position) ?? 0n) >> BigInt(k * few.length + i)) & 1n);
              expect(bits, `${rule.kind} at ${position}`).toEqual(bits.map(() => alone));
            }
          }
        } finally {
          await session.close();
        }
      },
    ),
    { numRuns: cases(4) },
  );
});

const anyEntry = fc
  .record({
    id: fc.integer({ min: 1, max: 6 }),
    key: fc.constantFrom("e1", "e2", "e3", "e4", null),
    amount: fc.constantFrom(100, 200, -1, "NaN"),
    parent: fc.constantFrom("A", "A", "B", "Z"),
  })
  .map(({ id, key, amount: a, parent }) => entry(id, key, { amount: a, account_id: parent }));

/** What a reader and a steward can see, without ids of runs and rows. */
async function projection(desk: Desk): Promise<unknown> {
  return {
    curated: await desk.query(
      "select entry_id, account_id, amount, deleted_at is null as live from curated.entry__rows order by all",
    ),
    open: await desk.query(
      "select source_key, business_key, kind, reasons, copies, payload from ops.open_quarantine order by all",
    ),
  };
}

async function loaded(hours: readonly (readonly Row[])[]): Promise<unknown> {
  await using desk = openDesk("claims");
  await desk.play({ rows: { "app.accounts": [account(1, "A"), account(2, "B", { name: null })] } });
  for (const rows of hours) {
    const played = await desk.play({ rows: { [ENTRIES]: rows } });
    // The identities are gates: a lost or an invented row would block here.
    expect(played.outcome.outcome).toBe("published");
    expect(played.classes.size).toBe(rows.length);
  }
  expect(await landedBreaks(desk)).toEqual([]);
  return await projection(desk);
}

const numbered = (rows: readonly Row[]) => rows.map((row, i) => ({ ...row, _position: `(0,${i + 1})` }));

test("no row is lost or invented, and the order of rows does not matter", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyEntry, { maxLength: 14 }), fc.array(anyEntry, { maxLength: 6 }), async (first, second) => {
      const forward = await loaded([numbered(first), numbered(second)]);
      const backward = await loaded([numbered([...first].reverse()), numbered([...second].reverse())]);
      expect(backward).toEqual(forward);
    }),
    RUNS,
  );
});

test("results do not depend on how rows are cut into batches, where no key is contested", async () => {
  const distinct = fc
    .uniqueArray(anyEntry, { selector: (row) => row["id"], maxLength: 6 })
    .map((rows) => rows.map((row) => ({ ...row, entry_id: row["entry_id"] === null ? null : `e${row["id"]}` })));
  await fc.assert(
    fc.asyncProperty(distinct, fc.nat(6), async (rows, cut) => {
      expect(await loaded([rows.slice(0, cut), rows.slice(cut)])).toEqual(await loaded([rows, []]));
    }),
    RUNS,
  );
});
