import { expect } from "vitest";
import type { SalesforceHouse } from "./salesforce-house.ts";

type Value = string | number | boolean | null;
type OrgRow = Readonly<Record<string, Value>>;

const text = (value: Value | undefined) => (value === null || value === undefined ? null : String(value));
const stamp = (value: Value | undefined) => new Date(Number(value ?? 0)).toISOString().slice(0, 19).replace("T", " ");
const fixed = (value: Value | undefined, places: number) =>
  value === null || value === undefined ? null : money(String(value), places);

function money(plain: string, places: number): string {
  const [whole = "0", fraction = ""] = plain.split(".");
  return `${whole}.${fraction.padEnd(places, "0")}`;
}

const common = (row: OrgRow) => ({ created_at: stamp(row["CreatedDate"]), system_modstamp: stamp(row["SystemModstamp"]) });

/** What the columns of each feed of the example must hold of a record; told by hand, so that it shares nothing with the reader. */
const EXPECTED: Readonly<Record<string, { readonly object: string; of(row: OrgRow): Record<string, string | null> }>> = {
  accounts: {
    object: "Account",
    of: (row) => ({
      ...{ id: text(row["Id"]), name: text(row["Name"]), type: text(row["Type"]), parent_id: text(row["ParentId"]) },
      ...{ account_number: text(row["AccountNumber"]), industry: text(row["Industry"]) },
      ...{
        annual_revenue: fixed(row["AnnualRevenue"], 2),
        currency: text(row["CurrencyIsoCode"]),
        owner_id: text(row["OwnerId"]),
      },
      ...common(row),
    }),
  },
  account_merges: {
    object: "Account",
    of: (row) => ({
      ...{ id: text(row["Id"]), merged_into_id: text(row["MasterRecordId"]), system_modstamp: stamp(row["SystemModstamp"]) },
    }),
  },
  contacts: {
    object: "Contact",
    of: (row) => ({
      ...{ id: text(row["Id"]), account_id: text(row["AccountId"]), first_name: text(row["FirstName"]) },
      ...{ last_name: text(row["LastName"]), email: text(row["Email"]) },
      ...common(row),
    }),
  },
  opportunities: {
    object: "Opportunity",
    of: (row) => ({
      ...{ id: text(row["Id"]), account_id: text(row["AccountId"]), name: text(row["Name"]), stage: text(row["StageName"]) },
      ...{ amount: fixed(row["Amount"], 2), currency: text(row["CurrencyIsoCode"]), close_date: text(row["CloseDate"]) },
      ...{ probability: fixed(row["Probability"], 2) },
      ...common(row),
    }),
  },
  orders: {
    object: "Order",
    of: (row) => ({
      ...{ id: text(row["Id"]), account_id: text(row["AccountId"]), opportunity_id: text(row["OpportunityId"]) },
      ...{ order_number: text(row["OrderNumber"]), status: text(row["Status"]), effective_date: text(row["EffectiveDate"]) },
      ...{ total_amount: fixed(row["TotalAmount"], 2), currency: text(row["CurrencyIsoCode"]) },
      ...common(row),
    }),
  },
};

export const ORG_FEEDS: readonly string[] = Object.keys(EXPECTED);

function isOf(feed: string, row: OrgRow): boolean {
  if (feed === "account_merges") return row["IsDeleted"] === true && (row["MasterRecordId"] ?? null) !== null;
  return row["IsDeleted"] === false;
}

/** Rows as texts, in an order of their own. */
const sorted = (rows: readonly Record<string, string | null>[]) => rows.map((row) => JSON.stringify(row)).sort();

/** What the org holds of a feed. */
export function heldBy({ org }: SalesforceHouse, feed: string): string[] {
  const expected = EXPECTED[feed];
  if (!expected) throw new Error(`no feed ${feed}`);
  const rows = org.books.rows(expected.object) as readonly OrgRow[];
  return sorted(rows.filter((row) => isOf(feed, row)).map(expected.of));
}

/** What staging holds of a feed. */
export async function stagedFrom({ house }: SalesforceHouse, feed: string): Promise<string[]> {
  const names = Object.keys(EXPECTED[feed]?.of({}) ?? {});
  const columns = names.map((name) =>
    ["created_at", "system_modstamp"].includes(name)
      ? `strftime(${name}, '%Y-%m-%d %H:%M:%S') as ${name}`
      : `cast(${name} as varchar) as ${name}`,
  );
  const rows = await house.query(`select ${columns.join(", ")} from staging.salesforce_${feed}`);
  return sorted(rows.map((row) => Object.fromEntries(names.map((name) => [name, row[name] ?? null]))));
}

/** Whether staging has what the org holds, row by row, each once, and nothing waits. */
export async function isSameAsOrg(of: SalesforceHouse, feeds = ORG_FEEDS): Promise<boolean> {
  for (const feed of feeds) if ((await stagedFrom(of, feed)).join("\n") !== heldBy(of, feed).join("\n")) return false;
  return (await of.house.query("select feed from ops.open_quarantine")).length === 0;
}

/** Staging has what the org holds, row by row, each once; nothing waits. */
export async function expectSameAsOrg(of: SalesforceHouse, feeds = ORG_FEEDS): Promise<void> {
  for (const feed of feeds) expect({ feed, rows: await stagedFrom(of, feed) }).toEqual({ feed, rows: heldBy(of, feed) });
  expect(await of.house.query("select feed, source_key, reasons from ops.open_quarantine")).toEqual([]);
}
