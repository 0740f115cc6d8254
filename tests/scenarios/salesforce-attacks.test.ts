import { expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
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
  of.org.faults.on("duplicate_page", { times: 100, match: /-2000$/ });
  const { failure } = await of.house.run();
  expect([failure?.exitCode, failure?.problems[0]?.code]).toEqual([20, "salesforce.totals"]);
  expect(failure?.message).toContain("2000 records came twice");
  of.org.faults.off();
  of.org.faults.on("duplicate_page", { times: 1, match: /-2000$/ });
  expectEnded(await of.house.run(), "published");
  await expectSameAsOrg(of, CONTACTS);
});
