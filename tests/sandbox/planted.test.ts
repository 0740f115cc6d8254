import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { billingBook } from "../../sandbox/billing/book.ts";
import { expectRun } from "../../sandbox/expectation/expect-run.ts";
import { emptyState } from "../../sandbox/expectation/state.ts";
import { FAULTS, type Fault } from "../../sandbox/faults.ts";
import { partnersBook } from "../../sandbox/partners/book.ts";
import { planOf } from "../../sandbox/world/schedule.ts";
import { createWorld } from "../../sandbox/world/world.ts";
import { freshDatabase } from "../support/postgres.ts";

/** Faults of the account and the org beside the books, that the demo itself makes, or that no expectation has. */
const NOT_OF_THE_WORLD: readonly Fault[] = [
  "month_end",
  "cut_answer",
  "rate_limited",
  "unavailable",
  "repeated_events",
  "late_object",
  "unknown_currency",
  "deleted_draft",
  "forbidden_object",
  "expired_token",
  "hidden_field",
  "late_commit",
  "deleted_record",
  "merged_record",
  "purged_record",
  "restored_record",
  "source_down",
  "backlog",
  "other_amount",
  "other_currency",
  "other_owner",
  "paid_after_all",
  "charged_twice",
  "unrecorded_money",
  "late_dispute",
  "unsettled_invoice",
  "remitted_twice",
  "order_edited",
  "link_conflict",
  "untied",
  "payout_short",
  "hand_amount",
  "hand_currency",
  "hand_attribute",
  "hand_lost",
  "hand_invented",
  "hand_doubled",
  "hand_waiting",
  "hand_beside",
  "hand_sums",
  "hand_model",
  "hand_history",
  "killed_run",
  "two_publishers",
  "other",
];

test.each([1, 2, 3])("seed %i: a day and a night expect every kind of fault, each row's under its own kind", async (seed) => {
  await using db = await freshDatabase();
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-sent-"));
  await using world = await createWorld({ books: [billingBook(db), partnersBook({ folder, seed })], seed, scale: 0.3 });
  const [state, planted, exits] = [emptyState(world.feeds), new Map<Fault, number>(), [] as number[]];
  for (let hour = 0; hour < 28; hour += 1) {
    await world.playHour();
    const facts = { ...world.sight(), run: `hour ${hour}`, kind: planOf(hour).run, startedAt: Date.now(), vanishedShare: 0.05 };
    const { units, exitCode } = expectRun(state, facts);
    for (const fault of units.values()) planted.set(fault, (planted.get(fault) ?? 0) + 1);
    if (exitCode === 10) exits.push(hour);
  }
  expect(FAULTS.filter((fault) => !planted.has(fault))).toEqual(NOT_OF_THE_WORLD);
  expect(exits).toEqual([12, 15]);
  rmSync(folder, { recursive: true });
});
