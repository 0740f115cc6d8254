import { describe, expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { only, openSalesforceHouse, type SalesforceHouse, withSettings } from "../support/salesforce-house.ts";
import { expectEnded } from "../support/same-as-account.ts";
import { expectSameAsOrg, isSameAsOrg } from "../support/same-as-org.ts";
import { ofToday } from "../support/sampled.ts";
import { type Column, struck, tellingPage } from "./matrix.ts";
import { SALESFORCE_FAULTS, type SalesforceFault } from "./salesforce-faults.ts";
import { SALESFORCE } from "./sections.ts";

const HOUR = 3600;
const FEEDS = ["accounts", "account_merges", "contacts"];
const tell = tellingPage(SALESFORCE);

const MANY = 30;

/** What sales has, some of it gone and merged by now. */
function fill({ org: { books }, pass }: SalesforceHouse): string[] {
  const ids = books.createMany("Account", MANY, (n) => ({
    ...{ Name: `account ${n}`, AccountNumber: String(n), Industry: "Retail", AnnualRevenue: `${n}0000000` },
    CurrencyIsoCode: n % 2 === 0 ? "EUR" : "USD",
  }));
  for (const id of ids.slice(0, 3)) books.create("Contact", { AccountId: id, LastName: "somebody" });
  books.delete(ids[20] ?? "");
  books.merge(ids[21] ?? "", ids[22] ?? "");
  pass(HOUR);
  return ids;
}

/** An hour in which records change, go, come back (the last of them) and are merged. */
function change({ org: { books }, pass }: SalesforceHouse, ids: readonly string[]): void {
  const [a = "", b = "", c = "", d = ""] = ids;
  books.update(a, { Name: "changed", AnnualRevenue: "12345678901.5" });
  books.delete(b);
  books.merge(c, d);
  books.undelete(ids.at(-1) ?? "");
  books.create("Account", { Name: "new", CurrencyIsoCode: "USD", AnnualRevenue: "7" });
  pass(HOUR);
}

function open({ byBulk }: SalesforceFault): Promise<SalesforceHouse> {
  const adjust = (pipeline: Pipeline) => withSettings({ restUpTo: byBulk ? 0 : 2_000 })(only(...FEEDS)(pipeline));
  return openSalesforceHouse({ adjust, pages: { fewest: 10, first: 10, most: 10 }, silenceMs: 1_500 });
}

/** Runs under the fault, then without it until the org is loaded. */
async function under(of: SalesforceHouse, one: SalesforceFault, column: Column): Promise<string> {
  const { org, house, pass } = of;
  one.on(of);
  const outcome = await struck(house, () => house.run(column === "night" ? { keys: true } : {}));
  if (column !== "first load" || !one.staysFromFirst) org.faults.off();
  pass(2 * HOUR);
  const next = await house.run({ keys: true });
  const isSame = next.report?.exit_code === 0 && (await isSameAsOrg(of, FEEDS));
  expect(isSame || one.needsFull === true).toBe(true);
  if (!isSame) expectEnded(await house.run({ full: true, reason: "what was hidden is shown" }), "published");
  await expectSameAsOrg(of, FEEDS);
  return isSame ? outcome : `${outcome}, until \`run --full\``;
}

describe.each(ofToday(SALESFORCE_FAULTS).map((one) => [`${one.fault}: ${one.says}`, one] as const))("%s", (_name, one) => {
  test("in a first load", async () => {
    const of = await open(one);
    await using _ = of;
    fill(of);
    tell(one, "first load", await under(of, one, "first load"));
  });

  test("in an increment, then in a night, which is run --keys", async () => {
    const of = await open(one);
    await using _ = of;
    const ids = fill(of);
    expectEnded(await of.house.run(), "published");
    change(of, ids.slice(0, 21));
    tell(one, "increment", await under(of, one, "increment"));
    change(of, [...ids.slice(4, 24), ids[1] ?? ""]);
    of.org.books.purge(ids[9] ?? "");
    of.pass(HOUR);
    tell(one, "night", await under(of, one, "night"));
  });
});
