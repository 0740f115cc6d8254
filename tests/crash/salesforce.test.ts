import { expect, test } from "vitest";
import { failAt, siteBefore } from "../support/crashing.ts";
import { expectWholeAtEvery, expectWholeWhenKilled, KILLS, onSite } from "../support/expect-whole.ts";
import { openSalesforceHouse, type SalesforceFurnishing, withSettings } from "../support/salesforce-house.ts";

const WINDOW = { start: new Date("2026-10-05T20:00:00Z"), end: new Date("2026-10-05T21:00:00Z") };
const HOUR = { window: WINDOW, args: ["run", "--window", `${WINDOW.start.toISOString()}/${WINDOW.end.toISOString()}`] };

/** A loaded org, and behind it an hour in which records changed, came, went, came back and were merged. */
async function siteOf(furnishing: SalesforceFurnishing = {}) {
  const of = await openSalesforceHouse(furnishing);
  const { org, house, pass } = of;
  const { books } = org;
  const ids = books.createMany("Account", 120, (n) => ({
    Name: `account ${n}`,
    AnnualRevenue: `${n}00`,
    CurrencyIsoCode: "EUR",
  }));
  const [a = "", b = "", c = "", d = "", e = ""] = ids;
  for (const id of ids.slice(0, 5)) books.create("Contact", { AccountId: id, LastName: "somebody" });
  books.delete(e);
  pass(3_600);
  expect((await house.run()).report?.outcome).toBe("published");
  books.update(a, { Name: "renamed" });
  books.delete(b);
  books.merge(c, d);
  books.undelete(e);
  books.create("Account", { Name: "new", CurrencyIsoCode: "USD" });
  pass(3_600);
  return { site: await siteBefore(house, HOUR), close: () => org.close() };
}

test.each<[string, SalesforceFurnishing]>([
  ["by REST", {}],
  ["by jobs", { adjust: withSettings({ restUpTo: 0 }), pages: { fewest: 3, first: 3, most: 3 } }],
])("an hour %s is broken off at any object, repeated, and is the clean run", async (_, furnishing) => {
  await onSite(siteOf(furnishing), (site) => expectWholeAtEvery(site, { kind: "objects", when: "before" }, failAt));
});

test.each(KILLS)("the program, killed %s and repeated, is the clean run", async (_, what) => {
  await onSite(siteOf({ isStrict: true }), (site) => expectWholeWhenKilled(site, what));
});
