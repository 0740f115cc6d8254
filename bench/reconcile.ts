import { join } from "node:path";
import pg from "pg";
import type { ReconcileDocument } from "../src/documents/proof.ts";
import { createHour } from "./data.ts";
import { installed } from "./peers/install.ts";
import { type Watched, watched } from "./peers/watched.ts";
import { customersFor, medianOf, type ProductSide, ratio, type Stage, type StageData, setStage } from "./stage.ts";

const PIPELINE = join(import.meta.dirname, "proofs");

/** Columns beside the key: what both are to compare. */
const COLUMNS = [
  ...[
    "customer_id",
    "subscription_id",
    "invoice_number",
    "status",
    "billing_reason",
    "currency",
    "amount_due",
    "amount_paid",
    "tax_minor",
  ],
  ...["customer_email", "customer_country", "description", "period_start", "period_end", "due_at", "created_at", "updated_at"],
];

async function createProved(url: string, n: number): Promise<void> {
  await createHour(url, n);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    "create table src.proved as select distinct on (id) * from src.invoices where customer_id is not null and currency is not null order by id",
  );
  // A fifth of a day for each two thousand rows: a hundred days, of which the newest five have a twentieth.
  await client.query(
    "update src.proved p set created_at = timestamptz '2026-11-01 10:00:00+00' - interval '100 days' * (1 - n.share) from (select id, percent_rank() over (order by id) as share from src.proved) n where n.id = p.id",
  );
  await client.query(
    "alter table src.proved add primary key (id), add column changed xid8 not null default pg_current_xact_id()",
  );
  await client.query("create index on src.proved (changed)");
  await client.query("create index on src.proved (created_at)");
  await client.query("drop table src.customers, src.subscriptions, src.payments, src.invoices");
  await client.query("vacuum analyze src.proved");
  await client.end();
}

/** Invoices with a key, of about so many rows in all four tables of the hour. */
function provedOf(rows: number): StageData {
  const n = customersFor(2 * rows);
  return { n, rows: 10 * n, create: createProved };
}

const EVERYTHING = ["--all", "--reason", "bench"];

/** The program as a person calls it; it has to end with 0, where all is equal, or with 10. */
function product({ env, servers }: Stage, how: readonly string[], ends = 0): Promise<Watched> {
  const bin = join(import.meta.dirname, "..", "dist", "src", "bin.js");
  const args = [bin, "reconcile", "run", "--leg", "R1", "--json", "--pipeline", PIPELINE, ...how];
  return watched({ command: process.execPath, args, env, servers, ends });
}

function reladiff({ source, servers, state }: Stage): Promise<Watched> {
  const columns = COLUMNS.flatMap((name) => ["-c", name]);
  // It knows one of the two names of the scheme, and says with -s how many rows it has compared: it ends with 0 where it could not.
  const url = source.replace(/^postgres:/, "postgresql:");
  const args = [
    "-s",
    url,
    "src.proved",
    `duckdb://${join(state, "warehouse.duckdb")}`,
    "staging.src_invoices__rows",
    "-k",
    "id",
    ...columns,
  ];
  return watched({ command: join(installed("reladiff"), "reladiff"), args, env: {}, servers });
}

interface Turn {
  readonly ours: Watched;
  readonly theirs: Watched;
}

/** How many rows both found equal. */
function equalRows({ ours, theirs }: Turn): number {
  const { ok, groups } = JSON.parse(ours.printed) as ReconcileDocument;
  const rows = Number(groups[0]?.proofs[0]?.rows ?? 0);
  if (!ok || rows === 0) throw new Error(`not equal: ${ours.printed}`);
  const found = theirs.printed;
  if (!(found.includes(`${rows} rows in table A`) && found.includes(`${rows} rows unchanged`))) {
    throw new Error(`reladiff did not find ${rows} rows equal: ${found.slice(0, 500)}`);
  }
  return rows;
}

const shown = ({ printed: _, ...seen }: Watched) => seen;

/** All columns of equal rows, at the source and published, beside reladiff on the same two tables, in turn. */
export async function reconcile(rows: number, rounds: number): Promise<Record<string, unknown>> {
  installed("reladiff");
  await using stage = await setStage(provedOf(rows));
  console.error("what is published …");
  const load = stage.child<ProductSide>("product.ts", [PIPELINE, "-", "no-digest"]);
  if (load.outcome !== "published") throw new Error(`the load ended with ${load.outcome}`);
  const turns: Turn[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    console.error(`round ${round} of ${rounds} …`);
    const ours = await product(stage, EVERYTHING);
    turns.push({ ours, theirs: await reladiff(stage) });
  }
  const rowsEqual = turns.map(equalRows);
  const ours = medianOf(turns.map((turn) => turn.ours));
  const theirs = medianOf(turns.map((turn) => turn.theirs));
  return {
    name: "reconcile",
    rows: rowsEqual[0],
    columns: COLUMNS.length + 1,
    rounds,
    reconcile: shown(ours),
    reladiff: shown(theirs),
    ratio: ratio(ours.seconds, theirs.seconds),
    turns: turns.map((turn) => ({ reconcile: shown(turn.ours), reladiff: shown(turn.theirs) })),
  };
}

