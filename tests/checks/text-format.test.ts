import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { newRulesOverPublished } from "../../src/checks/published-breaking.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { CLAIMS } from "../support/claims-house.ts";
import { type Desk, openDesk, type Row } from "../support/desk.ts";
import { account, entry, withRules } from "../support/desk-rows.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** The smallest pipeline, in which the memo of an entry is of another type and spelled by a format. */
function deskOf(type: string, format: string): Desk {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-formats-"));
  folders.push(folder);
  cpSync(CLAIMS, folder, { recursive: true });
  const file = join(folder, "contracts/app.entries.odcs.yaml");
  const said = `customProperties: [{ property: format, value: ${format} }]`;
  const memo = `{ name: memo, logicalType: ${type}, ${said} }`;
  writeFileSync(file, readFileSync(file, "utf8").replace("{ name: memo, logicalType: string }", memo));
  return openDesk("claims", folder);
}

const entriesOf = (memos: readonly (string | null)[]): Row[] => memos.map((memo, i) => entry(i, `e${i}`, { memo }));

/** What memos become, by what they are spelled as: the published value, `broken`, or nothing for NULL. */
async function read(desk: Desk, memos: readonly (string | null)[]): Promise<unknown[]> {
  await desk.play({ rows: { "app.accounts": [account(1, "A")], "app.entries": entriesOf(memos) } });
  const published = await desk.query("select id, cast(memo as varchar) as memo from staging.app_entries");
  const waiting = await desk.query("select source_key, reasons from ops.open_quarantine");
  return memos.map((_, i) => {
    const row = published.find(({ id }) => id === String(i));
    if (row) return row["memo"];
    return waiting.find((w) => w["source_key"] === String(i))?.["reasons"] ?? expect.fail();
  });
}

const BROKEN = '["memo.type"]';

test("booleans are read by the spellings that their format has, and by no other", async () => {
  await using desk = deskOf("boolean", "{ 'true': [Y, 'ja'], 'false': [N, ''] }");
  const memos = ["Y", "ja", "N", "", null, "y", "true", "t", "f", " Y", "J"];
  const [no, ...others] = [BROKEN, BROKEN, BROKEN, BROKEN, BROKEN, BROKEN];
  expect(await read(desk, memos)).toEqual(["true", "true", "false", "false", null, no, ...others]);
});

test("dates are read by their format, and only where every part has its width and is a date", async () => {
  await using desk = deskOf("date", "dd.MM.yyyy");
  const memos = [
    "31.12.2026",
    "01.02.2026",
    null,
    "1.2.2026",
    "31.02.2026",
    "2026-12-31",
    "31/12/2026",
    "31.12.2026 ",
    "aa.bb.cccc",
  ];
  expect(await read(desk, memos)).toEqual(["2026-12-31", "2026-02-01", null, BROKEN, BROKEN, BROKEN, BROKEN, BROKEN, BROKEN]);
});

test("instants are read as UTC; what the format leaves out is midnight", async () => {
  await using desk = deskOf("timestamp", "yyyyMMddTHHmm");
  expect(await read(desk, ["20261231T2359", "20261231T2460", "20261231"])).toEqual(["2026-12-31 23:59:00", BROKEN, BROKEN]);
  await using days = deskOf("timestamp", "dd/MM/yyyy");
  expect(await read(days, ["31/12/2026", "12/31/2026"])).toEqual(["2026-12-31 00:00:00", BROKEN]);
});

test("rows keep their texts as landed: a held row enters when its parent comes, an equal one is unchanged", async () => {
  await using desk = deskOf("boolean", "{ 'true': [Y], 'false': [N] }");
  const rows = [entry(1, "e1", { memo: "Y", account_id: "B" }), entry(2, "e2", { memo: "N" }), entry(3, "e3", { memo: "?" })];
  await desk.play({ rows: { "app.accounts": [account(1, "A")], "app.entries": rows } });
  const texts = await desk.query(
    "select json_extract_string(payload, '$.memo') as memo from ops.open_quarantine order by source_key",
  );
  expect(texts).toEqual([{ memo: "Y" }, { memo: "?" }]);
  const again = await desk.play({ rows: { "app.accounts": [account(2, "B")], "app.entries": [rows[1] ?? expect.fail()] } });
  expect([...again.classes.values()]).toContain("unchanged");
  expect(await desk.query("select entry_id, cast(memo as varchar) as memo from curated.entry order by 1")).toEqual([
    { entry_id: "e1", memo: "true" },
    { entry_id: "e2", memo: "false" },
  ]);
});

test("plan counts published values by rules that are new, not by how the source spells them", async () => {
  await using desk = deskOf("date", "dd.MM.yyyy");
  await read(desk, ["31.12.2026", "01.02.2026"]);
  const changed = withRules(desk.pipeline, "app.entries", (rules) =>
    rules.map((rule) => (rule.id === "memo.type" ? { ...rule, fingerprint: "another" } : rule)),
  );
  const session = await desk.open();
  try {
    expect(await newRulesOverPublished(session, duckdbDialect, changed)).toMatchObject([
      { rule: "memo.type", publishedBreaking: 0n },
    ]);
  } finally {
    await session.close();
  }
});
