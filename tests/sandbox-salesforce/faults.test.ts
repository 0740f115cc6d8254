import { expect, test } from "vitest";
import { FAULT_WORDS } from "../../sandbox/salesforce/fault-words.ts";
import type { Salesforce } from "../../sandbox/salesforce/start-salesforce.ts";
import { type Ask, job, lines, NINE, signedIn, simulated, soql } from "./simulated.ts";

interface House {
  readonly salesforce: Salesforce;
  readonly ask: Ask;
}

async function withAccounts(count = 6): Promise<House> {
  const salesforce = await simulated();
  salesforce.books.createMany("Account", count, (at) => ({ Name: `a${at}`, AnnualRevenue: at, NumberOfEmployees: at }));
  return { salesforce, ask: await signedIn(salesforce) };
}

const ALL = soql("SELECT Id, Name, AnnualRevenue FROM Account");
const COLUMNS = "SELECT Id, Name, AnnualRevenue, SystemModstamp FROM Account";

async function page(ask: Ask, id: string, more = "") {
  const { status, text, headers } = await ask(`/jobs/query/${id}/results?maxRecords=2${more}`);
  const [head = [], ...rows] = lines(text);
  return { status, head, rows, count: headers.get("Sforce-NumberOfRecords"), locator: headers.get("Sforce-Locator") };
}

test.each([
  ["rate", 429, "TOO_MANY_REQUESTS"],
  ["server_error", 500, "UNKNOWN_EXCEPTION"],
  ["unavailable", 503, "SERVER_UNAVAILABLE"],
  ["expired_token", 401, "INVALID_SESSION_ID"],
  ["request_limit", 403, "REQUEST_LIMIT_EXCEEDED"],
  ["forbidden", 403, "INSUFFICIENT_ACCESS"],
] as const)("%s is %i %s, as often as it is told", async (fault, status, errorCode) => {
  const { salesforce, ask } = await withAccounts();
  const active = salesforce.faults.on(fault, { times: 2, after: 1 });
  const told = [await ask(ALL), await ask(ALL), await ask(ALL), await ask(ALL)];
  expect(told.map((one) => one.status)).toEqual([200, status, status, 200]);
  expect([told[1]?.json[0].errorCode, told[1]?.headers.get("Retry-After"), active.hits]).toEqual([errorCode, null, 2]);
  expect(salesforce.requests.all().at(-2)).toMatchObject({ status, faults: [fault], shape: "query" });
});

test("how long to wait, and what stands before the service", async () => {
  const { salesforce, ask } = await withAccounts();
  salesforce.faults.on("unavailable", { retryAfter: 7, html: true });
  const told = await ask(ALL);
  expect([told.status, told.headers.get("Retry-After"), told.headers.get("Content-Type")]).toEqual([503, "7", "text/html"]);
  salesforce.faults.on("html_answer");
  expect(await ask(ALL)).toMatchObject({ status: 200, text: expect.stringContaining("<html>") });
});

test("no answer, a connection that is torn down, and a body that ends too early or comes in pieces", async () => {
  const { salesforce, ask } = await withAccounts();
  salesforce.faults.on("timeout");
  const gone = new AbortController();
  const waiting = ask(ALL, { signal: gone.signal });
  await expect.poll(() => salesforce.requests.count("/services/data/v66.0/query")).toBe(1);
  gone.abort();
  await expect(waiting).rejects.toThrow("aborted");
  salesforce.faults.on("connection_reset");
  await expect(ask(ALL)).rejects.toThrow("fetch failed");
  for (const framing of ["length", "chunked"] as const) {
    salesforce.faults.on("cut_body", { framing });
    await expect(ask(ALL)).rejects.toThrow("terminated");
  }
  const { json } = await job(ask, COLUMNS);
  salesforce.faults.on("cut_body", { match: /results/ });
  await expect(page(ask, json.id)).rejects.toThrow("terminated");
  salesforce.faults.on("slow_body");
  expect((await page(ask, json.id)).rows.length).toBe(2);
});

