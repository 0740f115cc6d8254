import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startSalesforce } from "../../sandbox/salesforce/start-salesforce.ts";
import { DEFAULT_KEY, startStripe } from "../../sandbox/stripe/start-stripe.ts";
import { freshDatabase } from "../support/postgres.ts";
import { loginOf } from "../support/salesforce-house.ts";
import { withEnv } from "../support/with-env.ts";
import { ledgerloop } from "./small-run.ts";

const BEGAN = new Date("2026-10-05T12:00:00Z");

const BILLING = `
create schema billing;
create table billing.customers (id bigint primary key, customer_id text, legal_name text, display_name text, email text, country text,
  currency text, row_version bigint default 1, updated_at timestamptz default '2026-10-05T10:00:00Z', chg xid8 default pg_current_xact_id());
create table billing.subscriptions (id bigint primary key, subscription_id text, customer_id text, plan_id text, status text, currency text,
  amount_minor bigint, updated_at timestamptz default '2026-10-05T10:00:00Z', chg xid8 default pg_current_xact_id());
create table billing.invoices (id bigint primary key, invoice_id text, customer_id text, subscription_id text, status text, currency text,
  amount_due_minor bigint, issued_on date, updated_at timestamptz default '2026-10-05T10:00:00Z', chg xid8 default pg_current_xact_id());
create table billing.payments (id bigint primary key, payment_number text, invoice_id text, customer_id text, kind text, method text,
  charge_ref text, currency text, amount_minor bigint, posted_on date, updated_at timestamptz default '2026-10-05T10:00:00Z',
  chg xid8 default pg_current_xact_id());
insert into billing.customers (id, customer_id, legal_name, country, currency) values
  (1, 'cu_1', E'A "quoted" name\\nof two lines', 'DE', 'EUR'), (2, 'cu_2', 'Second', 'DE', 'EUR');
insert into billing.invoices (id, invoice_id, customer_id, status, currency, amount_due_minor, issued_on)
  values (1, 'inv_1', 'cu_1', 'open', 'EUR', 900, '2026-10-04');
insert into billing.payments (id, payment_number, invoice_id, customer_id, kind, method, currency, amount_minor, posted_on)
  values (1, 'p1', 'inv_1', 'cu_1', 'payment', 'bank_transfer', 'EUR', 900, '2026-10-05');
`;

export const REMITTANCES = "partner,number,customer_id,amount_minor,currency,paid_on\nmeridian,r1,cu_1,500,EUR,2026-10-04\n";

/** `examples/company` with its four systems on this machine: a server, two simulators, a folder. */
export async function companyPlace() {
  const state = mkdtempSync(join(tmpdir(), "ledgerloop-company-"));
  const pipeline = join(state, "pipeline");
  cpSync("examples/company", pipeline, { recursive: true });
  // The simulator's accounts have no field of that name.
  const contract = join(pipeline, "contracts/salesforce.accounts.odcs.yaml");
  writeFileSync(contract, readFileSync(contract, "utf8").replace("Billing_Customer_ID__c", "AccountNumber"));
  const billing = await freshDatabase();
  const control = await freshDatabase();
  const client = await billing.client();
  await client.query(BILLING);
  const stripe = await startStripe({ now: BEGAN, createdAt: new Date("2026-10-01T00:00:00Z") });
  const org = await startSalesforce({ now: BEGAN });
  const files = join(state, "inbox");
  const put = (path: string, text: string) => {
    const file = join(files, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    const before = new Date(Date.now() - 3_600_000);
    utimesSync(file, before, before);
  };
  const secrets = { STRIPE_API_KEY: DEFAULT_KEY, ...loginOf(org) };
  const env = {
    ...{ LEDGERLOOP_STATE: state, BILLING_URL: billing.url, CONTROL_URL: control.url, LEDGERLOOP_ACTOR: "tester" },
    ...{ STRIPE_URL: stripe.url, PARTNERS_LOCATION: files, ...secrets },
  };
  return {
    state,
    client,
    stripe,
    org,
    put,
    /** An hour passes at both APIs. */
    hour: () => {
      for (const { clock } of [stripe, org]) clock.set(new Date(clock.now().getTime() + 3_600_000));
    },
    there: (...args: string[]) => withEnv(secrets, () => ledgerloop([...args, "--pipeline", pipeline], env)),
    [Symbol.asyncDispose]: async () => {
      await org.close();
      await stripe.close();
      await billing[Symbol.asyncDispose]();
      await control[Symbol.asyncDispose]();
      rmSync(state, { recursive: true, force: true });
    },
  };
}
