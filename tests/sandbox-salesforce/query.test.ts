import { expect, test } from "vitest";
import { defaultApp } from "../../sandbox/salesforce/apps.ts";
import type { Salesforce } from "../../sandbox/salesforce/start-salesforce.ts";
import { type Ask, signedIn, simulated, soql } from "./simulated.ts";

const deal = (name: string, more: Record<string, string | number | boolean | Date | null> = {}) => ({
  Name: name,
  CloseDate: "2026-11-01",
  ...more,
});

async function names(ask: Ask, where: string, object = "Opportunity"): Promise<string[]> {
  const { json } = await ask(soql(`SELECT Name FROM ${object} ${where}`));
  return Array.isArray(json) ? json.map(({ errorCode }) => errorCode) : json.records.map((one: { Name: string }) => one.Name);
}

async function withDeals(): Promise<{ salesforce: Salesforce; ask: Ask; ids: string[] }> {
  const salesforce = await simulated();
  const { books, clock } = salesforce;
  const ids = [books.create("Opportunity", deal("one", { Amount: "9.5", StageName: "Closed Won", Probability: 100 }))];
  clock.advance(1);
  ids.push(books.create("Opportunity", deal("Two", { Amount: 10, Signed__c: new Date("2026-10-05T09:00:00.123Z") })));
  clock.advance(1);
  ids.push(books.create("Opportunity", deal("it's 100%", { CloseDate: "2026-12-01" })));
  return { salesforce, ask: await signedIn(salesforce), ids };
}

test("values have the texts that the service writes", async () => {
  const salesforce = await simulated({ currencies: ["EUR", "USD"] });
  const account = salesforce.books.create("Account", { Name: 'A "b"', AnnualRevenue: "16147805824397", NumberOfEmployees: 5 });
  salesforce.books.create(
    "Opportunity",
    deal("d", { AccountId: account, Amount: 90_000_000, Probability: 5, Signed__c: "2026-10-05T09:00:00Z" }),
  );
  const ask = await signedIn(salesforce);
  const { text } = await ask(
    soql("SELECT Name, AnnualRevenue, NumberOfEmployees, Industry, BillingAddress, IsDeleted FROM Account"),
  );
  expect(text).toContain(
    '"Name":"A \\"b\\"","AnnualRevenue":1.6147805824397E13,"NumberOfEmployees":5,"Industry":null,"BillingAddress":null,',
  );
  const other = await ask(
    soql("SELECT Amount, Probability, ExpectedRevenue, Signed__c, CloseDate, CurrencyIsoCode FROM Opportunity"),
  );
  expect(other.text).toContain(
    '"Amount":9.0E7,"Probability":5.0,"ExpectedRevenue":4500000.0,"Signed__c":"2026-10-05T09:00:00.000+0000","CloseDate":"2026-11-01","CurrencyIsoCode":"EUR"',
  );
});

test.each([
  ["WHERE Name = 'ONE'", ["one"]],
  ["WHERE Name = 'it\\'s 100%'", ["it's 100%"]],
  ["WHERE Name LIKE '%\\%'", ["it's 100%"]],
  ["WHERE Name LIKE '_n_'", ["one"]],
  ["WHERE Amount < 10", ["one"]],
  ["WHERE Amount >= 9.50 AND Amount <= 10.00", ["one", "Two"]],
  ["WHERE Amount != 10", ["one", "it's 100%"]],
  ["WHERE Amount = null", ["it's 100%"]],
  ["WHERE NOT Amount = null", ["one", "Two"]],
  ["WHERE Amount IN (10, 9.5)", ["one", "Two"]],
  ["WHERE Name NOT IN ('One', 'two')", ["it's 100%"]],
  ["WHERE Name IN (null, 'One')", ["one"]],
  ["WHERE IsClosed = true", ["one"]],
  ["WHERE CloseDate > 2026-11-01", ["it's 100%"]],
  ["WHERE Signed__c = 2026-10-05T09:00:00.123Z", ["Two"]],
  ["WHERE Signed__c > 2026-10-05T09:00:00.123Z", []],
  ["WHERE Signed__c <= 2026-10-05T11:00:00.124+02:00", ["Two"]],
  ["WHERE SystemModstamp >= 2026-10-05T09:00:01Z AND SystemModstamp < 2026-10-05T09:00:02Z", ["Two"]],
  ["WHERE (Amount = 10 OR Amount = null) AND CloseDate = 2026-11-01", ["Two"]],
  ["WHERE Amount = 10 OR Amount = null AND CloseDate = 2026-11-01", ["MALFORMED_QUERY"]],
  ["ORDER BY Amount DESC NULLS LAST, Name", ["Two", "one", "it's 100%"]],
  ["ORDER BY Amount", ["it's 100%", "one", "Two"]],
  ["ORDER BY Name LIMIT 1 OFFSET 1", ["one"]],
  ["WHERE Nope__c = 1", ["INVALID_FIELD"]],
  ["WHERE Amount = 'ten'", ["INVALID_FIELD"]],
  ["WHERE SystemModstamp > '2026-10-05T09:00:00Z'", ["INVALID_FIELD"]],
  ["WHERE Amount >", ["MALFORMED_QUERY"]],
])("%s", async (where, found) => {
  const { ask } = await withDeals();
  expect(await names(ask, where)).toEqual(found);
});