test("headers that are off: the date, and what is said of the day's requests", async () => {
  const { salesforce, ask } = await withAccounts();
  salesforce.faults.on("clock_skew", { seconds: -90 });
  expect((await ask(ALL)).headers.get("Date")).toBe(new Date(NINE.getTime() - 90_000).toUTCString());
  salesforce.faults.on("limit_info_missing");
  expect((await ask(ALL)).headers.get("Sforce-Limit-Info")).toBeNull();
  salesforce.faults.on("limit_share", { used: 90_000 });
  expect((await ask(ALL)).headers.get("Sforce-Limit-Info")).toBe("api-usage=90000/100000");
});

test("pages of results: columns in another order, no count, a wrong one", async () => {
  const { salesforce, ask } = await withAccounts();
  const { json } = await job(ask, COLUMNS);
  const plain = await page(ask, json.id);
  salesforce.faults.on("column_order", { times: 5 });
  const others = [await page(ask, json.id), await page(ask, json.id), await page(ask, json.id)];
  expect(others.some(({ head }) => head.join() !== plain.head.join())).toBe(true);
  for (const { head, rows } of others) {
    expect(plain.head.map((name) => rows[0]?.[head.indexOf(name)])).toEqual(plain.rows[0]);
  }
  salesforce.faults.off("column_order");
  salesforce.faults.on("missing_count");
  expect((await page(ask, json.id)).count).toBeNull();
  salesforce.faults.on("wrong_count");
  const wrong = await page(ask, json.id);
  expect([wrong.rows.length, wrong.count, wrong.locator]).toEqual([1, "2", plain.locator]);
  salesforce.faults.on("wrong_count", { agree: true, missing: 2 });
  const agreeing = await page(ask, json.id);
  expect([agreeing.rows.length, agreeing.count]).toEqual([0, "0"]);
});

test("locators that are lost, and pages that come twice", async () => {
  const { salesforce, ask } = await withAccounts();
  const { json } = await job(ask, COLUMNS);
  const first = await page(ask, json.id);
  salesforce.faults.on("locator_lost", { status: 404 });
  expect((await page(ask, json.id)).status).toBe(200);
  expect((await page(ask, json.id, `&locator=${first.locator}`)).status).toBe(404);
  const second = await page(ask, json.id, `&locator=${first.locator}`);
  salesforce.faults.on("duplicate_page");
  const again = await page(ask, json.id, `&locator=${first.locator}`);
  expect([again.rows, again.locator]).toEqual([first.rows, second.locator]);
});

test("the same of a query's pages", async () => {
  const { salesforce, ask } = await withAccounts(450);
  const headers = { "Sforce-Query-Options": "batchSize=200" };
  const { json: first } = await ask(ALL, { headers });
  const next = first.nextRecordsUrl.replace("/services/data/v66.0", "");
  // A next page is known by the query that it is of.
  salesforce.faults.on("query_locator_expired", { match: /FROM Account/ });
  expect((await ask(next)).json[0].errorCode).toBe("INVALID_QUERY_LOCATOR");
  const { json: second } = await ask(next);
  salesforce.faults.on("duplicate_page");
  const { json: again } = await ask(next);
  expect([again.records, again.nextRecordsUrl]).toEqual([first.records, second.nextRecordsUrl]);
  salesforce.clock.advance(2 * 24 * 3600);
  const later = await signedIn(salesforce);
  expect((await later(next)).json[0].errorCode).toBe("INVALID_QUERY_LOCATOR");
});

test("a job's rows in no order, unless it sorts them", async () => {
  const { salesforce, ask } = await withAccounts(50);
  const names = async (query: string) => {
    const { json } = await job(ask, query);
    return lines((await ask(`/jobs/query/${json.id}/results`)).text).map(([name]) => name);
  };
  const plain = await names("SELECT Name FROM Account");
  salesforce.faults.on("row_order");
  const mixed = await names("SELECT Name FROM Account");
  expect(mixed).not.toEqual(plain);
  expect([...mixed].sort()).toEqual([...plain].sort());
  salesforce.faults.on("row_order");
  expect(await names("SELECT Name FROM Account ORDER BY Id")).toEqual(plain);
});

