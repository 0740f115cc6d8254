import { describe, expect, test } from "vitest";
import { newRulesOverPublished } from "../../src/checks/published-breaking.ts";
import { NORMALISATIONS, type Normalisation } from "../../src/contract/rule.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { normalForm } from "../../src/warehouse/normal-form.ts";
import { snowflakeDialect } from "../../src/warehouse/snowflake/dialect.ts";
import { type Desk, openDesk, type Row } from "../support/desk.ts";
import { account, entry, withFeed, withRules } from "../support/desk-rows.ts";
import { classesOf, curatedRespelling, ENTRIES, RESPELLED, respelledDesk, respelling } from "../support/respelled.ts";

const next = async (desk: Desk, entries: readonly Row[], more: Partial<Parameters<Desk["play"]>[0]> = {}) => {
  const played = await desk.play({ ...more, rows: { [ENTRIES]: entries } });
  expect(played.outcome.outcome).toBe("published");
  return classesOf(played);
};

const liveKeys = async (desk: Desk) =>
  (await desk.query("select entry_id as k from staging.app_entries order by id")).map((row) => row["k"]);

const reasons = async (desk: Desk) =>
  (await desk.query("select reasons from ops.open_quarantine order by row_id")).map((row) => row["reasons"]);

/** A published key, another spelling of it, and what makes them one. */
const SPELLINGS: readonly [Normalisation, string, string][] = [
  ["nfc", "caf\u00e9", "cafe\u0301"],
  ["trim", "e1", "\u00a0 \t\r\ne1 \u00a0"],
  ["casefold", "\u00c4b1", "\u00e4B1"],
  ["integral", "-17850", "-17850.00"],
  ["leading_zeros", "00A7", "A7"],
  ["leading_zeros", "+7", "+007"],
];

describe("a normal form", () => {
  const of = async (text: string | null, forms: readonly Normalisation[] = NORMALISATIONS) => {
    await using desk = openDesk("claims");
    const session = await desk.open();
    try {
      const sql = `SELECT ${normalForm(duckdbDialect, duckdbDialect.literal(text), forms)} AS f`;
      return (await session.rows({ name: "test", sql }))[0]?.["f"];
    } finally {
      await session.close();
    }
  };

  test.each([
    ["007", "7"],
    ["0", "0"],
    ["000", "0"],
    ["00A7", "a7"],
    ["-007", "-7"],
    ["-0", "-0"],
    ["0.5", ".5"],
    [" +017850.00\n", "+17850"],
    ["17850.", "17850."],
    ["17850.10", "17850.10"],
    ["1e5.0", "1e5.0"],
    ["00.0", "0"],
    ["0\n1", "\n1"],
    ["\u00a0", ""],
    ["E\u0301", "\u00e9"],
    ["stra\u00dfe", "stra\u00dfe"],
    ["", ""],
    [null, null],
  ])("of %j is %j", async (text, form) => expect(await of(text)).toBe(form));

  test("is made in one order, whatever order is written", async () => {
    expect(await of(" 007.0", ["leading_zeros", "integral", "trim"])).toBe("7");
    expect(await of(" 007.0", ["leading_zeros"])).toBe(" 007.0");
  });

  test("needs a function of the engine's for nfc, and is never made without it", () => {
    expect(() => normalForm(snowflakeDialect, "k", ["trim", "nfc"])).toThrow("snowflake has no function for nfc");
    const freed = "REGEXP_REPLACE(k, '^([+-]?[0-9]+)[.]0+$', '\\\\1')";
    expect(normalForm(snowflakeDialect, "k", ["integral"])).toBe(`CASE WHEN k LIKE '%.0%' THEN ${freed} ELSE k END`);
  });
});

