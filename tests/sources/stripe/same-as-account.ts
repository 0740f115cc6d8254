import { expect } from "vitest";
import { DEFAULT_KEY } from "../../../sandbox/stripe/start-stripe.ts";
import type { Ended } from "../../support/engine.ts";
import type { StripeHouse } from "../../support/stripe-house.ts";
import { EXPECTED, expectedRows, stagedRows } from "../../support/stripe-objects.ts";

/** A run ended so, and no gate failed. */
export function expectEnded({ report, failure }: Ended, outcome: string): void {
  expect(failure?.message).toBeUndefined();
  const failing = report?.gates.filter((gate) => gate.verdict === "fail");
  expect({ outcome: report?.outcome, failing }).toEqual({ outcome, failing: [] });
}

/** Staging has what the account holds, in every feed or in some, and nothing waits. */
export async function expectSame(
  { house, stripe }: StripeHouse,
  feeds: readonly string[] = Object.keys(EXPECTED),
): Promise<void> {
  const account = { url: stripe.url, key: DEFAULT_KEY };
  for (const feed of feeds) {
    expect({ feed, rows: await stagedRows(house, feed) }).toEqual({ feed, rows: await expectedRows(account, feed) });
  }
  expect(await house.query("select feed, source_key, reasons from ops.open_quarantine")).toEqual([]);
}

/** Gates of a name: of which feed they are, and what they saw. */
export const gatesOf = ({ report }: Ended, name: string) =>
  (report?.gates ?? []).filter((gate) => gate.name === name).map(({ feed, verdict, observed }) => ({ feed, verdict, observed }));