test("jobs that fail, do not get on, or are gone", async () => {
  const { salesforce, ask } = await withAccounts();
  salesforce.faults.on("job_failed", { message: "no" });
  expect((await job(ask, COLUMNS)).json).toMatchObject({ state: "Failed", errorMessage: "no", numberRecordsProcessed: 0 });
  salesforce.faults.on("job_stuck", { times: 3 });
  salesforce.requests.clear();
  const { json } = await job(ask, COLUMNS);
  expect([json.state, salesforce.requests.count(/jobs\/query\/750/)]).toEqual(["JobComplete", 5]);
  salesforce.faults.on("job_gone", { match: /results.* FROM Account/ });
  expect([(await ask(`/jobs/query/${json.id}`)).status, (await page(ask, json.id)).status]).toEqual([200, 404]);
});

test("rows that are missing, or too many", async () => {
  const { salesforce, ask } = await withAccounts();
  const [{ Id: gone }, { Id: lost }] = salesforce.books.rows("Account") as [{ Id: string }, { Id: string }];
  salesforce.books.delete(gone);
  const all = (query: string) => job(ask, query, { operation: "queryAll" });
  const counted = async (query = COLUMNS) => (await all(query)).json.numberRecordsProcessed;
  salesforce.faults.on("deleted_vanish");
  expect([await counted(), await counted()]).toEqual([5, 6]);
  salesforce.faults.on("deleted_vanish");
  expect((await ask(soql("SELECT Id FROM Account", true))).json.totalSize).toBe(5);
  salesforce.faults.on("where_ignored");
  const none = `${COLUMNS} WHERE Name = 'none'`;
  expect([await counted(none), await counted(none)]).toEqual([6, 0]);
  salesforce.faults.on("row_lost", { id: lost, times: 2, match: /Name/ });
  expect((await ask(ALL)).json.records.map(({ Id }: { Id: string }) => Id)).not.toContain(lost);
  expect(await counted()).toBe(5);
  expect((await ask(soql("SELECT COUNT(Id) FROM Account", true))).json.records[0].expr0).toBe(6);
});

test("fields that come, go, change their type and are hidden, in describe and in data", async () => {
  const { salesforce, ask } = await withAccounts(1);
  const names = async () => (await ask("/sobjects/Account/describe")).json.fields.map(({ name }: { name: string }) => name);
  for (const fault of ["field_removed", "field_hidden"] as const) {
    salesforce.faults.on(fault, { field: "AnnualRevenue", times: 3 });
    expect(await names()).not.toContain("AnnualRevenue");
    expect((await ask(ALL)).json[0].errorCode).toBe("INVALID_FIELD");
    expect((await job(ask, COLUMNS)).json[0].errorCode).toBe("INVALID_FIELD");
  }
  expect(await names()).toContain("AnnualRevenue");
  salesforce.faults.on("field_added", { object: "Account", field: "Rank__c", type: "double", value: 2, times: 2 });
  expect(await names()).toContain("Rank__c");
  expect((await ask(soql("SELECT Rank__c FROM Account"))).text).toContain('"Rank__c":2.0');
  salesforce.faults.on("field_retyped", { field: "AnnualRevenue", times: 3 });
  const { fields } = (await ask("/sobjects/Account/describe")).json;
  expect(fields.find(({ name }: { name: string }) => name === "AnnualRevenue")).toMatchObject({ type: "string" });
  expect((await ask(ALL)).text).toContain('"AnnualRevenue":"0.0"');
  const { json } = await job(ask, COLUMNS);
  expect((await page(ask, json.id)).rows[0]?.[2]).toBe("0.0");
});

