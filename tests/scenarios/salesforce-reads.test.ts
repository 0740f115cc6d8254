import { describe, expect, test } from "vitest";
import { deriveAgain } from "../../src/landing/derive-again.ts";
import { readManifest } from "../../src/landing/manifest.ts";
import { salesforceDeriver } from "../../src/sources/salesforce/pages/deriver.ts";
import { fillAccounts, only, openAccounts, openSalesforceHouse, type SalesforceHouse } from "../support/salesforce-house.ts";
import { expectEnded, gatesOf } from "../support/same-as-account.ts";
import { expectSameAsOrg, stagedFrom } from "../support/same-as-org.ts";

const HOUR = 3600;

const madeJobs = (of: SalesforceHouse) => of.org.requests.all().filter(({ shape }) => shape === "job_create").length;

describe("many records", () => {
  test("come by the Bulk API, page by page, whatever order their columns have; the job is removed", async () => {
    const of = await openAccounts({ org: { bulkPageRows: 1_000 } });
    await using _ = of;
    fillAccounts(of, 2_500);
    of.org.faults.on("column_order", { times: 10 });
    expectEnded(await of.house.run(), "published");
    await expectSameAsOrg(of, ["accounts"]);
    expect(madeJobs(of)).toBe(1);
    const left = of.org.requests.all().filter(({ method, path }) => method === "DELETE" && path.includes("/jobs/query/"));
    expect(left.length).toBe(1);
  });

  test("that change are read again as they are; few of them come by REST", async () => {
    const of = await openAccounts();
    await using _ = of;
    const ids = fillAccounts(of, 2_100);
    expectEnded(await of.house.run(), "published");
    for (const id of ids.slice(0, 50)) of.org.books.update(id, { Name: "changed", AnnualRevenue: "1234567890123" });
    of.pass(HOUR);
    const jobs = madeJobs(of);
    const changed = await of.house.run();
    expectEnded(changed, "published");
    expect(changed.report?.feeds[0]?.updated).toBe(50);
    await expectSameAsOrg(of, ["accounts"]);
    expect(madeJobs(of)).toBe(jobs);
    for (const id of ids) of.org.books.touch(id);
    of.pass(HOUR);
    expectEnded(await of.house.run(), "published");
    await expectSameAsOrg(of, ["accounts"]);
    expect(madeJobs(of)).toBe(jobs + 1);
  });

  test("are read again by --full, which finds what is gone; and by --keys, whatever happens meanwhile", async () => {
    const of = await openAccounts();
    await using _ = of;
    const [a = "", b = "", c = ""] = fillAccounts(of, 2_100);
    expectEnded(await of.house.run(), "published");
    of.org.books.purge(a);
    of.pass(HOUR);
    expectEnded(await of.house.run({ full: true, reason: "test" }), "published");
    await expectSameAsOrg(of, ["accounts"]);
    of.org.books.purge(b);
    const change = () => {
      of.org.books.create("Account", { Name: "between", CurrencyIsoCode: "EUR" });
      of.org.books.delete(c);
      of.org.clock.advance(1);
    };
    of.org.faults.on("page_changed", { times: 1, match: /SELECT Id, SystemModstamp FROM Account/, change });
    of.pass(HOUR);
    expectEnded(await of.house.run({ keys: true }), "published");
    of.pass(HOUR);
    expectEnded(await of.house.run(), "published");
    await expectSameAsOrg(of, ["accounts"]);
  });
});

describe("a run that is broken off", () => {
  const widened = (of: SalesforceHouse, count: number) => {
    of.org.books.createMany("Account", count, (n) => ({ Name: `${n} ${"x".repeat(240)}`, CurrencyIsoCode: "EUR" }));
    of.pass(HOUR);
  };

  test("goes on with the same job behind the pages that it kept", async () => {
    const of = await openAccounts();
    await using _ = of;
    widened(of, 160_000);
    let puts = 0;
    const objects = of.house.engine.objects;
    const breaking = {
      ...objects,
      putByDigest: async (...args: Parameters<typeof objects.putByDigest>) => {
        puts += 1;
        // Two kept packs with their indexes; the third breaks.
        if (puts === 3) throw new Error("killed");
        return objects.putByDigest(...args);
      },
    };
    await expect(of.house.run({}, { objects: breaking })).rejects.toThrow("killed");
    await of.house.store.ask("update ledgerloop.lease set expires_at = clock_timestamp()");
    const pages = () => of.org.requests.all().filter(({ shape }) => shape === "job_results").length;
    const before = pages();
    expectEnded(await of.house.run(), "published");
    expect(madeJobs(of)).toBe(1);
    expect(pages() - before).toBeLessThan(before + 1);
    const [row] = await of.house.query("select count(*) as n, count(distinct id) as ids from staging.salesforce_accounts");
    expect(row).toEqual({ n: "160000", ids: "160000" });
  });
});

