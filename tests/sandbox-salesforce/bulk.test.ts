import { expect, test } from "vitest";
import type { Salesforce } from "../../sandbox/salesforce/start-salesforce.ts";
import { type Ask, job, lines, signedIn, simulated } from "./simulated.ts";

async function withUsage(count = 5): Promise<{ salesforce: Salesforce; ask: Ask }> {
  const salesforce = await simulated();
  salesforce.books.createMany("Usage__c", count, (at) => ({
    Name: `u${at}`,
    Units__c: at * 10_000_000,
    Billable__c: at % 2 === 0,
  }));
  return { salesforce, ask: await signedIn(salesforce) };
}

const COLUMNS = "SELECT Name, Units__c, Billable__c, Day__c, SystemModstamp FROM Usage__c";

test("a job goes through its states by being asked for", async () => {
  const { ask } = await withUsage();
  const { json, text } = await ask("/jobs/query", {
    method: "POST",
    body: JSON.stringify({ operation: "query", query: COLUMNS }),
  });
  expect(json).toMatchObject({ state: "UploadComplete", object: "Usage__c", columnDelimiter: "COMMA", lineEnding: "LF" });
  expect(text).toContain('"apiVersion":66.0,');
  const state = async () => (await ask(`/jobs/query/${json.id}`)).json;
  const early = await ask(`/jobs/query/${json.id}/results`);
  expect([early.status, early.text, early.headers.get("Sforce-Locator")]).toEqual([204, "", null]);
  expect((await state()).state).toBe("InProgress");
  expect(await state()).toMatchObject({ state: "JobComplete", numberRecordsProcessed: 5, jobType: "V2Query" });
  expect((await ask("/jobs/query")).json.records).toMatchObject([{ id: json.id }]);
});

test("results come in pages with a header each, as often as they are asked for, and never change", async () => {
  const { salesforce, ask } = await withUsage();
  const { json } = await job(ask, COLUMNS);
  const page = async (more: string) => {
    const told = await ask(`/jobs/query/${json.id}/results?maxRecords=2${more}`);
    const { headers } = told;
    return { rows: lines(told.text), locator: headers.get("Sforce-Locator"), count: headers.get("Sforce-NumberOfRecords") };
  };
  const first = await page("");
  expect(first.rows).toEqual([
    ["Name", "Units__c", "Billable__c", "Day__c", "SystemModstamp"],
    ["u0", "0.0", "true", "", "2026-10-05T09:00:00.000Z"],
    ["u1", "1.0E7", "false", "", "2026-10-05T09:00:00.000Z"],
  ]);
  for (const { Id } of salesforce.books.rows("Usage__c")) salesforce.books.update(String(Id), { Name: "changed" });
  const second = await page(`&locator=${first.locator}`);
  const last = await page(`&locator=${second.locator}`);
  expect([first.count, second.count, last.count, last.locator]).toEqual(["2", "2", "1", "null"]);
  expect([second.rows[1]?.[0], last.rows[1]?.[0]]).toEqual(["u2", "u4"]);
  expect(await page(`&locator=${first.locator}`)).toEqual(second);
  expect((await ask(`/jobs/query/${json.id}/results?locator=bm9uZQ`)).status).toBe(400);
});

test("quotes, separators and line ends", async () => {
  const { salesforce, ask } = await withUsage(0);
  salesforce.books.create("Usage__c", { Name: 'a "b"\n|c' });
  const { json } = await job(ask, "SELECT Name, Billable__c, Day__c FROM Usage__c", {
    columnDelimiter: "PIPE",
    lineEnding: "CRLF",
  });
  const { text, headers } = await ask(`/jobs/query/${json.id}/results`);
  expect(text).toBe('"Name"|"Billable__c"|"Day__c"\r\n"a ""b""\n|c"|"false"|""\r\n');
  expect([headers.get("Content-Type"), headers.get("Sforce-Locator")]).toEqual(["text/csv", "null"]);
});

test("queryAll reads the recycle bin, query does not", async () => {
  const { salesforce, ask } = await withUsage();
  salesforce.books.delete(String(salesforce.books.rows("Usage__c")[0]?.["Id"]));
  expect((await job(ask, COLUMNS)).json.numberRecordsProcessed).toBe(4);
  expect((await job(ask, COLUMNS, { operation: "queryAll" })).json.numberRecordsProcessed).toBe(5);
});

test.each([
  ["SELECT COUNT(Id) FROM Usage__c", "API_ERROR"],
  ["SELECT Name FROM Usage__c GROUP BY Name", "API_ERROR"],
  ["SELECT Name FROM Usage__c LIMIT 5 OFFSET 1", "API_ERROR"],
  ["SELECT Name, (SELECT Id FROM Contacts) FROM Account", "API_ERROR"],
  ["SELECT TYPEOF Owner WHEN User THEN Name END FROM Account", "API_ERROR"],
  ["SELECT BillingAddress FROM Account", "API_ERROR"],
  ["SELECT Nope FROM Account", "INVALID_FIELD"],
  ["SELECT Name FROM Nope", "INVALID_TYPE"],
  ["SELECT", "MALFORMED_QUERY"],
])("%s is no job", async (query, errorCode) => {
  const { ask } = await withUsage(0);
  const { status, json } = await job(ask, query);
  expect([status, json[0].errorCode]).toEqual([400, errorCode]);
});

test("a job is aborted while it is worked on, and deleted when it is not", async () => {
  const { ask } = await withUsage();
  const { json } = await ask("/jobs/query", { method: "POST", body: JSON.stringify({ operation: "query", query: COLUMNS }) });
  const at = `/jobs/query/${json.id}`;
  const abort = () => ask(at, { method: "PATCH", body: '{"state":"Aborted"}' });
  await ask(at);
  expect((await ask(at, { method: "DELETE" })).json[0].errorCode).toBe("INVALIDJOBSTATE");
  expect((await abort()).json.state).toBe("Aborted");
  expect((await abort()).json[0].errorCode).toBe("INVALIDJOBSTATE");
  expect((await ask(at, { method: "DELETE" })).status).toBe(204);
  expect((await ask(at)).status).toBe(404);
});

test("a job belongs to its version of the API, and is forgotten after seven days", async () => {
  const { salesforce, ask } = await withUsage();
  const { json } = await job(ask, COLUMNS);
  expect((await ask(`/jobs/query/${json.id}/results`, { version: "62.0" })).status).toBe(409);
  salesforce.clock.advance(7 * 24 * 3600 - 1);
  const again = await signedIn(salesforce);
  expect((await again(`/jobs/query/${json.id}/results`)).status).toBe(200);
  salesforce.clock.advance(1);
  expect((await again(`/jobs/query/${json.id}/results`)).status).toBe(404);
});

test("a page of many rows is whole, packed or not", async () => {
  const { ask } = await withUsage(10_000);
  const { json } = await job(ask, COLUMNS);
  const packed = await ask(`/jobs/query/${json.id}/results`);
  const plain = await ask(`/jobs/query/${json.id}/results`, { headers: { "Accept-Encoding": "identity" } });
  expect([packed.headers.get("Content-Encoding"), plain.headers.get("Content-Encoding")]).toEqual(["gzip", null]);
  expect(lines(packed.text).length).toBe(10_001);
  expect(packed.text).toBe(plain.text);
});
