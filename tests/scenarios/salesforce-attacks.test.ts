import { describe, expect, test } from "vitest";
import type { Feed, Pipeline } from "../../src/config/pipeline.ts";
import {
  only,
  openSalesforceHouse,
  type SalesforceFurnishing,
  type SalesforceHouse,
  withSettings,
} from "../support/salesforce-house.ts";
import { expectEnded, gatesOf } from "../support/same-as-account.ts";
import { expectSameAsOrg } from "../support/same-as-org.ts";

const HOUR = 3600;
const CONTACTS = ["accounts", "contacts"];
const MERGES = ["accounts", "account_merges"];

const openWith = (feeds: readonly string[], more: Omit<SalesforceFurnishing, "adjust"> & { restUpTo?: number } = {}) => {
  const { restUpTo = 2_000, ...rest } = more;
  return openSalesforceHouse({
    ...rest,
    adjust: (pipeline: Pipeline) => withSettings({ restUpTo })(only(...feeds)(pipeline)),
  });
};

function accounts({ org, pass }: SalesforceHouse, count: number): string[] {
  const ids = org.books.createMany("Account", count, (n) => ({ Name: `account ${n}`, CurrencyIsoCode: "EUR" }));
  pass(HOUR);
  return ids;
}

function contacts({ org, pass }: SalesforceHouse, count: number): string[] {
  const ids = org.books.createMany("Contact", count, (n) => ({ LastName: `of ${n}`, Email: `p${n}@example.com` }));
  pass(HOUR);
  return ids;
}

test("a page that comes twice in the place of another has as many rows, and the others are not lost", async () => {
  const of = await openWith(CONTACTS, { restUpTo: 7_000 });
  await using _ = of;
  contacts(of, 6_000);
  of.org.faults.on("duplicate_page", { times: 100, match: /-2000\?/ });
  const { failure } = await of.house.run();
  expect([failure?.exitCode, failure?.problems[0]?.code]).toEqual([20, "salesforce.totals"]);
  expect(failure?.message).toContain("2000 records came twice");
  of.org.faults.off();
  of.org.faults.on("duplicate_page", { times: 1, match: /-2000\?/ });
  expectEnded(await of.house.run(), "published");
  await expectSameAsOrg(of, CONTACTS);
  // The same of a list of ids.
  of.org.faults.on("duplicate_page", { times: 1, match: /-2000\?/ });
  expectEnded(await of.house.run({ keys: true }), "published");
  await expectSameAsOrg(of, CONTACTS);
});

test("an id that the list of all ids lacks is counted, and its record does not vanish", async () => {
  const of = await openWith(CONTACTS);
  await using _ = of;
  const [, id = ""] = contacts(of, 20);
  expectEnded(await of.house.run(), "published");
  of.pass(HOUR);
  const where = { match: /SELECT Id, SystemModstamp FROM Contact/, id };
  of.org.faults.on("row_lost", { times: 1, ...where });
  expectEnded(await of.house.run({ keys: true }), "published");
  await expectSameAsOrg(of, CONTACTS);
  of.org.faults.on("row_lost", { times: 1_000, ...where });
  const { failure } = await of.house.run({ keys: true });
  expect([failure?.exitCode, failure?.problems[0]?.code]).toEqual([20, "salesforce.totals"]);
  expect(failure?.message).toContain("19 ids, counted 20");
});

test("what changes, comes and goes between the list of all ids and its count explains the difference", async () => {
  const of = await openWith(CONTACTS);
  await using _ = of;
  const [a = "", b = "", c = "", d = ""] = contacts(of, 20);
  expectEnded(await of.house.run(), "published");
  of.org.books.delete(d);
  of.pass(HOUR);
  const change = () => {
    of.org.clock.advance(90);
    of.org.books.update(a, { Email: "changed@example.com" });
    of.org.books.delete(b);
    of.org.books.purge(c);
    of.org.books.undelete(d);
    of.org.books.create("Contact", { LastName: "new" });
  };
  of.org.faults.on("page_changed", { times: 1, match: /SELECT Id, SystemModstamp FROM Contact/, change });
  expectEnded(await of.house.run({ keys: true }), "published");
  of.pass(HOUR);
  expectEnded(await of.house.run({ keys: true }), "published");
  await expectSameAsOrg(of, CONTACTS);
});

test("a merge that was undeleted before everything is read again is none any more; one that was purged stays", async () => {
  const of = await openWith(MERGES);
  await using _ = of;
  const [a = "", b = "", c = "", d = ""] = accounts(of, 8);
  of.org.books.merge(a, b);
  of.org.books.merge(c, d);
  of.pass(HOUR);
  expectEnded(await of.house.run(), "published");
  of.org.books.undelete(b);
  of.pass(HOUR);
  expectEnded(await of.house.run({ full: true, reason: "test" }), "published");
  await expectSameAsOrg(of, MERGES);
  of.org.books.purge(d);
  of.pass(HOUR);
  expectEnded(await of.house.run({ full: true, reason: "test" }), "published");
  expect(await of.house.query("select id from staging.salesforce_account_merges")).toEqual([{ id: d }]);
});

