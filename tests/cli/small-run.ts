import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import picocolors from "picocolors";
import { createApp } from "../../src/app/app.ts";
import { main } from "../../src/cli/main.ts";
import { freshDatabase, type TestDatabase } from "../support/postgres.ts";

/** A pipeline of billing alone, which needs one database: what the places of these tests load. */
export const BILLING_PIPELINE = "tests/fixtures/pipelines/billing";

/** How one command line ended, and what it wrote where. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A place of its own: two databases, a state folder, and the program pointed at them. */
export interface ProgramPlace extends AsyncDisposable {
  readonly folder: string;
  readonly billing: TestDatabase;
  readonly env: Readonly<Record<string, string>>;
  ledgerloop(...args: string[]): Promise<Ended>;
  /** The same with more environment variables. */
  at(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended>;
  /** Runs a command with `--json`; fails unless standard output is one document. */
  json(...args: string[]): Promise<{ code: number; document: unknown }>;
}

/** Runs a command line in this process, as `bin.ts` would. */
export async function ledgerloop(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await main(createApp(env), args, {
    // Bytes as a text of as many characters.
    out: (text) => out.push(typeof text === "string" ? text : Buffer.from(text).toString("latin1")),
    err: (text) => err.push(text),
    paint: picocolors.createColors(false),
  });
  return { code, out: out.join(""), err: err.join("") };
}

/** A command line over the pipeline of billing alone, unless it names another one or takes none. */
function overBilling(args: readonly string[]): readonly string[] {
  const takesNone = ["demo", "sandbox", "check"].includes(args[0] ?? "") || args.includes("--help");
  return takesNone || args.includes("--pipeline") ? args : [...args, "--pipeline", BILLING_PIPELINE];
}

/** Databases and folders without any data; the billing schema is there. */
export async function emptyPlace(): Promise<ProgramPlace> {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-cli-"));
  const billing = await freshDatabase();
  const control = await freshDatabase();
  const client = await billing.client();
  await client.query(readFileSync("sandbox/billing/billing.sql", "utf8"));
  const env = { LEDGERLOOP_STATE: folder, BILLING_URL: billing.url, CONTROL_URL: control.url, LEDGERLOOP_ACTOR: "tester" };
  const here = (...args: string[]) => ledgerloop(overBilling(args), env);
  return {
    folder,
    billing,
    env,
    ledgerloop: here,
    at: (more, ...args) => ledgerloop(overBilling(args), { ...env, ...more }),
    json: async (...args) => {
      const ended = await here(...args, "--json");
      if (ended.out === "") throw new Error(`no document: ${ended.err}`);
      return { code: ended.code, document: JSON.parse(ended.out) as unknown };
    },
    [Symbol.asyncDispose]: async () => {
      await billing[Symbol.asyncDispose]();
      await control[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An address that no output may show. */
export const SECRET_EMAIL = "secret.person@example.test";

/** Twenty rows a table. */
export const ROWS = `
insert into billing.customers (id, customer_id, legal_name, email, phone, currency, balance_minor, delinquent)
select n, 'cus_' || n, 'Company ' || n, '${SECRET_EMAIL}', '+49 30 5550100', 'EUR', 0, false from generate_series(1, 20) n;
insert into billing.subscriptions (id, subscription_id, customer_id, plan_id, status, currency, amount_minor, quantity,
  billing_interval, collection_method, period_start, period_end, started_on)
select n, 'sub_' || n, 'cus_' || n, 'team', 'active', 'EUR', 4900, 1, 'month', 'charge_automatically',
  '2026-11-01', '2026-12-01', '2026-01-01' from generate_series(1, 20) n;
insert into billing.invoices (id, invoice_id, invoice_number, customer_id, subscription_id, status, billing_reason, currency,
  subtotal_minor, tax_minor, amount_due_minor, amount_paid_minor, issued_on, due_on, customer_email)
select n, 'inv_' || n, 'A-' || n, 'cus_' || n, 'sub_' || n, 'paid', 'subscription_cycle', 'EUR', 4900, 931, 5831, 5831,
  '2026-11-02', '2026-11-16', '${SECRET_EMAIL}' from generate_series(1, 20) n;
insert into billing.payments (id, payment_id, invoice_id, customer_id, kind, status, method, currency, amount_minor, fee_minor,
  receipt_email, card_last4, received_at, posted_on)
select n, 'pay_' || n, 'inv_' || n, 'cus_' || n, 'payment', 'succeeded', 'card', 'EUR', 5831, 100, '${SECRET_EMAIL}', '4242',
  '2026-11-03', '2026-11-03' from generate_series(1, 20) n;
-- One row that is wrong twice, one that only lacks its parent.
update billing.invoices set customer_id = null, status = 'payed' where id = 7;
update billing.payments set invoice_id = 'inv_late' where id = 9`;

/** Payments as of an hour ago: younger ones are read again by the next run, and are in flight until then. */
export const SETTLED = `
set session_replication_role = replica;
update billing.payments set updated_at = now() - interval '1 hour';
set session_replication_role = origin`;

/** Writes billing's pipeline without payments, those of partners neither, into a folder. */
export function withoutPayments(folder: string): void {
  cpSync(BILLING_PIPELINE, folder, {
    recursive: true,
    filter: (path) => !/(?<!_)(payments?|remittances)\.(sql|odcs\.yaml)$|partners\.yaml$|\.state/.test(path),
  });
  const change = (file: string, from: RegExp) => {
    const path = join(folder, file);
    writeFileSync(path, readFileSync(path, "utf8").replaceAll(from, ""));
  };
  change("pipeline.yaml", /, (billing\.payments, partners\.remittances|payment)(?=\])/g);
  change("sources/billing.yaml", / {2}payments:[\s\S]*$/g);
}

/** Writes billing's pipeline with `billing.invoices` called `billing.bills`, into a folder; the table's name at the source stays. */
export function withBills(folder: string): void {
  cpSync(BILLING_PIPELINE, folder, { recursive: true, filter: (path) => !path.includes(".state") });
  const change = (file: string, ...pairs: readonly (readonly [from: string, to: string])[]) => {
    const path = join(folder, file);
    writeFileSync(
      path,
      pairs.reduce((text, [from, to]) => text.replaceAll(from, to), readFileSync(path, "utf8")),
    );
  };
  const contract = join(folder, "contracts/billing.invoices.odcs.yaml");
  renameSync(contract, join(folder, "contracts/billing.bills.odcs.yaml"));
  change(
    "contracts/billing.bills.odcs.yaml",
    ["id: billing.invoices", "id: billing.bills"],
    ["- name: invoices", "- name: bills"],
  );
  change("contracts/billing.payments.odcs.yaml", ["to: invoices.", "to: bills."]);
  change("contracts/partners.remittances.odcs.yaml", [
    "billing.invoices.odcs.yaml#/schema/invoices/",
    "billing.bills.odcs.yaml#/schema/bills/",
  ]);
  change("contracts/invoice.odcs.yaml", ["billing.invoices.", "billing.bills."]);
  change("models/invoice.sql", ["billing.invoices", "billing.bills"], ["billing_invoices", "billing_bills"]);
  change("pipeline.yaml", ["billing.invoices", "billing.bills"]);
  change("sources/billing.yaml", ["contract: billing.invoices", "contract: billing.bills"], ["  invoices:", "  bills:"]);
}

/** A wrong amount that the gate of quarantined money refuses. */
export const TOO_MUCH = `update billing.invoices set amount_due_minor = 500000000 where id between 1 and 3`;

/** Twenty rows a table, loaded once; then a run that a gate blocked. */
export async function smallRun(): Promise<ProgramPlace & { readonly published: string; readonly blocked: string }> {
  const place = await emptyPlace();
  const client = await place.billing.client();
  await client.query(ROWS);
  await place.ledgerloop("up");
  const run = async (...args: string[]) => (await place.json("run", ...args)).document as { run_id: string };
  const { run_id: published } = await run("--window", "2026-11-02T00:00:00Z/2026-11-03T00:00:00Z");
  await client.query(TOO_MUCH);
  const { run_id: blocked } = await run("--reason", "test", "--ticket", "FIN-1");
  return { ...place, published, blocked };
}
