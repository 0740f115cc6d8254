import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FieldType } from "../../../sandbox/salesforce/values.ts";
import { freePort } from "../../../src/embedded/free-port.ts";
import { CLAIMS } from "../../support/claims-house.ts";
import { openSalesforceHouse } from "../../support/salesforce-house.ts";
import { openWay } from "../../support/way.ts";
import { claimsContract, KEY } from "../claims-contract.ts";
import { type Abilities, lacks, type Name, type SourceRow, type Subject } from "../conformance-subject.ts";

/** What records of an org can do of what sources can. */
export const SALESFORCE_ABILITIES: Abilities = {
  instalments: lacks("a job brings everything, and goes on where it was broken off", "2026-11-27"),
  deletes: true,
  resumes: lacks("its pieces are pages of a job, 48 MiB together: salesforce-reads.test.ts has them", "2026-11-27"),
  state: lacks("it keeps none", "2026-11-27"),
  ...{ columns: true, types: true, totals: true, secrets: true },
};

const SOURCE = `source: app
kind: salesforce
owner: desk
address: "\${SALESFORCE_URL}"
login:
  flow: client_credentials
  client_id: { env: SALESFORCE_CLIENT_ID }
  client_secret: { env: SALESFORCE_CLIENT_SECRET }
feeds:
  accounts:
    { object: Acct__c, contract: app.accounts, source_key: [record_id], business_key: [account_id], version: changed_at }
  entries:
    object: Entry__c
    contract: app.entries
    source_key: [record_id]
    business_key: [entry_id]
    version: changed_at
    money: { amount: amount, currency: currency, unit: minor }
`;

type Typed = "string" | "integer" | "timestamp";

const PHYSICAL: Readonly<Record<Typed, string>> = { string: "text", integer: "bigint", timestamp: "timestamptz" };

const column = (name: string, of: { field: string; type: Typed }, more = "required: true") => `
      - name: ${name}
        physicalName: ${of.field}
        logicalType: ${of.type}
        physicalType: ${PHYSICAL[of.type]}
        ${more}`;

const OWN = [
  column("record_id", { field: "Id", type: "string" }),
  column("changed_at", { field: "SystemModstamp", type: "timestamp" }),
];

const contract = (name: Name, columns: readonly string[]) => claimsContract(name, [...OWN, ...columns]);

const text = (field: string) => ({ field, type: "string" as const });
const integer = (field: string) => ({ field, type: "integer" as const });

const CONTRACTS: Readonly<Record<Name, string>> = {
  accounts: contract("accounts", [
    column("id", integer("Row__c")),
    column("account_id", text("Account__c"), KEY),
    column("name", text("Name")),
    column("v", integer("V__c")),
  ]),
  entries: contract("entries", [
    column("id", integer("Row__c")),
    column("entry_id", text("Entry__c"), KEY),
    column("account_id", text("Account__c"), "required: true\n        relationships: [{ to: accounts.account_id }]"),
    column("amount", integer("Amount__c"), "required: true\n        logicalTypeOptions: { minimum: 0 }"),
    column("currency", text("CurrencyIsoCode")),
    column("memo", text("Memo__c"), ""),
  ]),
};

const OBJECTS: Readonly<Record<Name, string>> = { accounts: "Acct__c", entries: "Entry__c" };

const field = (name: string, type: FieldType) => ({ name, type });

const FIELDS: Readonly<Record<Name, readonly { name: string; type: FieldType }[]>> = {
  accounts: [field("Name", "string"), field("Row__c", "int"), field("Account__c", "string"), field("V__c", "int")],
  entries: [
    ...[field("Row__c", "int"), field("Entry__c", "string"), field("Account__c", "string"), field("Amount__c", "double")],
    field("Memo__c", "string"),
  ],
};

const FIELD_OF: Readonly<Record<string, string>> = {
  ...{ id: "Row__c", account_id: "Account__c", entry_id: "Entry__c", name: "Name", v: "V__c" },
  ...{ amount: "Amount__c", currency: "CurrencyIsoCode", memo: "Memo__c" },
};

const fieldsOf = (row: SourceRow) =>
  Object.fromEntries(Object.entries(row).flatMap(([name, value]) => (FIELD_OF[name] ? [[FIELD_OF[name], value]] : [])));

/** The fixture `claims` as custom objects of an org of the simulator. */
export async function salesforceSubject(): Promise<Subject> {
  const directory = mkdtempSync(join(tmpdir(), "ledgerloop-pipeline-"));
  cpSync(CLAIMS, directory, { recursive: true });
  writeFileSync(join(directory, "sources/app.yaml"), SOURCE);
  for (const [name, written] of Object.entries(CONTRACTS))
    writeFileSync(join(directory, `contracts/app.${name}.odcs.yaml`), written);
  const port = await freePort();
  const way = await openWay(port);
  const address = `http://127.0.0.1:${way.port}`;
  const of = await openSalesforceHouse({ directory, env: { SALESFORCE_URL: address }, org: { port, address } });
  const { org, house, pass } = of;
  for (const name of ["accounts", "entries"] as const) org.schema.addObject({ name: OBJECTS[name], fields: FIELDS[name] });
  const ids: Record<Name, Map<number, string>> = { accounts: new Map(), entries: new Map() };
  const put = (feed: Name, row: SourceRow) => {
    const known = ids[feed].get(row.id);
    if (known === undefined) ids[feed].set(row.id, org.books.create(OBJECTS[feed], fieldsOf(row)));
    else {
      if (org.books.find(known)?.["IsDeleted"] === true) org.books.undelete(known);
      org.books.update(known, fieldsOf(row));
    }
  };
  const remove = (feed: Name, gone: readonly number[]) => {
    for (const id of gone) org.books.delete(ids[feed].get(id) ?? "");
    pass(600);
  };
  return {
    house,
    secrets: [org.apps[0]?.secret ?? ""],
    findsRemoved: {},
    put: async (feed, rows) => {
      for (const row of rows) put(feed, row);
      pass(600);
    },
    remove: async (feed, gone) => remove(feed, gone),
    addColumn: async (feed, name) => {
      org.schema.addField(OBJECTS[feed], field(`${name}__c`, "string"));
      pass(600);
    },
    retype: async (feed, name) => {
      org.schema.retypeField(OBJECTS[feed], FIELD_OF[name] ?? "", "textarea");
      pass(600);
    },
    lie: async (feed) => void org.faults.on("row_lost", { times: 1_000, match: new RegExp(`FROM ${OBJECTS[feed]}`) }),
    sayDeleted: async (id) => remove("accounts", [id]),
    goAway: async () => {
      await way.shut();
      return way.reopen;
    },
    [Symbol.asyncDispose]: async () => {
      await of[Symbol.asyncDispose]();
      await way.shut().catch(() => undefined);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
