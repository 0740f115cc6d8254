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
  await client.query("alter table src.proved add primary key (id)");
  await client.query("drop table src.customers, src.subscriptions, src.payments, src.invoices");
  await client.query("vacuum analyze src.proved");
  await client.end();
}

/** Invoices with a key, of about so many rows in all four tables of the hour. */
function provedOf(rows: number): StageData {
  const n = customersFor(2 * rows);
  return { n, rows: 10 * n, create: createProved };
}

/** The program as a person calls it; ends with 0 where all is equal. */
function product({ env, servers }: Stage): Promise<Watched> {
  const bin = join(import.meta.dirname, "..", "dist", "src", "bin.js");
  const args = [bin, "reconcile", "run", "--leg", "R1", "--json", "--pipeline", PIPELINE];
  return watched({ command: process.execPath, args, env, servers });
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
    const ours = await product(stage);
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