test("an id is found with and without its checksum, and what is related by one step", async () => {
  const { salesforce, ask, ids } = await withDeals();
  const account = salesforce.books.create("Account", { Name: "Acme" });
  salesforce.books.update(ids[0] ?? "", { AccountId: account });
  expect(await names(ask, `WHERE Id = '${ids[0]?.slice(0, 15)}'`)).toEqual(["one"]);
  expect(await names(ask, "WHERE Account.Name = 'acme'")).toEqual(["one"]);
  const { json } = await ask(soql("SELECT Account.Name, Account_Name__c FROM Opportunity WHERE Amount > 1 ORDER BY Amount"));
  expect(json.records).toMatchObject([
    { Account: { Name: "Acme", attributes: { type: "Account" } } },
    { Account: null, Account_Name__c: null },
  ]);
});

test("aggregates are records of their own, and COUNT() is only a number", async () => {
  const { ask } = await withDeals();
  const { json } = await ask(
    soql("SELECT COUNT(Id) n, SUM(Amount), MIN(CloseDate), COUNT(Amount), MAX(Name) m FROM Opportunity"),
  );
  expect(json.records).toEqual([
    { attributes: { type: "AggregateResult" }, n: 3, expr0: 19.5, expr1: "2026-11-01", expr2: 2, m: "Two" },
  ]);
  const counted = await ask(soql("SELECT COUNT() FROM Opportunity WHERE Amount > 1"));
  expect(counted.json).toEqual({ totalSize: 2, done: true, records: [] });
  const none = await ask(soql("SELECT COUNT(Id), SUM(Amount) FROM Opportunity WHERE Name = 'x'"));
  expect(none.json.records).toMatchObject([{ expr0: 0, expr1: null }]);
  const groups = await ask(soql("SELECT CloseDate, COUNT(Id) FROM Opportunity GROUP BY CloseDate ORDER BY CloseDate DESC"));
  expect(groups.json.records).toMatchObject([
    { CloseDate: "2026-12-01", expr0: 1 },
    { CloseDate: "2026-11-01", expr0: 2 },
  ]);
  expect((await ask(soql("SELECT Name, COUNT(Id) FROM Opportunity"))).json[0].errorCode).toBe("MALFORMED_QUERY");
});

test("sums of currency are in the org's own currency, also where they are grouped by another", async () => {
  const { books, ...salesforce } = await simulated({ currencies: ["EUR", "USD"], rates: { USD: "1.25" } });
  for (const [CurrencyIsoCode, Amount] of [
    ["EUR", "0.1"],
    ["EUR", "0.2"],
    ["USD", "10"],
  ] as const) {
    books.create("Opportunity", deal("d", { CurrencyIsoCode, Amount }));
  }
  const ask = await signedIn({ books, ...salesforce });
  const { json } = await ask(soql("SELECT CurrencyIsoCode, SUM(Amount) s FROM Opportunity GROUP BY CurrencyIsoCode"));
  expect(json.records).toMatchObject([
    { CurrencyIsoCode: "EUR", s: 0.3 },
    { CurrencyIsoCode: "USD", s: 8 },
  ]);
});

