import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ReachingRow, ShownRow } from "../../src/documents/shown-row.ts";
import { companyPlace, REMITTANCES } from "./company-place.ts";
import { documentedShapes, misfits } from "./shape.ts";

const place = await companyPlace();
let [customer, charge] = ["", ""];

beforeAll(async () => {
  const { stripe, org, put, hour, there } = place;
  customer = stripe.books.customers.create({ name: "one", metadata: { customer_id: "cu_1" } }).id;
  for (let n = 0; n < 3; n += 1) stripe.books.customers.create({ name: `other ${n}` });
  charge = stripe.books.charges.create({ amount: 1234, currency: "eur", customer }).id;
  org.books.create("Account", { Name: "Account 1", AccountNumber: "cu_1", Industry: "Energy" });
  put("remittances/meridian/2026-10-05.csv", REMITTANCES);
  hour();
  expect(await there("up")).toMatchObject({ code: 0 });
  expect(await there("run")).toMatchObject({ code: 0 });
});

afterAll(() => place[Symbol.asyncDispose]());

async function shownOf(...key: string[]): Promise<ShownRow> {
  const { out, err } = await place.there("show", "row", ...key, "--json");
  expect(err).toBe("");
  const document = JSON.parse(out);
  expect(misfits(documentedShapes().get("show row") ?? "null", document)).toEqual([]);
  return document;
}

async function rowOf(feed: string, ...key: string[]): Promise<ReachingRow> {
  return (await shownOf(...key)).rows.find((row) => row.feed === feed) ?? expect.fail(`no row of ${feed}`);
}

/** What `--bytes` prints, as the bytes were. */
async function bytesOf(feed: string, ...key: string[]): Promise<string> {
  const { code, out, err } = await place.there("show", "row", ...key, "--bytes", "--feed", feed);
  expect([code, err]).toEqual([0, ""]);
  return Buffer.from(out, "latin1").toString("utf8");
}

const kept = (key: string) => readFileSync(join(place.state, "objects", key));

/** What stands at a place of an answer, without anything of the program: the packed answer, its body, the pointer. */
function pointed({ way: { answer }, evidence }: ReachingRow): unknown {
  const { offset, length } = answer?.packed ?? expect.fail();
  const member = kept(evidence?.key ?? "").subarray(offset, offset + length);
  const record = gunzipSync(member).toString("utf8");
  expect(record).toContain(`WARC-Target-URI: ${answer?.url}\r\n`);
  const body = JSON.parse(record.slice(record.indexOf("{")).trimEnd());
  const names = (answer?.pointer ?? expect.fail()).split("/").slice(1);
  return names.reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], body);
}

test("of a table: its name, the ctid and the line that COPY wrote", async () => {
  const row = await rowOf("billing.customers", "customer", "cu_1");
  expect(row.way).toMatchObject({
    table: { table: "billing.customers", ctid: "(0,1)", part_oid: null },
    file: null,
    answer: null,
  });
  const [file = ""] = row.way.files;
  const line = await bytesOf("billing.customers", "customer", "cu_1");
  expect(line).toMatch(/^"\(0,1\)",1,cu_1,"A ""quoted"" name\nof two lines",,,DE,EUR,1,/);
  expect(kept(file).toString("utf8")).toContain(`\n${line}\n`);
  const [there] = (await place.client.query("select customer_id from billing.customers where ctid = '(0,1)'")).rows;
  expect(there).toEqual({ customer_id: "cu_1" });
});

test("a feed's row by its source key is led back to its read and its bytes", async () => {
  const shown = await shownOf("billing.customers", "1");
  expect([shown.table, shown.rows.length, shown.as_of.tables, shown.as_of.sources[0]?.source]).toEqual([
    ...["billing.customers", 1, []],
    "billing",
  ]);
  expect(shown.rows[0]?.way.table).toEqual({ table: "billing.customers", ctid: "(0,1)", part_oid: null });
  expect(await bytesOf("billing.customers", "billing.customers", "1")).toMatch(/^"\(0,1\)",1,cu_1,/);
  const { out } = await place.there("show", "row", "billing.customers", "1");
  expect(out).toMatch(
    /^billing\.customers 1: as publication \d+ left it; the source is as of 2[^;]*; read as\n {2}billing\.customers\n/,
  );
  const refused = await Promise.all([
    place.there("show", "row", "billing.customers", "99"),
    place.there("show", "row", "billing.customer", "1"),
    place.there("show", "row", "billing.customers", "1", "2"),
  ]);
  expect(refused.map(({ code, err }) => [code, err.split("\n")[0]])).toEqual([
    [2, expect.stringContaining("billing.customers never had a row with the key 99")],
    [2, expect.stringContaining('there is no curated table and no feed "billing.customer" here')],
    [2, expect.stringContaining("a key of billing.customers has 1 columns (id)")],
  ]);
});