describe("what is read is what the org counts", () => {
  test("a row that the query lacks is found missing, and the run ends without publishing", async () => {
    const of = await openAccounts();
    await using _ = of;
    fillAccounts(of, 30);
    of.org.faults.on("row_lost", { times: 100, match: /FROM Account/ });
    const { failure } = await of.house.run();
    expect(failure?.exitCode).toBe(20);
    expect(failure?.problems[0]?.code).toBe("salesforce.totals");
    of.org.faults.off();
    expectEnded(await of.house.run(), "published");
    await expectSameAsOrg(of, ["accounts"]);
  });

  test("one that is lost once comes with the second try", async () => {
    const of = await openAccounts();
    await using _ = of;
    fillAccounts(of, 30);
    of.org.faults.on("row_lost", { times: 1, match: /FROM Account/ });
    expectEnded(await of.house.run(), "published");
    await expectSameAsOrg(of, ["accounts"]);
  });

  test("records that change between the read and the count are read once more, and that explains them", async () => {
    const of = await openAccounts();
    await using _ = of;
    const ids = fillAccounts(of, 30);
    of.org.faults.on("page_changed", {
      times: 1,
      match: /SELECT .*Name.* FROM Account/,
      change: () => {
        of.org.clock.advance(120);
        of.org.books.update(ids[3] ?? "", { AnnualRevenue: "77" });
        of.org.books.delete(ids[4] ?? "");
        of.org.books.create("Account", { Name: "new", CurrencyIsoCode: "USD", AnnualRevenue: "5" });
      },
    });
    const changed = await of.house.run();
    expectEnded(changed, "published");
    expect(gatesOf(changed, "control_totals").map(({ observed }) => observed)).toEqual(["equal"]);
    of.pass(HOUR);
    expectEnded(await of.house.run(), "published");
    await expectSameAsOrg(of, ["accounts"]);
  });

  test("a count that the Bulk API does not give, or that its pages do not have, is no end", async () => {
    const of = await openAccounts({ org: { bulkPageRows: 1_000 } });
    await using _ = of;
    fillAccounts(of, 2_500);
    of.org.faults.on("wrong_count", { times: 1, agree: true });
    expectEnded(await of.house.run(), "published");
    await expectSameAsOrg(of, ["accounts"]);
    of.org.faults.on("missing_count", { times: 1_000 });
    const { failure } = await of.house.run({ full: true, reason: "test" });
    expect([failure?.exitCode, failure?.problems[0]?.code]).toEqual([20, "salesforce.count"]);
  });
});

test("an undeleted merge is no merge any more", async () => {
  const of = await openSalesforceHouse({ adjust: only("accounts", "account_merges") });
  await using _ = of;
  const [a = "", b = ""] = fillAccounts(of, 4);
  of.org.books.merge(a, b);
  of.pass(HOUR);
  expectEnded(await of.house.run(), "published");
  expect((await stagedFrom(of, "account_merges")).length).toBe(1);
  of.org.books.undelete(b);
  of.pass(HOUR);
  expectEnded(await of.house.run(), "published");
  await expectSameAsOrg(of, ["accounts", "account_merges"]);
});

test("rows can be derived again from the kept pages, byte for byte, years later", async () => {
  const of = await openSalesforceHouse({ adjust: only("accounts", "account_merges") });
  await using _ = of;
  const [a = "", b = "", c = ""] = fillAccounts(of, 2_100);
  expectEnded(await of.house.run(), "published");
  of.org.books.merge(a, b);
  of.org.books.delete(c);
  of.pass(HOUR);
  expectEnded(await of.house.run({ keys: true }), "published");
  const batches = await of.house.query("select manifest from ops.batch order by manifest");
  expect(batches).toHaveLength(4);
  for (const row of batches) {
    const batch = await readManifest(of.house.engine.objects, String(row["manifest"]));
    if (!batch) throw new Error(`there is no manifest ${row["manifest"]}`);
    await deriveAgain(of.house.engine.objects, [salesforceDeriver], batch.manifest);
  }
});