describe("keys that are one under a normal form", () => {
  test.each(SPELLINGS)("%s: %j is published, %j comes", async (form, held, other) => {
    await using desk = await respelledDesk(respelling({ forms: [form] }), [entry(1, held)]);
    expect(await next(desk, [entry(2, other), entry(3, `${other}x`)])).toEqual(["quarantined", "inserted"]);
    expect(await reasons(desk)).toEqual([JSON.stringify([RESPELLED])]);
    expect(await liveKeys(desk)).toEqual([held, `${other}x`]);
  });

  test.each(SPELLINGS)("%s: %j and %j in one batch are both quarantined", async (form, a, b) => {
    await using desk = await respelledDesk(respelling({ forms: [form] }));
    expect(await next(desk, [entry(1, a), entry(2, b), entry(3, "other")])).toEqual(["quarantined", "quarantined", "inserted"]);
  });

  test.each(SPELLINGS)("without %s, %j and %j are two keys", async (form, a, b) => {
    const forms = NORMALISATIONS.filter((other) => other !== form);
    await using desk = await respelledDesk(respelling({ forms }), [entry(1, a)]);
    expect(await next(desk, [entry(2, b)])).toEqual(["inserted"]);
  });

  test("all together", async () => {
    await using desk = await respelledDesk(respelling(), [entry(1, "17850"), entry(2, "0cafe\u0301")]);
    expect(await next(desk, [entry(3, " 0017850.0"), entry(4, "CAF\u00c9\u00a0")])).toEqual(["quarantined", "quarantined"]);
  });

  test("equal values break both rules", async () => {
    await using desk = await respelledDesk(respelling(), [entry(1, "7")]);
    expect(await next(desk, [entry(2, "7")])).toEqual(["quarantined"]);
    expect(await reasons(desk)).toEqual([JSON.stringify(["entry_id.unique", RESPELLED])]);
  });

  test("a rule that warns lets another spelling in, and counts it", async () => {
    await using desk = await respelledDesk(respelling({ severity: "warn" }), [entry(1, "7")]);
    const played = await desk.play({ rows: { [ENTRIES]: [entry(2, "7"), entry(3, "007")] } });
    expect(classesOf(played)).toEqual(["quarantined", "inserted"]);
    const counts = played.judgement.feeds.flatMap(({ rules }) => rules);
    expect(counts.find(({ id }) => id === RESPELLED)?.broken).toBe(2n);
  });
});

describe("claims under a normal form", () => {
  test("an update of the holder goes on beside a contender", async () => {
    await using desk = await respelledDesk(respelling(), [entry(1, "7")]);
    expect(await next(desk, [entry(1, "7", { amount: 5 }), entry(2, "007")])).toEqual(["updated", "quarantined"]);
  });

  test("a row may spell its own key otherwise", async () => {
    await using desk = await respelledDesk(respelling(), [entry(1, "7")]);
    expect(await next(desk, [entry(1, "007")])).toEqual(["updated"]);
    expect(await liveKeys(desk)).toEqual(["007"]);
  });

  test("a row of the pool claims too, and the last one enters by itself", async () => {
    await using desk = await respelledDesk(respelling(), [entry(1, "7"), entry(2, "07")]);
    expect(await next(desk, [entry(3, "007")])).toEqual(["quarantined"]);
    expect(await next(desk, [entry(1, "8")])).toEqual(["inserted"]);
    expect(await liveKeys(desk)).toEqual(["8"]);
    expect(await next(desk, [entry(2, "9")])).toEqual(["inserted"]);
    expect(await liveKeys(desk)).toEqual(["8", "9", "007"]);
  });

  test("a held row claims", async () => {
    await using desk = await respelledDesk(respelling(), [entry(1, "7", { account_id: "B" })]);
    expect(await next(desk, [entry(2, "007")])).toEqual(["quarantined"]);
  });

  test("when the holder leaves, the one that waits enters", async () => {
    await using desk = await respelledDesk(respelling(), [entry(1, "7")]);
    expect(await next(desk, [entry(2, "007")])).toEqual(["quarantined"]);
    await next(desk, [entry(2, "007")], { keys: { [ENTRIES]: [{ id: 2 }] } });
    expect(await liveKeys(desk)).toEqual(["007"]);
  });

  test("a survivor is chosen among spellings, and takes nothing from a holder", async () => {
    const adjust = respelling({ survivor: { order: "newest", by: "memo" } });
    await using desk = await respelledDesk(adjust);
    expect(await next(desk, [entry(1, "7", { memo: "m2" }), entry(2, "007", { memo: "m1" })])).toEqual([
      "inserted",
      "quarantined",
    ]);
    expect(await next(desk, [entry(3, "07", { memo: "m9" })])).toEqual(["quarantined"]);
    expect(await liveKeys(desk)).toEqual(["7"]);
  });

  test("a survivor among equal values needs one in the rule that compares them as well", async () => {
    const rows = [entry(1, "7", { memo: "m2" }), entry(2, "7", { memo: "m1" })];
    const survivor = { order: "newest", by: "memo" } as const;
    await using one = await respelledDesk(respelling({ survivor, sourceKey: ["entry_id"] }));
    expect(await next(one, rows)).toEqual(["quarantined", "quarantined"]);
    const both: typeof curatedRespelling = (p) =>
      withRules(p, ENTRIES, (rules) => rules.map((rule) => (rule.kind === "unique" ? { ...rule, survivor } : rule)));
    await using desk = await respelledDesk((p) => both(respelling({ sourceKey: ["entry_id"] })(p)));
    expect(await next(desk, rows)).toEqual(["inserted", "quarantined"]);
    await next(desk, []);
    expect(await desk.query("select memo from staging.app_entries")).toEqual([{ memo: "m2" }]);
    expect(await reasons(desk)).toEqual([JSON.stringify(["entry_id.unique", RESPELLED])]);
  });

  test("NULL is no key", async () => {
    await using desk = await respelledDesk(respelling({ columns: ["memo"] }), [entry(1, "a")]);
    expect(await next(desk, [entry(2, "b"), entry(3, "c"), entry(4, "d", { memo: "" }), entry(5, "e", { memo: " " })])).toEqual([
      "inserted",
      "inserted",
      "quarantined",
      "quarantined",
    ]);
  });

  test("of a composite key texts are compared by their form, other columns by value", async () => {
    const columns = ["memo", "amount"];
    await using desk = await respelledDesk(respelling({ columns, texts: ["memo"] }), [entry(1, "a", { memo: "7", amount: 5 })]);
    const rows = [
      entry(2, "b", { memo: "07", amount: 5 }),
      entry(3, "c", { memo: "07", amount: 6 }),
      entry(4, "d", { amount: 5 }),
    ];
    expect(await next(desk, rows)).toEqual(["quarantined", "inserted", "inserted"]);
  });
});

