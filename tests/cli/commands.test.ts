import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkNode } from "../../src/cli/doctor-checks.ts";
import { acquireLock } from "../../src/locks/lock-file.ts";
import { BILLING_PIPELINE, emptyPlace, ledgerloop, type ProgramPlace, ROWS, smallRun } from "./small-run.ts";

interface Listed {
  readonly feeds: readonly {
    readonly rows: string | number;
    readonly reasons: readonly { readonly reason: string; readonly rows: string | number }[];
  }[];
}

/** Billing's pipeline with Stripe's refunds as a group of their own, written into a folder. */
function withStripe(folder: string): string {
  cpSync(BILLING_PIPELINE, folder, { recursive: true });
  cpSync("pipeline/contracts/stripe.refunds.odcs.yaml", join(folder, "contracts/stripe.refunds.odcs.yaml"));
  const keys = "object: refunds, contract: stripe.refunds, source_key: [id], business_key: [id]";
  const source = "source: stripe\nkind: stripe\nowner: data-engineering\napi_key: { env: STRIPE_API_KEY }\n";
  writeFileSync(join(folder, "sources/stripe.yaml"), `${source}feeds:\n  refunds: { ${keys} }\n`);
  const file = join(folder, "pipeline.yaml");
  const groups = "default_group: billing\ngroups:\n  stripe: { owner: data-engineering, feeds: [stripe.refunds], models: [] }\n";
  writeFileSync(file, readFileSync(file, "utf8").replace("groups:\n", groups));
  return folder;
}

let place: Awaited<ReturnType<typeof smallRun>>;

beforeAll(async () => {
  place = await smallRun();
});

afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

