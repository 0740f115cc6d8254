import { expect, test } from "vitest";
import { openSalesforceHouse, type SalesforceHouse } from "../support/salesforce-house.ts";
import { expectEnded, gatesOf } from "../support/same-as-account.ts";
import { expectSameAsOrg } from "../support/same-as-org.ts";

const HOUR = 3600;

/** A month of sales. */
function fill({ org: { books }, pass }: SalesforceHouse, accounts = 12): string[] {
  const ids: string[] = [];
  for (let n = 0; n < accounts; n += 1) {
    const account = books.create("Account", {
      Name: `account ${n}`,
      AnnualRevenue: `${n}00000000`,
      CurrencyIsoCode: ["EUR", "USD", "JPY"][n % 3],
    });
    ids.push(account);
    books.create("Contact", { AccountId: account, LastName: `of ${n}`, Email: `p${n}@example.com` });
    const opportunity = books.create("Opportunity", {
      ...{ AccountId: account, Name: `deal ${n}`, StageName: "Closed Won", CloseDate: "2026-10-01" },
      ...{ Amount: `${n * 1000}.5`, CurrencyIsoCode: "EUR", Probability: "100" },
    });
    books.create("Order", {
      ...{
        AccountId: account,
        OpportunityId: opportunity,
        Status: "Draft",
        EffectiveDate: "2026-10-02",
        OrderNumber: `0000${n}`,
      },
      ...{ TotalAmount: `${n}9999999.25`, CurrencyIsoCode: "USD" },
    });
    pass(60);
  }
  pass(HOUR);
  return ids;
}

test("a first load, and what changes, comes, goes, comes back and is merged hour by hour", async () => {
  const of = await openSalesforceHouse();
  await using _ = of;
  const [a = "", b = "", c = "", d = ""] = fill(of);
  const { books } = of.org;
  expectEnded(await of.house.run(), "published");
  await expectSameAsOrg(of);

  books.update(a, { Name: "renamed", AnnualRevenue: null });
  books.delete(b);
  books.merge(c, d);
  of.pass(HOUR);
  expectEnded(await of.house.run(), "published");
  await expectSameAsOrg(of);

  books.undelete(b);
  of.pass(HOUR);
  expectEnded(await of.house.run(), "published");
  await expectSameAsOrg(of);

  of.pass(HOUR);
  const quiet = await of.house.run();
  expectEnded(quiet, "published");
  expect(quiet.report?.feeds.every((feed) => feed.inserted === 0 && feed.updated === 0)).toBe(true);
  expect(gatesOf(quiet, "control_totals").every(({ observed }) => observed === "equal")).toBe(true);
});

test("what leaves the recycle bin at once is found by the pass over all ids; a log of deletions that begins too late says so", async () => {
  const of = await openSalesforceHouse();
  await using _ = of;
  const [a = "", b = ""] = fill(of);
  const { books } = of.org;
  expectEnded(await of.house.run(), "published");

  books.delete(a);
  books.purge(a);
  of.pass(HOUR);
  expectEnded(await of.house.run({ keys: true }), "published");
  await expectSameAsOrg(of);

  books.delete(b);
  books.purge(b);
  of.pass(600);
  books.trimDeleted("Account", of.org.clock.now());
  of.pass(HOUR);
  const blind = await of.house.run();
  expect(gatesOf(blind, "deletions_unseen").map(({ feed }) => feed)).toContain("salesforce.accounts");
  expectEnded(await of.house.run({ keys: true }), "published");
  await expectSameAsOrg(of);
});

test("rows of a long transaction are stamped before they can be seen, and are not missed", async () => {
  const of = await openSalesforceHouse();
  await using _ = of;
  fill(of);
  expectEnded(await of.house.run(), "published");
  const long = of.org.books.begin();
  long.create("Account", { Name: "late", CurrencyIsoCode: "EUR" });
  of.pass(3 * HOUR);
  of.org.books.create("Account", { Name: "soon", CurrencyIsoCode: "EUR" });
  of.pass(600);
  expectEnded(await of.house.run(), "published");
  await expectSameAsOrg(of);
  of.pass(HOUR);
  long.commit();
  of.pass(HOUR);
  expectEnded(await of.house.run(), "published");
  await expectSameAsOrg(of);
});