describe("the rule's columns are the source key", () => {
  const adjust = respelling({ sourceKey: ["entry_id"] });

  test("another spelling of a published key is another source key", async () => {
    await using desk = await respelledDesk(adjust, [entry(1, "7")]);
    expect(await next(desk, [entry(1, "007"), entry(1, "7", { amount: 5 })])).toEqual(["quarantined", "updated"]);
    expect(await liveKeys(desk)).toEqual(["7"]);
  });

  test("two spellings in one batch, then one is left of them", async () => {
    await using desk = await respelledDesk(adjust);
    expect(await next(desk, [entry(1, "7"), entry(1, "007")])).toEqual(["quarantined", "quarantined"]);
    await next(desk, [], { keys: { [ENTRIES]: [{ entry_id: "007" }] } });
    expect(await liveKeys(desk)).toEqual(["007"]);
  });

  test("published before the rule: both stay, a new content of one waits until the other is gone", async () => {
    await using desk = openDesk("claims");
    await desk.play({
      adjust: (p) => withFeed(p, ENTRIES, (feed) => ({ ...feed, sourceKey: ["entry_id"] })),
      rows: { "app.accounts": [account(1, "A")], [ENTRIES]: [entry(1, "7"), entry(2, "007")] },
    });
    const session = await desk.open();
    try {
      const found = await newRulesOverPublished(session, duckdbDialect, adjust(desk.pipeline));
      expect(found).toEqual([{ feed: ENTRIES, rule: RESPELLED, severity: "quarantine", publishedBreaking: 2n }]);
    } finally {
      await session.close();
    }
    expect(await next(desk, [entry(1, "7"), entry(2, "007", { amount: 5 })], { adjust })).toEqual(["unchanged", "quarantined"]);
    await next(desk, [], { keys: { [ENTRIES]: [{ entry_id: "007" }] } });
    expect(await desk.query("select entry_id, amount from staging.app_entries")).toEqual([{ entry_id: "007", amount: "5" }]);
  });
});

test("a curated table that compares normal forms is not published with two spellings of a key", async () => {
  await using desk = await respelledDesk((p) => curatedRespelling(respelling({ severity: "warn" })(p)), [entry(1, "7")]);
  const adjust: typeof curatedRespelling = (p) => {
    const model = p.models.get("entry") ?? expect.fail();
    const rules = model.contract.rules.map((rule) => ({ ...rule, severity: "quarantine" as const }));
    return { ...p, models: new Map(p.models).set("entry", { ...model, contract: { ...model.contract, rules } }) };
  };
  const { outcome } = await desk.play({ adjust, rows: { [ENTRIES]: [entry(2, "007"), entry(3, "8")] } });
  expect(outcome.outcome).toBe("blocked");
  const failed = outcome.gates.filter(({ verdict }) => verdict === "fail");
  expect(failed.map(({ name, rule, observed }) => `${name} ${rule} ${observed}`)).toEqual([
    `curated_rule ${RESPELLED} 2 rows; 007, 7`,
  ]);
});
