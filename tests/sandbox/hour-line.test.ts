import { expect, test } from "vitest";
import { hourLine, nightLine } from "../../sandbox/hour-line.ts";
import { opening } from "../../sandbox/opening.ts";
import type { DemoRun } from "../../sandbox/scoreboard.ts";
import { gateReport, NO_RULES, type RunReport } from "../../src/projector/run-report.ts";
import { type Gate, gate } from "../../src/publish/gate.ts";

const RUN: DemoRun = {
  ...{ hour: 4, group: "company", window: "a/b", kind: "increment", exit_code: 0, expected_exit_code: 0 },
  ...{ outcome: "published", run_id: "r", publication_id: "p", note: null },
};

/** A report, of which the line reads nothing else. */
const report = (gates: readonly Gate[], outcome = "published") =>
  ({ outcome, gates: gates.map(gateReport), feeds: [], rules: NO_RULES }) as unknown as RunReport;

const FEED = { inserted: "3", updated: "1", newly_quarantined: "2", newly_held: "0" };

const lineOf = (gates: readonly Gate[], run: Partial<DemoRun> = {}, disagreeing = 0) =>
  hourLine({ ...RUN, ...run }, report(gates), { disagreeing, progress: "1/9 s" }).replaceAll(/\n +/g, " ");

const failing = (name: Gate["name"], feed: string): Gate => {
  return { ...gate("duplicates", { feed }, { holds: false, observed: "", limit: "" }), name };
};

const stale = (feed: string, observed: string): Gate => ({ ...failing("stale", feed), observed, verdict: "warn" });

test("an hour says what came, by system, what was set aside and how many rows disagree", () => {
  const feeds = ["billing.invoices", "billing.payments", "stripe.charges"].map((feed) => ({ feed, ...FEED }));
  const came = { ...report([]), feeds } as unknown as RunReport;
  const line = (disagreeing: number) => hourLine(RUN, came, { disagreeing, progress: "1/9 s" });
  expect(line(1)).toBe("hour  4  billing 8, stripe 4; 6 quarantined; 1 row disagrees [1/9 s]");
  expect(line(12)).toContain("; 12 rows disagree [");
  expect(lineOf([])).toBe("hour  4  nothing new [1/9 s]");
});

test("a run that was stopped says by what, in words where the gate has some", () => {
  const stops = [
    failing("drift", "billing.invoices"),
    failing("vanished_share", "billing.payments"),
    failing("duplicates", "billing.payments"),
  ];
  expect(lineOf(stops)).toBe(
    "hour  4  nothing published: columns of billing.invoices have another type, too many rows of billing.payments are gone, duplicates/billing.payments [1/9 s]",
  );
  expect(lineOf([], { exit_code: 1 })).toContain("EXPECTED EXIT 0");
});

test("what a run goes on without is told with its age: a feed by its name, several of a system by the system's", () => {
  const old = "left out; last published as company-4, as of 2026-09-30T03:10:00Z, 1 h 50 min before the end of the window";
  expect(lineOf([stale("salesforce.accounts", old), stale("salesforce.orders", old)])).toContain(
    "; without salesforce (1 h 50 min old) [",
  );
  expect(lineOf([stale("stripe.charges", "left out; never published"), stale("salesforce.orders", old)])).toContain(
    "; without stripe.charges, salesforce.orders (1 h 50 min old) [",
  );
  const stopped = { ...failing("left_out", "partners.remittances"), verdict: "warn" as const };
  expect(lineOf([stopped, stale("partners.remittances", old)])).toContain(
    "; without partners.remittances (too much of it is bad) [",
  );
});

test("a night says how much was compared, and how much was not equal", () => {
  expect(nightLine({ made: 86, open: new Set() })).toMatch(/^night {4}86 comparisons .*all is equal$/s);
  expect(nightLine({ made: 86, open: new Set(["a", "b"]) })).toMatch(/2 rows or sums are\s+not equal/);
});

test("nothing is wider than a terminal of 80 columns", () => {
  const texts = [...opening({ hours: 9999, seed: 123_456_789 }), nightLine({ made: 1000, open: new Set(["a"]) })];
  for (const line of texts.flatMap((text) => text.split("\n"))) expect(line.length).toBeLessThanOrEqual(80);
});
