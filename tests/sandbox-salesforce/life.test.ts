import { expect, test } from "vitest";
import { type LivedHour, seededLife } from "../../sandbox/salesforce/life/life.ts";
import { HAPPENINGS, type Happening } from "../../sandbox/salesforce/life/living.ts";
import { signedIn, simulated, soql } from "./simulated.ts";

const WEEKS = 5 * 7 * 24;
const OBJECTS = ["Account", "Contact", "Opportunity", "Order", "Usage__c"];

async function org(seed: number) {
  const salesforce = await simulated({ seed, currencies: ["EUR", "USD", "JPY"], now: new Date("2026-10-05T00:00:00Z") });
  const life = seededLife(salesforce, seed);
  const live = (hours: number): LivedHour[] => Array.from({ length: hours }, () => life.hour());
  const whole = () => OBJECTS.map((object) => salesforce.books.rows(object));
  return { salesforce, live, whole };
}

test("five weeks bring all that the product has to see", async () => {
  const { salesforce, live } = await org(7);
  const happened = live(WEEKS).map((hour) => hour.happened);
  const times = (what: Happening) => happened.reduce((sum, hour) => sum + (hour[what] ?? 0), 0);
  for (const what of Object.keys(HAPPENINGS) as Happening[]) expect(times(what), what).toBeGreaterThan(4);
  const opportunities = salesforce.books.rows("Opportunity");
  const values = (field: string) => new Set(opportunities.map((row) => row[field]));
  for (const currency of ["EUR", "USD", "JPY"]) expect(values("CurrencyIsoCode")).toContain(currency);
  for (const stage of ["Prospecting", "Closed Won", "Closed Lost"]) expect(values("StageName")).toContain(stage);
  expect(opportunities.some((row) => Number(row["Amount"]) >= 1e7)).toBe(true);
  expect(salesforce.books.rows("Account").some((row) => typeof row["MasterRecordId"] === "string")).toBe(true);
});

test("a seed gives one life however its hours are counted, and another seed another", async () => {
  const [once, twice, other] = [await org(3), await org(3), await org(4)];
  once.live(200);
  for (const hours of [1, 150, 49]) twice.live(hours);
  other.live(200);
  expect(twice.whole()).toEqual(once.whole());
  expect(other.whole()).not.toEqual(once.whole());
  expect(once.salesforce.clock.now()).toEqual(new Date("2026-10-13T08:00:00Z"));
});

test("every stamp of an hour lies in it, but for transactions that were open before", async () => {
  const { salesforce, live, whole } = await org(5);
  live(106);
  const before = new Map(
    whole()
      .flat()
      .map((row) => [row["Id"], row["SystemModstamp"]]),
  );
  const [hour] = live(1);
  const changed = whole()
    .flat()
    .filter((row) => before.get(row["Id"] ?? null) !== row["SystemModstamp"]);
  const early = changed.filter((row) => Number(row["SystemModstamp"]) < (hour?.from.getTime() ?? 0));
  expect(changed.length).toBeGreaterThan(0);
  expect(changed.every((row) => Number(row["SystemModstamp"]) < (hour?.until.getTime() ?? 0))).toBe(true);
  expect(early.every((row) => String(row["Id"]).startsWith("006"))).toBe(true);
  expect(salesforce.clock.now()).toEqual(hour?.until);
});

test("what is asked for below latestDateCovered, hour by hour, is all that there ever is", async () => {
  const { salesforce, live } = await org(11);
  const seen = new Map<unknown, unknown>();
  let ask = await signedIn(salesforce);
  let from = salesforce.clock.now();
  for (let hour = 0; hour < 72; hour++) {
    live(1);
    ask = await signedIn(salesforce);
    const span = `start=${from.toISOString()}&end=${new Date(salesforce.clock.now().getTime() + 60_000).toISOString()}`;
    const { latestDateCovered } = (await ask(`/sobjects/Opportunity/updated/?${span}`)).json;
    const where = `WHERE SystemModstamp >= ${from.toISOString()} AND SystemModstamp < ${new Date(latestDateCovered).toISOString()}`;
    const { records } = (await ask(soql(`SELECT Id, SystemModstamp FROM Opportunity ${where}`, true))).json;
    for (const { Id, SystemModstamp } of records) seen.set(Id, new Date(SystemModstamp).getTime());
    from = new Date(new Date(latestDateCovered).getTime() - 60_000 - (new Date(latestDateCovered).getTime() % 60_000));
  }
  const below = salesforce.books.rows("Opportunity").filter((row) => Number(row["SystemModstamp"]) < from.getTime());
  expect(below.length).toBeGreaterThan(30);
  for (const row of below) expect(seen.get(row["Id"])).toBe(row["SystemModstamp"]);
});
