import { expect, test } from "vitest";
import { type Calendar, CalendarSchema, overdue } from "../../../src/sources/csv/files/calendar.ts";
import { at, openPartnersHouse } from "../../support/partners-house.ts";
import { expectEnded, gatesOf } from "../conformance-subject.ts";

const calendar = (more: object = {}): Calendar =>
  CalendarSchema.parse({ zone: "Europe/Berlin", since: "2026-05-11", due: "09:00", grace_minutes: 30, ...more });
/** What is overdue of a calendar at an instant in UTC, where nothing came. */
const overdueAt = (now: string, of = calendar(), came: readonly string[] = []) =>
  overdue(of, [null], { now: new Date(now), isThere: ({ date }) => came.includes(date) }).map(
    ({ date, is, minutes }) => `${date} ${is} ${minutes}`,
  );

test("a file is late from its due time and grace on, by the clock of its zone, and missing from the next day on", () => {
  expect(overdueAt("2026-05-11T07:29:00Z")).toEqual([]);
  expect(overdueAt("2026-05-11T07:30:00Z")).toEqual(["2026-05-11 late 30"]);
  expect(overdueAt("2026-05-11T21:59:00Z")).toEqual(["2026-05-11 late 899"]);
  expect(overdueAt("2026-05-11T22:00:00Z")).toEqual(["2026-05-11 missing 900"]);
});

test("a day counts by its own date, not by what came on it", () => {
  expect(overdueAt("2026-05-13T08:00:00Z", calendar(), ["2026-05-11", "2026-05-13"])).toEqual(["2026-05-12 missing 1500"]);
});

test("weekends, holidays and days before the first are not expected", () => {
  const of = calendar({ since: "2026-05-14", holidays: ["2026-05-14"] });
  expect(overdueAt("2026-05-18T12:00:00Z", of, ["2026-05-15"])).toEqual(["2026-05-18 late 300"]);
  expect(overdueAt("2026-05-16T12:00:00Z", calendar({ since: "2026-05-16", weekdays: ["sat"] }))).toEqual([
    "2026-05-16 late 300",
  ]);
});

test("a due time is that of the clock on the wall when clocks change", () => {
  const of = (since: string) => calendar({ since, weekdays: ["sun"], grace_minutes: 0 });
  expect(overdueAt("2026-03-29T07:01:00Z", of("2026-03-29"))).toEqual(["2026-03-29 late 1"]);
  expect(overdueAt("2026-10-25T08:01:00Z", of("2026-10-25"))).toEqual(["2026-10-25 late 1"]);
  expect(overdueAt("2026-10-25T07:59:00Z", of("2026-10-25"))).toEqual([]);
});

test("a file that is due some days after its own is not late before", () => {
  const of = calendar({ days_after: 1, grace_minutes: 0 });
  expect(overdueAt("2026-05-12T06:59:00Z", of)).toEqual([]);
  expect(overdueAt("2026-05-12T07:00:00Z", of)).toEqual(["2026-05-11 late 0"]);
});

test.each([
  ["zone", { zone: "Europe/Nowhere" }, "an IANA time zone such as Europe/Berlin"],
  ["due", { due: "25:00" }, "a time as in 09:30"],
  ["since", { since: "May" }, "a day as in 2026-05-12"],
])("a %s that is none is refused", (_key, more, says) => {
  expect(() => calendar(more)).toThrow(says);
});

test("files that are due and not there are told of each partner, until they come or are waived", async () => {
  const keys = 'calendar: { zone: Europe/Berlin, since: "2026-05-11", due: "09:00" }';
  await using partners = await openPartnersHouse(keys);
  const told = async (hour: string) => {
    const ended = await partners.run(at(hour));
    expectEnded(ended, "published");
    return gatesOf(ended, "file_due").map((g) => g.observed);
  };
  const row = (id: string) => `remittance,invoice_id,amount,currency,paid_on\n${id},I-1,10.00,EUR,2026-05-11\n`;
  partners.put("remittances/acme/2026-05-11.csv", row("r1"));
  expect(await told("07:00")).toEqual([
    "late: acme 2026-05-12 (0 min), north 2026-05-12 (0 min); missing: north 2026-05-11 (24 h 0 min)",
  ]);
  partners.put("remittances/acme/2026-05-12-second-try.csv", row("r2"));
  await partners.waive("north 2026-05-11");
  expect(await told("08:00")).toEqual(["late: north 2026-05-12 (1 h 0 min)"]);
  await partners.waive("2026-05-12");
  expect(await told("09:00")).toEqual([]);
});
