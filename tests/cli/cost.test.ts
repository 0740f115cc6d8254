import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Stub } from "../snowflake/wire/stub.ts";
import { refuse, rows } from "../snowflake/wire/turns.ts";
import { documentedShapes, misfits } from "./shape.ts";
import { emptyPlace, type ProgramPlace } from "./small-run.ts";

/** A line of the joined views, in the columns that their pages document. */
const line = (
  of: Readonly<{ stage: string; table: string; rule?: string; statement: string }>,
  cost: Readonly<{ statements: number; ms: number; credits: string | null; bytes: number }>,
) => ({
  stage: of.stage,
  about: of.table,
  rule: of.rule ?? "-",
  statement: of.statement,
  statements: String(cost.statements),
  milliseconds: String(cost.ms),
  credits: cost.credits,
  bytes_scanned: String(cost.bytes),
});

const LINES = [
  line(
    { stage: "judge", table: "billing.invoices", statement: "label" },
    { statements: 24, ms: 96_000, credits: "0.026", bytes: 4e9 },
  ),
  line(
    { stage: "judge", table: "billing.invoices", rule: "totals_add_up", statement: "batch-rules" },
    { statements: 24, ms: 12_000, credits: "0.003", bytes: 1e9 },
  ),
  line(
    { stage: "publish", table: "invoice", statement: "curated-insert" },
    { statements: 24, ms: 48_000, credits: "0.013", bytes: 2e9 },
  ),
  line({ stage: "begin", table: "-", statement: "begin.head" }, { statements: 24, ms: 1_200, credits: null, bytes: 0 }),
];

let stub: Stub;
let place: ProgramPlace;

beforeAll(async () => {
  place = await emptyPlace();
});

afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

beforeEach(async () => {
  stub = await Stub.start();
  return () => stub[Symbol.asyncDispose]();
});

const cost = (...args: string[]) => place.at({ SNOWFLAKE_URL: stub.url }, "cost", "--env", "snowflake-local", ...args);

describe("ledgerloop cost", () => {
  test("sums what the account's query history says, by stage, feed, rule and statement", async () => {
    stub.on(/QUERY_HISTORY/, rows(LINES));
    const { code, out, err } = await cost("--days", "3", "--json");
    expect(err).toBe("");
    expect(code).toBe(0);
    const document = JSON.parse(out) as { by: Record<string, { name: string; credits: number | null; seconds: number }[]> };
    expect(misfits(documentedShapes().get("cost") ?? "null", document)).toEqual([]);
    expect(document).toMatchObject({ days: 3, statements: 96, credits: 0.042 });
    expect(document.by["stage"]).toMatchObject([
      { name: "judge", statements: 48, seconds: 108, credits: 0.029, bytes_scanned: 5e9 },
      { name: "publish", credits: 0.013 },
      { name: "begin", credits: null },
    ]);
    expect(document.by["rule"]?.map(({ name }) => name)).toContain("billing.invoices/totals_add_up");
  });

  test("asks the two views for its own statements of so many days, by the tag that runs write", async () => {
    await cost("--days", "30");
    const asked = stub.statements.find((sql) => sql.includes("QUERY_HISTORY"));
    expect(asked).toMatch(/ACCOUNT_USAGE\.QUERY_HISTORY[\s\S]*ACCOUNT_USAGE\.QUERY_ATTRIBUTION_HISTORY/);
    expect(asked).toContain("DATEADD(DAY, -30, CURRENT_TIMESTAMP())");
    expect(asked).toContain("['app'] AS VARCHAR) = 'ledgerloop'");
    const columns = new Set([...(asked ?? "").matchAll(/\b[ha]\.(\w+)/g)].map(([, column]) => column));
    expect([...columns].sort()).toEqual([
      "bytes_scanned",
      "credits_attributed_compute",
      "query_id",
      "query_tag",
      "start_time",
      "total_elapsed_time",
    ]);
  });

  test("as a table it says what is not attributed, and what credits leave out", async () => {
    stub.on(/QUERY_HISTORY/, rows(LINES));
    const { code, out } = await cost();
    expect(code).toBe(0);
    expect(out).toMatch(/judge\s+48\s+108\.0\s+0\.029000\s+5\.000/);
    expect(out).toMatch(/begin\s+24\s+1\.2\s+not attributed/);
    expect(out).toContain("idle time of the warehouse is not in these credits");
  });

  test("an account that has seen nothing says so", async () => {
    stub.on(/QUERY_HISTORY/, rows([]));
    expect(await cost()).toMatchObject({ code: 0, out: "no statement of ledgerloop in the last 7 days\n" });
  });

  test("a role that does not see the views is told what to grant", async () => {
    stub.on(/QUERY_HISTORY/, refuse("002003", "SQL compilation error: Schema 'SNOWFLAKE.ACCOUNT_USAGE' does not exist", "02000"));
    const { code, err } = await cost();
    expect(code).toBe(2);
    expect(err).toMatch(/does not see the account's QUERY_HISTORY[\s\S]*USAGE_VIEWER/);
  });

  test("a warehouse that is a file has no credits, and days are days", async () => {
    expect(await place.ledgerloop("cost")).toMatchObject({ code: 2, err: expect.stringContaining("--env production") });
    expect(await cost("--days", "0")).toMatchObject({ code: 2, err: expect.stringContaining("1 to 365") });
  });
});