test("of an answer of Stripe: address, request and pointer", async () => {
  const row = await rowOf("stripe.charges", "payment", `stripe:${charge}`);
  expect(row.way.answer).toMatchObject({
    url: expect.stringMatching(/\/v1\/charges\?/),
    status: 200,
    request_id: expect.stringMatching(/^req_/),
    pointer: "/data/0",
  });
  const bytes = JSON.parse(await bytesOf("stripe.charges", "payment", `stripe:${charge}`));
  expect(bytes).toMatchObject({ id: charge, amount: 1234 });
  expect(pointed(row)).toEqual(bytes);
  const other = await rowOf("stripe.customers", "customer", "cu_1");
  expect(other.way.answer?.pointer).toBe("/data/3");
  expect(pointed(other)).toMatchObject({ id: customer });
});

test("of an answer of Salesforce: address and pointer, and no request, which it does not name", async () => {
  const row = await rowOf("salesforce.accounts", "customer", "cu_1");
  expect(row.way.answer).toMatchObject({ url: expect.stringContaining("/queryAll?q="), request_id: null, pointer: "/records/0" });
  const bytes = JSON.parse(await bytesOf("salesforce.accounts", "customer", "cu_1"));
  expect(bytes).toMatchObject({ AccountNumber: "cu_1", Name: "Account 1" });
  expect(pointed(row)).toEqual(bytes);
});

test("of a file: its bytes", async () => {
  const key = ["payment", "partner:meridian:r1"];
  const row = await rowOf("partners.remittances", ...key);
  const { offset = 0, length = 0 } = row.way.file ?? {};
  const bytes = await bytesOf("partners.remittances", ...key);
  expect(bytes).toBe("meridian,r1,cu_1,500,EUR,2026-10-04");
  expect(
    kept(row.evidence?.key ?? "")
      .subarray(offset, offset + length)
      .toString("utf8"),
  ).toBe(bytes);
  expect(row).toMatchObject({
    part: "remittances/meridian/2026-10-05.csv",
    way: { file: { record: 1 }, answer: null, table: null },
  });
});

test.each([
  ["partners.remittances", "payment", "partner:meridian:r1"],
  ["stripe.customers", "customer", "cu_1"],
])(
  "bytes of %s that are other ones than those received are not shown, wherever the first of them is",
  async (feed, table, key) => {
    const { evidence } = await rowOf(feed, table, key);
    const file = join(place.state, "objects", evidence?.key ?? expect.fail());
    const whole = readFileSync(file);
    const other = Buffer.from(whole);
    other.writeUInt8(other.readUInt8(other.length - 2) ^ 1, other.length - 2);
    writeFileSync(file, other);
    const { code, out } = await place.there("show", "row", table, key, "--bytes", "--feed", feed);
    writeFileSync(file, whole);
    expect([code === 0, out]).toEqual([false, ""]);
  },
);

