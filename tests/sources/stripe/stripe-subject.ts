import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_KEY, startStripe } from "../../../sandbox/stripe/start-stripe.ts";
import { CLAIMS } from "../../support/claims-house.ts";
import { BEGAN, openHouseAt } from "../../support/stripe-house.ts";
import { openWay } from "../../support/way.ts";
import { claimsContract, KEY } from "../claims-contract.ts";
import { type Abilities, lacks, type Name, type SourceRow, type Subject } from "../conformance-subject.ts";

/** What objects of Stripe can do of what sources can. */
export const STRIPE_ABILITIES: Abilities = {
  instalments: lacks("its instalments are pages of 100 objects of any feed: loads.test.ts has them"),
  deletes: true,
  resumes: lacks("a list that is read again is as it is by then"),
  state: true,
  columns: lacks("an object has no declared columns, and what a contract does not name is not looked at"),
  types: lacks("what it gives is JSON, and a value of another type is a row's matter"),
  totals: lacks("nothing there counts"),
  secrets: true,
};

const SOURCE = `source: app
kind: stripe
owner: desk
api_key: { env: STRIPE_API_KEY }
address: "\${STRIPE_URL}"
feeds:
  accounts: { object: customers, contract: app.accounts, source_key: [object_id], business_key: [account_id] }
  entries:
    object: invoices
    contract: app.entries
    source_key: [object_id]
    business_key: [entry_id]
    money: { amount: amount, currency: currency, unit: minor }
`;

/** A column whose value stands in the metadata of the object. */
const column = (name: string, type: "string" | "bigint", more = "required: true") => `
      - name: ${name}
        logicalType: ${type === "string" ? "string" : "integer"}
        physicalType: ${type === "string" ? "text" : "bigint"}
        customProperties: [{ property: path, value: /metadata/${name} }]
        ${more}`;

const ID = `
      - name: object_id
        logicalType: string
        physicalType: text
        required: true
        customProperties: [{ property: path, value: /id }]`;

const contract = (name: Name, columns: readonly string[]) => claimsContract(name, [ID, ...columns]);

const CONTRACTS: Readonly<Record<Name, string>> = {
  accounts: contract("accounts", [
    column("id", "bigint"),
    column("account_id", "string", KEY),
    column("name", "string"),
    column("v", "bigint"),
  ]),
  entries: contract("entries", [
    column("id", "bigint"),
    column("entry_id", "string", KEY),
    column("account_id", "string", "required: true\n        relationships: [{ to: accounts.account_id }]"),
    column("amount", "bigint", "required: true\n        logicalTypeOptions: { minimum: 0 }"),
    column("currency", "string"),
    column("memo", "string", ""),
  ]),
};

/** Texts by name; null takes a name away. */
type Metadata = Readonly<Record<string, string | null>>;

/** Objects of an account that carry rows: customers those of accounts, drafts of invoices those of entries. */
export interface Carriers {
  /** Where the account is: a path may follow the origin. */
  readonly url: string;
  readonly key: string;
  /** @returns the id of a new customer. */
  createAccount(metadata: Metadata): Promise<string>;
  /** @returns the id of a new draft for a customer. */
  createEntry(metadata: Metadata, customer: string): Promise<string>;
  change(feed: Name, id: string, metadata: Metadata): Promise<void>;
  remove(feed: Name, id: string): Promise<void>;
  /** Moves the account's clock so far that a run sees what happened before. */
  pass(): Promise<void>;
  close(): Promise<void>;
}

const metadataOf = (row: SourceRow): Metadata =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)]));

/** The fixture `claims` as objects of an account. */
export async function stripeSubjectOn(carriers: Carriers): Promise<Subject> {
  const directory = mkdtempSync(join(tmpdir(), "ledgerloop-pipeline-"));
  cpSync(CLAIMS, directory, { recursive: true });
  writeFileSync(join(directory, "sources/app.yaml"), SOURCE);
  for (const [name, text] of Object.entries(CONTRACTS)) writeFileSync(join(directory, `contracts/app.${name}.odcs.yaml`), text);
  const { port, pathname } = new URL(carriers.url);
  const way = await openWay(Number(port));
  const url = `http://127.0.0.1:${way.port}${pathname}`;
  const house = await openHouseAt({ url, env: { STRIPE_API_KEY: carriers.key }, directory });
  const ids: Record<Name, Map<number, string>> = { accounts: new Map(), entries: new Map() };
  const customers = new Map<string, string>();
  const create = async (feed: Name, row: SourceRow): Promise<string> => {
    const account = String(row["account_id"]);
    if (feed === "entries") return carriers.createEntry(metadataOf(row), customers.get(account) ?? "");
    const made = await carriers.createAccount(metadataOf(row));
    customers.set(account, made);
    return made;
  };
  const put = async (feed: Name, row: SourceRow) => {
    const known = ids[feed].get(row.id);
    if (known === undefined) ids[feed].set(row.id, await create(feed, row));
    else await carriers.change(feed, known, metadataOf(row));
  };
  const remove = async (feed: Name, gone: readonly number[]) => {
    for (const id of gone) {
      await carriers.remove(feed, ids[feed].get(id) ?? "");
      ids[feed].delete(id);
    }
    await carriers.pass();
  };
  return {
    house,
    secrets: [carriers.key],
    findsRemoved: {},
    put: async (feed, rows) => {
      for (const row of rows) await put(feed, row);
      await carriers.pass();
    },
    remove,
    addColumn: () => Promise.reject(new Error("objects have no columns")),
    retype: () => Promise.reject(new Error("objects have no columns")),
    // Nothing there counts, so that nothing can disagree.
    lie: async () => undefined,
    sayDeleted: (id) => remove("accounts", [id]),
    goAway: async () => {
      await way.shut();
      return way.reopen;
    },
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]();
      await way.shut().catch(() => undefined);
      await carriers.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Texts that are there. */
const present = (metadata: Metadata) => Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null));

/** The fixture `claims` in an account of the simulator. */
export async function stripeSubject(): Promise<Subject> {
  const stripe = await startStripe({ now: BEGAN });
  const { customers, invoices } = stripe.books;
  return stripeSubjectOn({
    url: stripe.url,
    key: DEFAULT_KEY,
    createAccount: async (metadata) => customers.create({ metadata: present(metadata) }).id,
    createEntry: async (metadata, customer) => invoices.create({ customer, currency: "usd", metadata: present(metadata) }).id,
    change: async (feed, id, metadata) =>
      void (feed === "accounts"
        ? customers.update(id, { metadata: present(metadata) })
        : invoices.update(id, { metadata: present(metadata) })),
    remove: async (feed, id) => (feed === "accounts" ? customers.remove(id) : invoices.remove(id)),
    pass: async () => stripe.clock.advance(600),
    close: stripe.close,
  });
}