describe("what commands say to people", () => {
  test("show lists what did not pass and ends with the next command", async () => {
    const { out } = await place.ledgerloop("show", place.blocked);
    expect(out).toContain("blocked, exit code 10");
    expect(out).toContain("reason: test (FIN-1)");
    expect(out).toMatch(/quarantined_money\/billing.invoices\/EUR +fail/);
    expect(out).toMatch(/total_adds_up +quarantine +fail +3 rows/);
    expect(out.trimEnd().split("\n").at(-1)).toMatch(/^next: /);
  });

  test("a blocked run names gate, distance, limit and the next command", async () => {
    const { code, out } = await place.ledgerloop("run");
    expect(code).toBe(10);
    expect(out).toContain("Nothing was published.");
    expect(out).toMatch(/quarantined_money\/billing.invoices\/EUR: 1500000000 minor in 3 rows \(limit: 1000000 minor\)/);
    expect(out.trimEnd().split("\n").at(-1)).toMatch(/^next: `ledgerloop show run_/);
  });

  test("quarantine list counts a row under each reason and once in the total, with money as money", async () => {
    const { out } = await place.ledgerloop("quarantine", "list");
    expect(out).toMatch(/billing.invoices +quarantined +customer_id.required +1 +58.31 EUR/);
    expect(out).toMatch(/billing.payments +held +invoice_id.parent_quarantined +1 +58.31 EUR/);
    expect(out).toMatch(/billing.payments +2 +116.62 EUR/);
  });

  test("quarantine list --together counts each row once, under all its reasons", async () => {
    const each = (await place.json("quarantine", "list", "--feed", "billing.invoices")).document as Listed;
    const together = (await place.json("quarantine", "list", "--feed", "billing.invoices", "--together")).document as Listed;
    const [of] = together.feeds;
    expect(of?.reasons.map(({ reason }) => reason)).toContainEqual(expect.stringMatching(/^customer_id\.required, \w+/));
    expect(of?.reasons.reduce((sum, { rows }) => sum + Number(rows), 0)).toBe(Number(of?.rows));
    expect(of?.reasons.length).toBeLessThan(each.feeds[0]?.reasons.length ?? 0);
    const { out } = await place.ledgerloop("quarantine", "list", "--together");
    expect(out).toMatch(/billing.invoices +quarantined +customer_id.required, \S+ +1 +58.31 EUR/);
  });

  test("contract show says which source of a column wins, and what is where none has it", async () => {
    const secrets = {
      BILLING_URL: "postgres://x",
      STRIPE_API_KEY: "rk_test_1",
      SALESFORCE_CLIENT_ID: "a",
      SALESFORCE_CLIENT_SECRET: "b",
    };
    const { out } = await ledgerloop(["contract", "show", "customer", "--pipeline", "examples/company"], secrets);
    expect(out).toMatch(/email +billing.customers.email +Billing's; where it has none, .*\n +else stripe.customers.email\n/);
    expect(out).toMatch(/industry +salesforce.accounts.industry +Of the linked account of Salesforce alone; null without one./);
    const payment = await ledgerloop(["contract", "show", "payment", "--pipeline", "examples/company"], secrets);
    expect(payment.out).toMatch(/billing_claims +no column +Counts/);
    expect(payment.out).toMatch(/month +stripe.charges.created_at\n +stripe.refunds.created_at\n/);
    const feed = await ledgerloop(["contract", "show", "billing.customers", "--pipeline", "examples/company"], secrets);
    expect(feed.out).not.toContain("made of");
  });

  test("down needs nothing of what sources name", async () => {
    const { code, out } = await ledgerloop(["down", "--pipeline", "examples/salesforce"], { LEDGERLOOP_STATE: place.folder });
    expect([code, out]).toEqual([0, "nothing was running\n"]);
    const wrong = await ledgerloop(["down", "--pipeline", "examples/salesforce", "--env", "locl"], {});
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('did you mean "local"?')]);
  });

  test("quarantine show leads back to the landed byte and masks personal values only", async () => {
    const { document } = await place.json("quarantine", "show", "--feed", "billing.invoices");
    const [row] = (
      document as { rows: { row_id: string; file: string; position: string; payload: Record<string, string | null> }[] }
    ).rows;
    expect(row?.payload).toMatchObject({ status: "payed", customer_id: null, customer_email: "•••" });
    expect(readFileSync(join(place.folder, "objects", row?.file ?? ""), "utf8")).toContain(`"${row?.position}"`);
    const again = await place.json("quarantine", "show", row?.row_id ?? "");
    expect(again.document).toMatchObject({ rows: [row], as_of: { tables: [] } });
  });

  test("an unknown run names the closest one", async () => {
    const { code, err } = await place.ledgerloop("show", `${place.published.slice(0, -1)}_`);
    expect(code).toBe(2);
    expect(err).toContain(`did you mean "${place.published}"?`);
  });

  test("a wrong column in a query is the user's mistake, and names the column", async () => {
    const { code, err } = await place.ledgerloop("query", "select nope from curated.customer");
    expect(code).toBe(2);
    expect(err).toContain('"nope"');
  });

  test("an engine's message that could quote a value is not shown", async () => {
    const { code, err } = await place.ledgerloop("query", "select cast(email as integer) from curated.customer");
    expect(code).toBe(2);
    expect(err).not.toContain("secret");
  });

  test("query prints CSV", async () => {
    const { out } = await place.ledgerloop(
      "query",
      "select customer_id, email from curated.customer order by 1 limit 2",
      "--csv",
    );
    expect(out).toBe("customer_id,email\ncus_1,•••\ncus_10,•••\n");
  });

  test("nothing is coloured when nobody looks", async () => {
    for (const args of [["doctor"], ["runs"], ["show", place.published]]) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
      expect((await place.ledgerloop(...args)).out).not.toMatch(/\x1b/);
    }
  });
});

test("DuckDB runs the DDL that warehouse ddl prints, twice", async () => {
  const { document } = await place.json("warehouse", "ddl");
  const { duckdbWarehouse } = await import("../../src/warehouse/duckdb/warehouse.ts");
  const session = await duckdbWarehouse({ path: join(place.folder, "ddl.duckdb"), memoryLimit: "128MB" }).open({
    purpose: "test",
  });
  const { statements } = document as { statements: { name: string; sql: string }[] };
  for (const statement of [...statements, ...statements]) await session.run(statement);
  await session.close();
});

describe("doctor", () => {
  const findings = async (at: ProgramPlace) =>
    ((await at.json("doctor")).document as { checks: { check: string; verdict: string; says: string; next: string | null }[] })
      .checks;

  test("finds a missing table and a missing column, and says what to type", async () => {
    await using empty = await emptyPlace();
    await empty.ledgerloop("up");
    const client = await empty.billing.client();
    await client.query("drop table billing.payments; alter table billing.customers rename email to mail");
    const checks = await findings(empty);
    expect((await empty.json("doctor")).code).toBe(1);
    expect(checks.filter((c) => c.verdict === "fail").map((c) => [c.check, c.says])).toEqual([
      ["feed billing.customers", "email is gone"],
      ["feed billing.payments", "the source shows nothing called billing.payments to this login"],
    ]);
    expect(checks.filter((c) => c.verdict === "fail").every((c) => c.next !== null)).toBe(true);
  });

  test("a source of another group only warns, and fails where its group is meant", async () => {
    await using empty = await emptyPlace();
    const at = ["--pipeline", withStripe(join(empty.folder, "pipeline"))];
    await empty.ledgerloop("up", ...at);
    const ofStripe = async (...args: string[]) => {
      const { code, document } = await empty.json("doctor", ...args, ...at);
      const { checks } = document as { checks: { verdict: string; says: string }[] };
      return {
        code,
        verdicts: new Set(checks.filter(({ says }) => says.includes("STRIPE_API_KEY")).map(({ verdict }) => verdict)),
      };
    };
    expect(await ofStripe()).toEqual({ code: 0, verdicts: new Set(["warn"]) });
    expect(await ofStripe("--group", "stripe")).toEqual({ code: 1, verdicts: new Set(["fail"]) });
    expect((await empty.ledgerloop("run", "--group", "stripe", ...at)).err).toContain("STRIPE_API_KEY");
    expect((await empty.ledgerloop("run", ...at)).code).toBe(0);
  });

  test("finds a control store without schema, and a foreign write-ahead log", async () => {
    await using empty = await emptyPlace();
    // Entries of a type that carries data; a killed checkpoint's mark is none.
    writeFileSync(join(empty.folder, "warehouse.duckdb.wal"), Buffer.alloc(64, 1));
    const failed = (await findings(empty)).filter((c) => c.verdict === "fail");
    expect(failed.map((c) => c.check)).toEqual(["control store", "warehouse"]);
    expect(failed[0]?.next).toContain("ledgerloop up");
  });

  test("tells a live holder of the warehouse from a dead one", async () => {
    await using empty = await emptyPlace();
    await empty.ledgerloop("up");
    const file = join(empty.folder, "warehouse.duckdb.lock");
    const warehouse = async () => (await findings(empty)).find((c) => c.check === "warehouse");
    const release = await acquireLock({ file, purpose: "run r", waitMs: 0, busy: () => new Error("busy") });
    const says = expect.stringContaining(`in use by process ${process.pid}`);
    expect(await warehouse()).toMatchObject({ verdict: "warn", says });
    // Another process has the number of the one that died: a run would clear its lock, so nobody is in the way.
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), started: "1" }));
    expect(await warehouse()).toMatchObject({ verdict: "ok" });
    release();
  });

  test("--deep reads what is published again, line by line on standard error, and names what is broken", async () => {
    await using empty = await emptyPlace();
    await empty.ledgerloop("up");
    expect((await empty.ledgerloop("doctor", "--deep")).out).toMatch(/ok {4}extracts +nothing is published yet/);
    await (await empty.billing.client()).query(ROWS);
    await empty.ledgerloop("run");
    const whole = await empty.ledgerloop("doctor", "--deep");
    expect(whole.code).toBe(0);
    expect(whole.out).toMatch(/ok {4}extracts billing.invoices +1 published extracts, 0\.0 MB as their manifests say\n/);
    expect(whole.err.match(/^\d\/5 \w+\.\w+ b_\w+ \(billing-1\), 0\.0 MB: (whole|derived)$/gm)).toHaveLength(5);
    expect((await empty.ledgerloop("doctor", "--deep-limit", "1")).err).toMatch(/^1\/1 billing\.customers .*\n$/);
    expect(await empty.ledgerloop("doctor", "--deep-limit", "0")).toMatchObject({ code: 2 });
    expect(await empty.json("doctor")).toMatchObject({ document: { extracts: [] } });

    const landed = join(empty.folder, "objects", "landing", "billing", "invoices");
    const [run = ""] = readdirSync(landed);
    appendFileSync(join(landed, run, "part-000.csv"), "x");
    const broken = await empty.ledgerloop("doctor", "--deep");
    expect(broken.code).toBe(1);
    expect(broken.out).toMatch(/fail {2}extract b_\w+ +billing\.invoices, published as billing-1: The landed file .* bytes/);
    expect(broken.out).toMatch(/next: bring the object back .*`ledgerloop doctor --deep`/);
  });

  test("refuses an old Node", () => {
    expect([checkNode("20.19.9"), checkNode("20.20.0"), checkNode("22.0.0")].map((c) => c.verdict)).toEqual(["fail", "ok", "ok"]);
  });
});

test("plan names columns that the contract lacks or misses, and what a run would do", async () => {
  await using empty = await emptyPlace();
  const client = await empty.billing.client();
  await client.query("alter table billing.invoices rename due_on to due_at; alter table billing.invoices add note text");
  const { document } = await empty.json("plan", "--feeds", "billing.invoices");
  const [feed] = (document as { feeds: { differences: unknown }[] }).feeds;
  expect(feed?.differences).toEqual([
    { column: "due_on", says: "due_on is gone", action: "stop" },
    { column: "due_at", says: "due_at date is not in the contract and not loaded", action: "none" },
    { column: "note", says: "note text is not in the contract and not loaded", action: "none" },
  ]);
});

test("a reader that leaves early does not break the program", () => {
  const script = "npx tsx src/bin.ts warehouse ddl | head -1";
  expect(execFileSync("sh", ["-c", script], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })).toBe(
    "-- 050_tables: Tables and views of the pipeline; every run creates them too.\n",
  );
});