test("each input has its class, its rules, its publication and its extract, also behind a total", async () => {
  const { rows, findings } = await shownOf("customer", "cu_1");
  expect(findings).toEqual([]);
  const direct = rows.filter(({ through }) => through.length === 0);
  expect(direct.map(({ feed }) => feed)).toEqual(["billing.customers", "stripe.customers", "salesforce.accounts"]);
  const tables = new Set(rows.flatMap(({ through }) => through.map(({ table, key: [system] }) => `${table} ${system}`)));
  expect([...tables].sort()).toEqual(["crosswalk_customer salesforce", "crosswalk_customer stripe"]);
  for (const row of rows) {
    expect(row).toMatchObject({
      class: "inserted",
      published: { publication_id: "company-1", kind: "changes", updated: 0, told: [] },
      rules: { broken: [] },
      waiting: [],
      extract: { run_id: row.published?.run_id, asked: "changes", replay_of: null },
      as_of: expect.stringMatching(/Z$/),
    });
  }
  const [total] = (await shownOf("revenue_month", "2026-10", "EUR", "stripe")).rows;
  expect(total).toMatchObject({ through: [{ table: "payment", key: [`stripe:${charge}`] }], class: "inserted" });
  const { out } = await place.there("show", "row", "customer", "cu_1");
  expect(out).toMatch(
    /\n {2}stripe\.customers\n {4}key +cus_\w+, inserted by company-1 \(run_\w+, \S+Z\)\n {4}rules +7 of 7 rules over a row hold\n/,
  );
  expect(out).toMatch(
    /\n {4}answer +http:\S+\/v1\/customers\?\S+, status 200, at \S+\n {4}request +req_\w+\n {4}pointer +"\/data\/3"\n/,
  );
  expect(out).toMatch(/\n {4}table +billing\.customers, ctid \(0,1\)\n {4}kept as +landing\/billing\/customers\//);
});

test("without its manifest a row is as of the same instant, and what is gone is said", async () => {
  const [before, other] = [
    await rowOf("billing.customers", "customer", "cu_2"),
    await rowOf("stripe.charges", "payment", `stripe:${charge}`),
  ];
  expect(other.as_of).toBe("2026-10-05T13:00:00Z");
  const manifest = join(place.state, "objects", before.manifest ?? expect.fail());
  renameSync(manifest, `${manifest}.away`);
  const after = await rowOf("billing.customers", "customer", "cu_2");
  renameSync(`${manifest}.away`, manifest);
  expect(after).toMatchObject({ as_of: before.as_of, extract: null, way: { files: [], says: "its manifest is gone" } });
});

test("an input that does not lead to the key is refused with those that do", async () => {
  const { code, err } = await place.there("show", "row", "customer", "cu_1", "--bytes", "--feed", "stripe.charges");
  expect(code).toBe(2);
  expect(err).toContain("--feed is one of billing.customers, stripe.customers, salesforce.accounts");
});

test("without --feed the input is named whose record is printed; --bytes is no JSON, and --feed is of --bytes alone", async () => {
  const key = ["show", "row", "customer", "cu_1"];
  const { out, err } = await place.there(...key, "--bytes");
  expect(err).toBe("a record of billing.customers; --feed names another input\n");
  expect(out).toMatch(/^"\(0,1\)",1,cu_1,/);
  for (const options of [
    ["--bytes", "--json"],
    ["--feed", "billing.customers"],
  ]) {
    expect(await place.there(...key, ...options)).toMatchObject({ code: 2, out: "", err: expect.stringContaining("--bytes") });
  }
});

/** A document of the shape that docs/json.md gives it. */
async function documentOf(shape: string, ...args: string[]) {
  const { out, err } = await place.there(...args, "--json");
  const document = out === "" ? expect.fail(err) : JSON.parse(out);
  expect(misfits(documentedShapes().get(shape) ?? "null", document)).toEqual([]);
  return document;
}

interface OfSource {
  readonly source: string;
  readonly as_of: string | null;
}

test("as of when what is published is: in status, in the report of a run, of a row; one source that is away stays behind", async () => {
  const { as_of: first } = await documentOf("status", "status");
  const instant = (of: { sources: readonly OfSource[] }, name: string) => of.sources.find(({ source }) => source === name)?.as_of;
  expect(instant(first, "salesforce")).toBe("2026-10-05T13:00:00Z");
  await place.org.close();
  place.hour();
  const run = await documentOf("run", "run");
  expect(run.outcome).toBe("published");
  const { as_of: then } = await documentOf("status", "status");
  expect(then).toEqual(run.as_of);
  expect((await documentOf("show", "show", run.run_id)).as_of).toEqual(run.as_of);
  expect([instant(then, "salesforce"), instant(then, "stripe")]).toEqual(["2026-10-05T13:00:00Z", "2026-10-05T14:00:00Z"]);
  const tables = new Map(then.tables.map(({ table, as_of }: { table: string; as_of: string }) => [table, as_of]));
  expect([tables.get("customer"), tables.get("invoice")]).toEqual(["2026-10-05T13:00:00Z", "2026-10-05T14:00:00Z"]);
  const shown = await shownOf("customer", "cu_1");
  expect(shown.as_of.tables).toEqual([{ table: "customer", as_of: "2026-10-05T13:00:00Z", says: null }]);
  const { out } = await place.there("status");
  expect(out).toMatch(/\nsource salesforce +2026-10-05T13:00:00Z\n/);
  expect(out).toMatch(/\ncurated\.customer +2026-10-05T13:00:00Z\n/);
});

test("the command that it says next can be typed, whatever is in the key", async () => {
  place.put("remittances/meridian/2026-10-06.csv", REMITTANCES.replace("r1", "it's $3"));
  place.hour();
  await place.there("run");
  const { out } = await place.there("show", "row", "payment", "partner:meridian:it's $3");
  expect(out).toContain("`ledgerloop show row payment 'partner:meridian:it'\\''s $3' --bytes`");
});
