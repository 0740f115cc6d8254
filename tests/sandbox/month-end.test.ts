import { expect, test } from "vitest";
import { endsMonth, monthBegin } from "../../sandbox/cast/hours.ts";
import { monthEndFound } from "../../sandbox/month-end.ts";
import type { ReportedRun } from "../../sandbox/recorded.ts";

/** A run that was reported, with so many new invoices. */
function run(hour: number, inserted: number, outcome = "published"): ReportedRun {
  const report = { outcome, feeds: [{ feed: "billing.invoices", inserted: String(inserted) }] };
  return { run: `hour ${hour}`, report: report as unknown as ReportedRun["report"], reread: new Map() };
}

test("the first day of the story ends a month", () => {
  expect([22, 23, 24, 47].filter(endsMonth)).toEqual([23]);
  expect([0, 23, 24, 90].map((hour) => new Date(monthBegin(hour)).toISOString().slice(0, 10))).toEqual([
    "2026-09-01",
    "2026-09-01",
    "2026-10-01",
    "2026-10-01",
  ]);
});

test("a month's end is found where its run publishes many times the invoices of the hours before, and not where it does not", () => {
  const before = [run(0, 700), run(1, 30), run(2, 25), run(3, 60)];
  expect(monthEndFound([...before, run(4, 900)])).toEqual([["hour 4|a month's invoices published by one run", "month_end"]]);
  expect(monthEndFound([...before, run(4, 90)])).toEqual([]);
  expect(monthEndFound([...before, run(4, 900, "blocked")])).toEqual([]);
});