test("a right that is taken away while records are read ends the run: both rows and counts would lack what is not shared", async () => {
  const of = await openWith(CONTACTS);
  await using _ = of;
  const ids = contacts(of, 9);
  expectEnded(await of.house.run(), "published");
  for (const id of ids) of.org.books.update(id, { Email: "changed@example.com" });
  of.pass(HOUR);
  const [app] = of.org.apps;
  const see = (isAll: boolean) => {
    if (app) app.viewAllData = isAll;
  };
  of.org.faults.on("page_changed", { times: 1, match: /FROM UserPermissionAccess/, change: () => see(false) });
  const { failure } = await of.house.run();
  expect([failure?.exitCode, failure?.problems[0]?.code]).toEqual([20, "salesforce.view_all"]);
  see(true);
  expectEnded(await of.house.run(), "published");
  await expectSameAsOrg(of, CONTACTS);
});

test("a job that cannot be removed is left to the org", async () => {
  const of = await openWith(CONTACTS, { restUpTo: 5 });
  await using _ = of;
  contacts(of, 20);
  // A job is asked for its state twice, and then it is removed.
  of.org.faults.on("unavailable", { times: 1_000, match: /\/jobs\/query\/[^/?]+(?:\?.*)?$/, after: 2 });
  expectEnded(await of.house.run(), "published");
  await expectSameAsOrg(of, CONTACTS);
  expect(of.org.requests.all().filter(({ method, status }) => method === "DELETE" && status === 503).length).toBeGreaterThan(0);
});

test("an optional feed whose read is not what the org counts does not stop the others", async () => {
  const required = (pipeline: Pipeline): Pipeline => ({
    ...pipeline,
    feeds: new Map([...pipeline.feeds].map(([id, feed]) => [id, { ...feed, required: id !== "salesforce.contacts" }])),
  });
  const of = await openSalesforceHouse({ adjust: (pipeline) => required(only(...CONTACTS)(pipeline)) });
  await using _ = of;
  accounts(of, 3);
  contacts(of, 3);
  of.org.faults.on("row_lost", { times: 1_000, match: /FROM Contact/ });
  const run = await of.house.run();
  expect(run.report?.outcome).toBe("published");
  expect(gatesOf(run, "source").map(({ feed }) => feed)).toEqual(["salesforce.contacts"]);
  await expectSameAsOrg(of, ["accounts"]);
  of.org.faults.off();
  expectEnded(await of.house.run(), "published");
  await expectSameAsOrg(of, CONTACTS);
});

test("a transaction that commits while records are read is not missed", async () => {
  const of = await openWith(["accounts"]);
  await using _ = of;
  const [a = "", b = ""] = accounts(of, 5);
  expectEnded(await of.house.run(), "published");
  const long = of.org.books.begin();
  long.create("Account", { Name: "late", CurrencyIsoCode: "EUR" });
  long.update(a, { Name: "changed" });
  long.delete(b);
  of.pass(HOUR);
  of.org.books.create("Account", { Name: "soon", CurrencyIsoCode: "EUR" });
  of.org.faults.on("page_changed", { times: 1, match: /Name.*FROM Account/, change: () => long.commit() });
  expectEnded(await of.house.run({ keys: true }), "published");
  of.pass(HOUR);
  expectEnded(await of.house.run(), "published");
  await expectSameAsOrg(of, ["accounts"]);
});

test("deleted, undeleted and deleted again within one second is what it was last", async () => {
  const of = await openWith(CONTACTS);
  await using _ = of;
  const [a = "", b = "", c = ""] = contacts(of, 8);
  expectEnded(await of.house.run(), "published");
  const { books } = of.org;
  books.delete(a);
  books.undelete(a);
  books.delete(b);
  books.undelete(b);
  books.delete(b);
  books.update(c, { Email: "changed@example.com" });
  books.delete(c);
  of.pass(HOUR);
  expectEnded(await of.house.run(), "published");
  await expectSameAsOrg(of, CONTACTS);
  books.undelete(b);
  of.pass(HOUR);
  expectEnded(await of.house.run({ keys: true }), "published");
  await expectSameAsOrg(of, CONTACTS);
});

describe("what describe does not tell", () => {
  const withField = (field: string) => (pipeline: Pipeline) => {
    const change = (feed: Feed): Feed => ({
      ...feed,
      contract: {
        ...feed.contract,
        columns: feed.contract.columns.map((c) => (c.name === "industry" ? { ...c, physicalName: field } : c)),
      },
      reading: { ...feed.reading, isVolatile: true } as Feed["reading"],
    });
    const cut = only("accounts")(pipeline);
    return { ...cut, feeds: new Map([...cut.feeds].map(([id, feed]) => [id, change(feed)])) };
  };

  test.each(["Owner.Nope", "owner.name", "Owner.Name, Name"])(
    "a field of another object that is not there: %s",
    async (field) => {
      const of = await openSalesforceHouse({ adjust: withField(field) });
      await using _ = of;
      accounts(of, 3);
      const { failure } = await of.house.run();
      expect([failure?.exitCode, failure?.problems[0]?.code]).toEqual([20, "salesforce.fields"]);
      expect(failure?.message).toContain(field);
    },
  );

  test("one that is there is loaded", async () => {
    const of = await openSalesforceHouse({ adjust: withField("Owner.Name") });
    await using _ = of;
    accounts(of, 3);
    expectEnded(await of.house.run(), "published");
    const [row] = await of.house.query("select count(industry) as n from staging.salesforce_accounts");
    expect(row).toEqual({ n: "3" });
  });

  test("an object without a recycle bin is told as such", async () => {
    const of = await openWith(["accounts"]);
    await using _ = of;
    of.org.schema.removeField("Account", "IsDeleted");
    const { failure } = await of.house.run();
    expect([failure?.exitCode, failure?.problems[0]?.code]).toEqual([20, "salesforce.object"]);
    expect(failure?.message).toContain("IsDeleted");
  });
});