test("a query's rows come in pages, in as many as are asked for", async () => {
  const salesforce = await simulated();
  salesforce.books.createMany("Account", 4500, (at) => ({ Name: `a${at}` }));
  const ask = await signedIn(salesforce);
  const pages = async (headers: Record<string, string>) => {
    let told = await ask(soql("SELECT Name FROM Account"), { headers });
    const seen: string[][] = [];
    for (;;) {
      seen.push(told.json.records.map((one: { Name: string }) => one.Name));
      if (told.json.done) return seen;
      expect(told.json.nextRecordsUrl).toMatch(/^\/services\/data\/v66\.0\/query\/01g\w{15}-\d+$/);
      told = await ask(told.json.nextRecordsUrl.replace("/services/data/v66.0", ""));
    }
  };
  const whole = await pages({});
  expect(whole.map((page) => page.length)).toEqual([2000, 2000, 500]);
  expect(whole.flat()).toEqual(Array.from({ length: 4500 }, (_, at) => `a${at}`));
  expect((await pages({ "Sforce-Query-Options": "batchSize=1000" })).length).toBe(5);
  expect((await ask("/query/01gxx0000000001AAA-2000")).json[0].errorCode).toBe("INVALID_QUERY_LOCATOR");
});

test("query leaves out what is in the recycle bin, queryAll does not, and what is purged is gone", async () => {
  const { salesforce, ask, ids } = await withDeals();
  const all = async () => (await ask(soql("SELECT Name, IsDeleted FROM Opportunity", true))).json.records.length;
  salesforce.books.delete(ids[0] ?? "");
  expect([(await names(ask, "")).length, await all()]).toEqual([2, 3]);
  salesforce.books.undelete(ids[0] ?? "");
  expect((await names(ask, "")).length).toBe(3);
  salesforce.books.delete(ids[0] ?? "");
  salesforce.books.purge(ids[0] ?? "");
  expect([(await names(ask, "")).length, await all()]).toEqual([2, 2]);
});

test("a merged account refers to its winner, and what referred to it does too", async () => {
  const { books, ...salesforce } = await simulated();
  const [winner, loser] = [books.create("Account", { Name: "w" }), books.create("Account", { Name: "l" })];
  const contact = books.create("Contact", { LastName: "Vos", AccountId: loser });
  books.merge(winner, loser);
  const ask = await signedIn({ books, ...salesforce });
  const { json } = await ask(soql("SELECT Id, MasterRecordId FROM Account WHERE IsDeleted = true", true));
  expect(json.records).toMatchObject([{ Id: loser, MasterRecordId: winner }]);
  expect(books.find(contact)?.["AccountId"]).toBe(winner);
  const other = books.create("Account", { Name: "o" });
  books.begin().update(contact, { LastName: "Bos" });
  expect(() => books.merge(other, winner)).toThrow("exclusive access");
  expect(books.find(winner)?.["IsDeleted"]).toBe(false);
});

test("an app without View All Data sees what belongs to its user, and none of what is hidden from it", async () => {
  const app = { ...defaultApp(), viewAllData: false, hiddenFields: ["Opportunity.Amount"], hiddenObjects: ["Contact"] };
  const salesforce = await simulated({ apps: [app] });
  salesforce.books.createMany("Opportunity", 9, (at) => deal(`d${at}`));
  const ask = await signedIn(salesforce);
  expect((await names(ask, "")).length).toBe(3);
  expect(await names(ask, "WHERE Amount > 1")).toEqual(["INVALID_FIELD"]);
  expect(await names(ask, "", "Contact")).toEqual(["INVALID_TYPE"]);
  const described = await ask("/sobjects/Opportunity/describe");
  expect(described.json.fields.map(({ name }: { name: string }) => name)).not.toContain("Amount");
  expect((await ask("/sobjects/Contact/describe")).status).toBe(404);
  const permission = await ask(soql("SELECT PermissionsViewAllData FROM UserPermissionAccess"));
  expect(permission.json.records).toMatchObject([{ PermissionsViewAllData: false }]);
});