test("a schema that changes for good", async () => {
  const { salesforce, ask } = await withAccounts(1);
  const { schema, books } = salesforce;
  schema.retypeField("Account", "NumberOfEmployees", "string");
  schema.removeField("Account", "Phone");
  schema.addField("Account", { name: "Vip__c", type: "boolean" });
  schema.addObject({ name: "Thing__c", fields: [{ name: "Name", type: "string" }] });
  const id = books.create("Thing__c", { Name: "t" });
  expect(id).toMatch(/^a02/);
  expect((await ask(soql("SELECT NumberOfEmployees, Vip__c FROM Account"))).text).toContain(
    '"NumberOfEmployees":"0","Vip__c":false',
  );
  expect((await ask(soql("SELECT Phone FROM Account"))).json[0].errorCode).toBe("INVALID_FIELD");
  expect((await ask(soql(`SELECT Name FROM Thing__c WHERE Id = '${id}'`))).json.totalSize).toBe(1);
});

test("View All Data is lost, also where it is asked for", async () => {
  const { salesforce, ask } = await withAccounts();
  salesforce.faults.on("view_all_lost", { times: 2 });
  expect((await ask(ALL)).json.totalSize).toBe(2);
  const permission = await ask(soql("SELECT PermissionsViewAllData FROM UserPermissionAccess"));
  expect(permission.json.records[0].PermissionsViewAllData).toBe(false);
});

test("getUpdated covers less than it did, or gives too many ids", async () => {
  const { salesforce, ask } = await withAccounts();
  salesforce.clock.advance(120);
  const updated = () => ask("/sobjects/Account/updated/?start=2026-10-05T00:00:00Z&end=2026-10-05T10:00:00Z");
  salesforce.faults.on("latest_back", { seconds: 60 });
  expect((await updated()).json.latestDateCovered).toBe("2026-10-05T09:01:00.000+0000");
  salesforce.faults.on("id_limit");
  expect((await updated()).json[0].errorCode).toBe("EXCEEDED_ID_LIMIT");
  expect((await updated()).json.latestDateCovered).toBe("2026-10-05T09:02:00.000+0000");
});

test("instants of REST as those of Bulk", async () => {
  const { salesforce, ask } = await withAccounts(1);
  salesforce.faults.on("z_stamps");
  const stamp = async () => (await ask(soql("SELECT SystemModstamp FROM Account"))).json.records[0].SystemModstamp;
  expect([await stamp(), await stamp()]).toEqual(["2026-10-05T09:00:00.000Z", "2026-10-05T09:00:00.000+0000"]);
});

test("a row changes right behind the page that showed it", async () => {
  const { salesforce, ask } = await withAccounts(1);
  salesforce.clock.advance(60);
  salesforce.faults.on("page_changed");
  expect((await ask(ALL)).json.records[0].Name).toBe("a0");
  expect(salesforce.books.rows("Account")[0]?.["Name"]).toMatch(/^changed /);
  const { json } = await job(ask, COLUMNS);
  const seen: string[] = [];
  salesforce.faults.on("page_changed", { match: /results/, change: (ids) => void seen.push(...ids) });
  await page(ask, json.id);
  expect(seen).toEqual([salesforce.books.rows("Account")[0]?.["Id"]]);
});

test("every fault has its words, and the same seed has the same chances", async () => {
  const struck = async () => {
    const { salesforce, ask } = await withAccounts(1);
    salesforce.faults.on("rate", { chance: 0.5, times: 20 });
    const statuses: number[] = [];
    for (let at = 0; at < 12; at++) statuses.push((await ask(ALL)).status);
    return statuses.join();
  };
  const first = await struck();
  expect(await struck()).toBe(first);
  expect(new Set(first.split(","))).toEqual(new Set(["200", "429"]));
  expect(Object.values(FAULT_WORDS).every(({ says }) => says.length > 10)).toBe(true);
});