/** One row of a hundred changes, nineteen of twenty of them in the newest twentieth of the dates. */
const TOUCH = `update src.proved p set status = case status when 'paid' then 'open' else 'paid' end, updated_at = now(), changed = pg_current_xact_id()
from (select id, percent_rank() over (order by created_at) as share from src.proved) n
where n.id = p.id and mod(abs(hashtext(n.id || $1)), 1900) < case when n.share >= 0.95 then 361 else 1 end`;

async function touch({ source }: Stage, round: number): Promise<number> {
  const client = new pg.Client({ connectionString: source });
  await client.connect();
  const { rowCount } = await client.query(TOUCH, [String(round)]);
  await client.query("vacuum analyze src.proved");
  await client.end();
  return rowCount ?? 0;
}

function publish(stage: Stage): void {
  const load = stage.child<ProductSide>("product.ts", [PIPELINE, "-", "no-digest"]);
  if (load.outcome !== "published") throw new Error(`the load ended with ${load.outcome}`);
}

function comparedRows({ printed }: Watched): number {
  const { ok, groups } = JSON.parse(printed) as ReconcileDocument;
  if (!ok) throw new Error(`not equal: ${printed}`);
  return Number(groups[0]?.proofs[0]?.rows ?? 0);
}

/** What one row of a hundred that changed costs to compare, and a segment of the 28th, beside everything; in turn. */
export async function night(rows: number, rounds: number): Promise<Record<string, unknown>> {
  await using stage = await setStage(provedOf(rows));
  publish(stage);
  const first = await product(stage, EVERYTHING);
  const turns: { touched: number; t2: Watched; t4: Watched; all: Watched }[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    console.error(`round ${round} of ${rounds} …`);
    const touched = await touch(stage, round);
    publish(stage);
    const t2 = await product(stage, ["--tier", "T2"]);
    const t4 = await product(stage, ["--tier", "T4"]);
    turns.push({ touched, t2, t4, all: await product(stage, EVERYTHING) });
  }
  const all = medianOf(turns.map((turn) => turn.all));
  const [t2, t4] = [medianOf(turns.map((turn) => turn.t2)), medianOf(turns.map((turn) => turn.t4))];
  return {
    name: "night",
    rows: comparedRows(first),
    rounds,
    touched: turns.map((turn) => [turn.touched, comparedRows(turn.t2), comparedRows(turn.t4)].join(" ")),
    all: shown(all),
    t2: shown(t2),
    t4: shown(t4),
    "t2/all": ratio(t2.seconds, all.seconds),
    "t4/all": ratio(t4.seconds, all.seconds),
  };
}

/** Rows that are spread over all dates, changed without a stamp. */
const SPREAD = 100;

/** Changes spread rows so that no hourly run sees it. @returns how many. */
async function spreadChanges({ source }: Stage, round: number): Promise<number> {
  const client = new pg.Client({ connectionString: source });
  await client.connect();
  const { rowCount } = await client.query(
    `update src.proved p set description = 'round ' || $1 from (
      select id, row_number() over (order by created_at, id) as nth, count(*) over () as rows from src.proved
    ) n where n.id = p.id and n.nth % (n.rows / ${SPREAD}) = 1 and n.nth / (n.rows / ${SPREAD}) < ${SPREAD}`,
    [String(round)],
  );
  await client.query("vacuum analyze src.proved");
  await client.end();
  return rowCount ?? 0;
}

/** How many rows a comparison found to differ, and named one by one. */
function differing({ printed }: Watched): number {
  const { groups } = JSON.parse(printed) as ReconcileDocument;
  return Number(groups[0]?.proofs[0]?.differing ?? 0);
}

/** What a hundred changed rows, one in each hundredth of all dates, cost to find and name, beside the same rows when they are equal; in turn. */
export async function spread(rows: number, rounds: number): Promise<Record<string, unknown>> {
  await using stage = await setStage(provedOf(rows));
  publish(stage);
  const turns: { equal: Watched; changed: Watched; found: number }[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    console.error(`round ${round} of ${rounds} …`);
    const equal = await product(stage, EVERYTHING);
    comparedRows(equal);
    const planted = await spreadChanges(stage, round);
    const changed = await product(stage, EVERYTHING, 10);
    const found = differing(changed);
    if (found !== planted) throw new Error(`${planted} rows were changed, ${found} were found`);
    turns.push({ equal, changed, found });
    // Published as they are, so that the next round begins with equal rows.
    await restamp(stage, round);
    publish(stage);
  }
  const [equal, changed] = [medianOf(turns.map((turn) => turn.equal)), medianOf(turns.map((turn) => turn.changed))];
  return {
    name: "spread",
    rows: comparedRows(turns[0]?.equal ?? equal),
    rounds,
    found: turns.map(({ found }) => found).join(" "),
    equal: shown(equal),
    changed: shown(changed),
    "changed/equal": ratio(changed.seconds, equal.seconds),
  };
}

/** Gives the changed rows the stamp that they lack. */
async function restamp({ source }: Stage, round: number): Promise<void> {
  const client = new pg.Client({ connectionString: source });
  await client.connect();
  await client.query("update src.proved set changed = pg_current_xact_id(), updated_at = now() where description = $1", [
    `round ${round}`,
  ]);
  await client.end();
}
