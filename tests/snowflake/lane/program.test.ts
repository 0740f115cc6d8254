import { appendFileSync, cpSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import type { BreaksDocument } from "../../../src/documents/breaks.ts";
import type { CloseDocument } from "../../../src/documents/close-report.ts";
import type { ReconcileDocument } from "../../../src/documents/proof.ts";
import type { TieDocument } from "../../../src/documents/ties.ts";
import { BILLING_PIPELINE, type Ended, emptyPlace, type ProgramPlace, ROWS } from "../../cli/small-run.ts";
import { startEmulator } from "../emulator/emulator.ts";
import { IS_ACCOUNT } from "./site.ts";

/** Commands that read an environment's warehouse, whatever it is. */
const READING = [
  ["plan"],
  ["plan", "--data"],
  ["runs"],
  ["rules"],
  ["quarantine", "list"],
  ["quarantine", "show", "--feed", "billing.invoices"],
  ["query", "SELECT COUNT(*) AS invoices FROM CURATED.INVOICE"],
  ["query", "SELECT COUNT(*) AS invoices FROM REPORTING.INVOICE"],
  ["query", "SELECT feed, window_end, row_count FROM OPS.FEED_FRESHNESS"],
  ["query", "SELECT feed, reasons, minor FROM OPS.WAITING_MONEY"],
  ["show", "row", "customer", "cus_1"],
  ["query", "SELECT customer_id FROM CURATED.CUSTOMER", "--as-json"],
  ["reconcile", "run"],
  ["reconcile", "proofs"],
  ["clean", "--dry-run"],
  ["clean"],
];

const CUSTOMER = `insert into billing.customers (id, customer_id, legal_name, currency, balance_minor, delinquent)
values (1, 'cus_1', 'One', 'EUR', 0, false)`;

/** Two nights that compare everything in parts of three rows, and an hour: each ends with 0, and says what it has compared. */
async function nightsInParts(place: ProgramPlace, program: (...args: string[]) => Promise<Ended>): Promise<void> {
  const client = await place.billing.client();
  await client.query(ROWS.replaceAll("generate_series(1, 20)", "generate_series(2, 9)"));
  await client.query("update billing.invoices set issued_on = date '2024-01-02' + 90 * id::int");
  expect((await program("run")).code).toBe(0);
  const folder = join(place.folder, "in-parts");
  cpSync(BILLING_PIPELINE, folder, { recursive: true, filter: (path) => !path.includes(".state") });
  appendFileSync(join(folder, "pipeline.yaml"), "\nreconcile: { segment_rows: 3, nights: 2 }\n");
  const extents = async (...args: string[]) => {
    const { code, out, err } = await program("reconcile", "run", "--pipeline", folder, "--json", ...args);
    const proofs = (JSON.parse(out) as ReconcileDocument).groups.flatMap((group) => group.proofs);
    expect(proofs.filter(({ result }) => result !== "equal")).toEqual([]);
    expect(code, err).toBe(0);
    return proofs
      .filter(({ of }) => of === "billing.invoices" || of === "invoice")
      .map(({ leg, tier, extent }) => `${leg} ${tier} ${extent.by}`);
  };
  const night = await extents();
  expect([...new Set(night)].filter((line) => !line.startsWith("R4"))).toEqual([
    "R1 T3 stretches",
    "R1 T2 touched",
    "R1 T4 stretches",
    "R2 T2 touched",
  ]);
  expect(await extents("--tier", "T4")).toContain("R1 T4 stretches");
  const atOnce = await Promise.all([1, 2].map(() => program("reconcile", "run", "--pipeline", folder)));
  for (const { code, err } of atOnce) expect(code, err).toBe(0);
  await unstampedDay(client, program, folder);
  expect(await extents("--tier", "T1")).toEqual(["R1 T1 stretches"]);
  expect((await program("reconcile", "show", "--pipeline", folder)).code).toBe(0);
}

/** A day that somebody changes without a stamp: rows are asked for by key, and those that are open are read with all of their key. */
async function unstampedDay(client: pg.Client, program: (...args: string[]) => Promise<Ended>, folder: string): Promise<void> {
  const change = (day: string) =>
    client.query(
      `set session_replication_role = replica; update billing.invoices set issued_on = ${day} where id = 5; set session_replication_role = origin`,
    );
  await change("date '2026-12-01'");
  const { out } = await program("reconcile", "run", "--pipeline", folder, "--feed", "billing.invoices", "--leg", "R1", "--json");
  const { groups } = JSON.parse(out) as ReconcileDocument;
  const named = groups.flatMap(({ proofs }) => proofs).filter(({ result }) => result === "different");
  expect(named.length).toBeGreaterThan(0);
  for (const { keys, says } of named) expect([keys, says]).toEqual([[{ key: { id: "5" }, why: "differs" }], []]);
  await explainedDay(program);
  await change("date '2024-01-02' + 450");
  expect((await program("reconcile", "run", "--pipeline", folder, "--all", "--reason", "put right")).code).toBe(0);
  expect((await program("reconcile", "breaks")).out).toContain("there is no break");
  await client.query("update billing.customers set legal_name = 'Another' where id = 3");
  expect((await program("run")).code).toBe(0);
  for (let night = 0; night < 2; night += 1) expect((await program("reconcile", "run", "--leg", "R4")).code).toBe(0);
  const digests = await program("query", "SELECT SUBJECT, ROW_COUNT FROM OPS.HISTORY_DIGEST WHERE SUBJECT = 'customer'");
  expect(digests.out).toMatch(/customer +1\n/);
}

/** What is different is a break with both values, which may be compared again, decided and reported. */
async function explainedDay(program: (...args: string[]) => Promise<Ended>): Promise<void> {
  const { breaks } = JSON.parse((await program("reconcile", "breaks", "--json")).out) as BreaksDocument;
  expect(breaks.map(({ class: is, of, key, columns }) => [is, of, key, columns])).toEqual([
    ["attribute", "billing.invoices", { id: "5" }, ["issued_on"]],
  ]);
  const [{ break_id: id, proof_id } = { break_id: "", proof_id: "" }] = breaks;
  expect((await program("reconcile", "explain", id)).out).toMatch(/issued_on +2026-12-01 +2025-03-27\n/);
  expect((await program("reconcile", "recheck", proof_id)).out).toContain("nothing has changed: it ends as it did");
  expect((await program("reconcile", "accept", id, "--until", "2099-12-31", "--reason", "known")).code).toBe(0);
  expect((await program("reconcile", "breaks")).code).toBe(0);
  const report = JSON.parse((await program("reconcile", "report", "--json")).out) as CloseDocument;
  expect(report.breaks[0]?.accepted).toMatchObject({ reason: "known" });
  expect(report.equations.length).toBeGreaterThan(2);
}

const TIES = `ties:
  paid:
    about: Invoices, and what was paid for them
    owner: finance-systems
    key: [invoice_id]
    sides:
      - { name: invoices, select: "select invoice_id, id, currency, amount_paid_minor as amount_minor, issued_on as on_day from staging.billing_invoices" }
      - { name: payments, adds_up: true, lags_days: 30, select: "select invoice_id, id, currency, amount_minor, fee_minor, posted_on as on_day from staging.billing_payments" }
  files:
    about: What a bank's file says that it comes to, and what came of it
    owner: finance-systems
    key: [file]
    sides: [{ name: bank, files: partners.remittances }, { name: remittances, rows_of: partners.remittances }]
`;

const BANK_FILE = "remittances/nordbank/2026-11-02.csv";

/** A file of remittances, of which one breaks a rule: it waits, and is tied with the others. */
function putBankFile(inbox: string): void {
  const file = join(inbox, BANK_FILE);
  mkdirSync(dirname(file), { recursive: true });
  const rows = ["1", "2", "3", "4"].map((n) => `rem_00000${n};inv_4;cus_1;1.000,50;02.11.2026;`);
  const bad = "2 is no id;inv_4;cus_1;0,25;02.11.2026;";
  const head = "Belegnummer;Rechnung;Kunde;Betrag;Bezahlt am;Verwendungszweck";
  writeFileSync(file, [head, ...rows, bad, "SUMME;5;;4.002,25;;", ""].join("\n"));
  const settled = new Date(Date.now() - 600_000);
  utimesSync(file, settled, settled);
}

/** What differs is healed by its key, and what two tables say of one thing is held side by side. */
async function healedAndTied(place: ProgramPlace, program: (...args: string[]) => Promise<Ended>): Promise<void> {
  putBankFile(join(place.folder, "inbox"));
  const bank = await program("run", "--json");
  expect(JSON.parse(bank.out), bank.err).toMatchObject({ outcome: "published" });
  const client = await place.billing.client();
  await client.query(
    "set session_replication_role = replica; update billing.invoices set description = 'by hand' where id = 4; set session_replication_role = origin",
  );
  expect((await program("reconcile", "run", "--feed", "billing.invoices", "--leg", "R1")).code).toBe(10);
  const healed = await program("reconcile", "heal", "--class", "attribute");
  expect([healed.code, healed.out], healed.err).toEqual([0, expect.stringContaining("1 healed")]);
  const found = await program("query", "SELECT description FROM CURATED.INVOICE WHERE invoice_id = 'inv_4'");
  expect(found.out).toContain("by hand");
  const folder = join(place.folder, "in-parts");
  writeFileSync(join(folder, "ties.yaml"), TIES);
  const tied = await program("reconcile", "ties", "--pipeline", folder, "--json", "--class", "equal", "missing", "cutoff");
  expect(tied.err).toBe("");
  const { ties } = JSON.parse(tied.out) as { ties: readonly TieDocument[] };
  expect(
    ties.map(({ why, lines }) => [why, lines.length > 0]),
    tied.err,
  ).toEqual([
    [null, true],
    [null, true],
  ]);
  const [files, paid] = [...ties].sort((a, b) => (a.tie < b.tie ? -1 : 1));
  expect(files?.keys).toMatchObject([{ key: { file: BANK_FILE }, class: "equal" }]);
  expect(paid?.keys.length).toBeGreaterThan(3);
  const day = await program(
    "reconcile",
    "ties",
    "--pipeline",
    folder,
    "--json",
    "--period",
    "2026-11-03",
    "--class",
    "equal",
    "cutoff",
  );
  const ofDay = (JSON.parse(day.out) as { ties: readonly TieDocument[] }).ties.find(({ tie }) => tie === "paid");
  expect([ofDay?.keys.length, new Set(ofDay?.lines.map(({ period }) => period))], day.err).toEqual([
    expect.toSatisfy((keys: number) => keys > 3),
    new Set(["2026-11-03"]),
  ]);
  const row = await program("show", "row", "billing.invoices", "4");
  expect([row.code, row.out], row.err).toEqual([0, expect.stringMatching(/^billing\.invoices 4: as publication \d+ left it/)]);
  expect((await program("reconcile", "run", "--pipeline", folder, "--leg", "R3")).err).not.toContain("refuses");
}

interface Applied {
  readonly files: readonly { file: string; outcome: string; reason: string | null }[];
}

// Since 2026-11-24: its environment of pipeline.yaml is the emulator's.
test.skipIf(IS_ACCOUNT)(
  "the program on the emulator: doctor says what to do, apply does it, a run publishes; what the engine lacks is named",
  async () => {
    const emulator = await startEmulator();
    const place = await emptyPlace();
    onTestFinished(async () => {
      await place[Symbol.asyncDispose]();
      await emulator[Symbol.asyncDispose]();
    });
    const program = (...args: string[]): Promise<Ended> =>
      place.at(
        { SNOWFLAKE_URL: emulator.url, PARTNERS_LOCATION: join(place.folder, "inbox") },
        ...args,
        "--env",
        "snowflake-local",
      );

    expect((await program("up")).code).toBe(0);
    const before = await program("doctor");
    expect(before).toMatchObject({ code: 1, out: expect.stringContaining("ledgerloop warehouse apply") });
    expect(await program("run")).toMatchObject({ code: 2, err: expect.stringContaining("ledgerloop warehouse apply") });

    const applied = await program("warehouse", "apply", "--reason", "first", "--json");
    expect(applied.code, applied.err).toBe(0);
    const { files } = JSON.parse(applied.out) as Applied;
    const outcomes = new Map(files.map((f) => [f.file, f.outcome]));
    expect(outcomes.get("010_database")).toBe("applied");
    expect(outcomes.get("050_tables")).toBe("applied");
    for (const file of files.filter((f) => f.outcome !== "applied")) expect(file.reason, file.file).toBeTruthy();
    const again = JSON.parse((await program("warehouse", "apply", "--json")).out) as Applied;
    expect(again.files.map((f) => [f.file, f.outcome])).toEqual(files.map((f) => [f.file, f.outcome]));

    const after = await program("doctor");
    expect(after.out).toMatch(/^ok\s+warehouse/m);
    expect((await program("status")).out).toContain("snowflake, account emulator, database LEDGERLOOP");
    await (await place.billing.client()).query(CUSTOMER);
    const run = await program("run", "--json");
    expect(run.code, run.err).toBe(0);
    expect(JSON.parse(run.out)).toMatchObject({ outcome: "published", warehouse: { statements: expect.any(Number) } });
    const asked = await program("query", "SELECT customer_id, balance_minor, 1.50 AS d FROM CURATED.CUSTOMER", "--as-json");
    expect(JSON.parse(asked.out)).toMatchObject({
      columns: [
        { name: "customer_id" },
        { type: expect.stringMatching(/^NUMBER\(\d+,0\)$/) },
        { type: expect.stringMatching(/^NUMBER/) },
      ],
      rows: [{ customer_id: "cus_1", balance_minor: 0, d: "1.50" }],
      as_of: { sources: [{ source: "billing", as_of: expect.stringMatching(/Z$/) }], tables: [{ table: "customer" }] },
    });
    const row = await program("show", "row", "customer", "cus_1", "--json");
    expect(row.err).toBe("");
    const shown = JSON.parse(row.out);
    expect(shown.rows).toMatchObject([{ class: "inserted", rules: { broken: [] }, way: { table: { ctid: "(0,1)" } } }]);
    expect((await program("show", "row", "customer", "cus_1", "--bytes")).out).toContain(",cus_1,");
    for (const args of READING) expect(await program(...args), args.join(" ")).toMatchObject({ code: 0 });
    await nightsInParts(place, program);
    await healedAndTied(place, program);
    expect(await program("cost")).toMatchObject({
      code: 2,
      err: expect.stringContaining("does not see the account's QUERY_HISTORY"),
    });
  },
);
