import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { defaultApp } from "../../sandbox/salesforce/apps.ts";
import type { Salesforce } from "../../sandbox/salesforce/start-salesforce.ts";
import { credentials, type Got, orgOfNow, simpleSalesforce } from "./support/salesforce-clients.ts";

const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const COUNT = 4_321;
const MINUTE_MS = 60_000;

let org: Salesforce;

beforeEach(async () => {
  const publicKey = keys.publicKey.export({ type: "spki", format: "pem" }).toString();
  org = await orgOfNow({ apps: [{ ...defaultApp(), publicKey }], bulkPolls: 2 });
  org.books.createMany("Account", COUNT, (at) => ({
    Name: `Account "${at}", é\nline`,
    AnnualRevenue: at % 7 === 0 ? null : at * 1_000_003,
    NumberOfEmployees: at,
  }));
});

afterEach(() => org.close());

const asked = (asks: readonly Got[], privateKey?: string) => simpleSalesforce(org, credentials(org, privateKey), asks);

const shown = (row: Got) => ({
  Id: row["Id"],
  Name: row["Name"],
  AnnualRevenue: row["AnnualRevenue"] === null || row["AnnualRevenue"] === undefined ? null : Number(row["AnnualRevenue"]),
  NumberOfEmployees: Number(row["NumberOfEmployees"]),
  SystemModstamp: new Date(row["SystemModstamp"] as string | number).getTime(),
});

const SOQL = "SELECT Id, Name, AnnualRevenue, NumberOfEmployees, SystemModstamp FROM Account";

test("simple-salesforce signs in by client credentials and by an assertion that it signs itself", async () => {
  const ask = [{ kind: "query", soql: "SELECT Id, IsSandbox FROM Organization" }];
  const privateKey = keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  for (const key of [undefined, privateKey]) {
    const [{ records }] = await asked(ask, key);
    expect(records).toMatchObject([{ Id: org.orgId, IsSandbox: true }]);
  }
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString();
  await expect(asked(ask, other)).rejects.toThrow("invalid assertion");
});

test("simple-salesforce reads all pages of queries, row by row what the books have", async () => {
  const [first] = org.books.rows("Account");
  org.books.delete(String(first?.["Id"]));
  const [live, all, counted, described] = await asked([
    { kind: "query_all", soql: SOQL },
    { kind: "query_all", soql: SOQL, deleted: true },
    { kind: "query", soql: "SELECT COUNT(Id), MAX(NumberOfEmployees) most FROM Account" },
    { kind: "describe", object: "Account" },
  ]);
  expect(all.records.map(shown)).toEqual(org.books.rows("Account").map(shown));
  expect([live.records.length, live.totalSize]).toEqual([COUNT - 1, COUNT - 1]);
  expect(counted.records).toMatchObject([{ expr0: COUNT - 1, most: COUNT - 1 }]);
  expect(described.fields.map(({ name }: { name: string }) => name)).toEqual(
    org.schema.object("Account").fields.map(({ name }) => name),
  );
});

/** Fields of a text of quoted fields, read without regard to what wrote it. */
function parsed(text: string, delimiter: string): string[][] {
  const field = new RegExp(`"((?:[^"]|"")*)"(${delimiter}|\\n)`, "gy");
  const rows: string[][] = [[]];
  for (const [, value = "", end] of text.matchAll(field)) {
    rows.at(-1)?.push(value.replaceAll('""', '"'));
    if (end === "\n") rows.push([]);
  }
  return rows.slice(0, -1);
}

test("simple-salesforce reads a job's pages, row by row what the books have", async () => {
  const [first] = org.books.rows("Account");
  org.books.delete(String(first?.["Id"]));
  const [pages, live] = await asked([
    { kind: "bulk2", soql: SOQL, maxRecords: 1000, delimiter: "TAB", deleted: true },
    { kind: "bulk2", soql: SOQL, maxRecords: 50_000, delimiter: "COMMA" },
  ]);
  const records = (texts: string[], delimiter: string) =>
    texts.flatMap((text) => {
      const [head = [], ...rows] = parsed(text, delimiter);
      return rows.map((row) => shown(Object.fromEntries(head.map((name, at) => [name, row[at] === "" ? null : row[at]]))));
    });
  expect(pages.length).toBe(5);
  expect(records(pages, "\t")).toEqual(org.books.rows("Account").map(shown));
  expect(records(live, ",")).toEqual(org.books.rows("Account").slice(1).map(shown));
});

test("simple-salesforce makes, changes and deletes rows, and replicates them", async () => {
  const [made] = await asked([{ kind: "create", object: "Contact", fields: { LastName: "Vos" } }]);
  const [changed] = await asked([{ kind: "update", object: "Contact", id: made.id, fields: { FirstName: "Ada" } }]);
  expect([changed, org.books.find(made.id)]).toMatchObject([204, { LastName: "Vos", FirstName: "Ada" }]);
  const other = org.books.create("Contact", { LastName: "gone" });
  const now = org.clock.now().getTime();
  org.clock.advance(120);
  const start = new Date(now - MINUTE_MS).toISOString().replace("Z", "+00:00");
  const end = new Date(now + 2 * MINUTE_MS).toISOString().replace("Z", "+00:00");
  const [deleted, updates, deletions, limits, usage] = await asked([
    { kind: "delete", object: "Contact", id: other },
    { kind: "updated", object: "Contact", start, end },
    { kind: "deleted", object: "Contact", start, end: new Date(now + 4 * MINUTE_MS).toISOString().replace("Z", "+00:00") },
    { kind: "limits" },
    { kind: "usage" },
  ]);
  expect(deleted).toBe(204);
  expect(updates.ids).toEqual([made.id]);
  expect(deletions.deletedRecords.map(({ id }: { id: string }) => id)).toEqual([other]);
  expect(limits.DailyApiRequests).toEqual({ Max: 100_000, Remaining: 100_000 - org.limits.used + 1 });
  expect(usage).toEqual({ used: org.limits.used, total: 100_000 });
});
