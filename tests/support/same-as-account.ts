import { expect } from "vitest";
import { DEFAULT_KEY } from "../../sandbox/stripe/start-stripe.ts";
import type { Ended, SourcelessHouse } from "./engine.ts";
import type { StripeHouse } from "./stripe-house.ts";
import { type Account, EXPECTED, expectedRows, stagedRows } from "./stripe-objects.ts";

/** A run ended so, and no gate failed. */
export function expectEnded({ report, failure }: Ended, outcome: string): void {
  expect(failure?.message).toBeUndefined();
  const failing = report?.gates.filter((gate) => gate.verdict === "fail");
  expect({ outcome: report?.outcome, failing }).toEqual({ outcome, failing: [] });
}

/** Whether an amount of a row is no whole number of minor units, which no row may have. */
const isBroken = (row: Readonly<Record<string, string | null>>) =>
  Object.entries(row).some(([name, value]) => name.endsWith("_minor") && value?.includes("."));

/** Staging has what an account holds, in some feeds; nothing waits but objects with amounts that are none. */
export async function expectSameAs(account: Account, house: SourcelessHouse, feeds: readonly string[]): Promise<void> {
  const waiting: string[] = [];
  for (const feed of feeds) {
    const rows = await expectedRows(account, feed);
    const good = rows.filter((row) => !isBroken(row));
    waiting.push(...rows.filter(isBroken).map(({ id }) => `stripe.${feed} ${id}`));
    expect({ feed, rows: await stagedRows(house, feed) }).toEqual({ feed, rows: good });
  }
  const open = await house.query("select feed || ' ' || source_key as row, reasons from ops.open_quarantine");
  expect(open.map(({ row }) => row).sort()).toEqual(waiting.sort());
}

/** Staging has what the simulator's account holds, in every feed or in some, and nothing waits. */
export function expectSame({ house, stripe }: StripeHouse, feeds: readonly string[] = Object.keys(EXPECTED)): Promise<void> {
  return expectSameAs({ url: stripe.url, key: DEFAULT_KEY }, house, feeds);
}

/** Gates of a name: of which feed they are, and what they saw. */
export const gatesOf = ({ report }: Ended, name: string) =>
  (report?.gates ?? []).filter((gate) => gate.name === name).map(({ feed, verdict, observed }) => ({ feed, verdict, observed }));
