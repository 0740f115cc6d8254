import { expect, test } from "vitest";
import { seededRandom } from "../../sandbox/random.ts";
import type { FaultName } from "../../sandbox/salesforce/faults.ts";
import { seededLife } from "../../sandbox/salesforce/life/life.ts";
import type { Ended } from "../support/engine.ts";
import { openSalesforceHouse, withSettings } from "../support/salesforce-house.ts";
import { expectSameAsOrg, heldBy, ORG_FEEDS, stagedFrom } from "../support/same-as-org.ts";

/** What may happen to some answers of a run without that the next one would need anybody. */
const PASSING: readonly FaultName[] = [
  ...(["rate", "server_error", "unavailable", "connection_reset", "cut_body", "expired_token", "request_limit"] as const),
  ...([
    "column_order",
    "wrong_count",
    "locator_lost",
    "job_failed",
    "job_gone",
    "query_locator_expired",
    "page_changed",
  ] as const),
  ...(["z_stamps", "limit_info_missing", "row_lost", "duplicate_page", "id_limit"] as const),
];

const ended = ({ report, failure }: Ended) => failure?.problems.map(({ code }) => code).join(" ") ?? report?.outcome;

/** Outcomes after which the same run may simply be repeated. */
const REPEATABLE =
  /^(published|salesforce\.(totals|count|job|horizon|page|json|limit|session)|source\.(busy|unreachable|throttled|answer))$/;

test.each([1, 2, 3, 4])(
  "whatever sales does and whatever answers come, staging has at last what the org has (%i)",
  async (seed) => {
    const random = seededRandom(seed);
    const org = { seed, currencies: ["EUR", "USD"] };
    const of = await openSalesforceHouse({ org, adjust: withSettings({ restUpTo: seed % 2 === 0 ? 2_000 : 3 }) });
    await using _ = of;
    const life = seededLife(of.org, seed);
    for (let hour = 0; hour < 9; hour += 1) life.hour();
    const told: (string | undefined)[] = [];
    for (let hour = 0; hour < 10; hour += 1) {
      life.hour();
      const fault = random.pick(PASSING);
      const where = fault === "row_lost" ? { match: /FROM (?:Account|Contact|Opportunity|Order)\b/ } : {};
      if (random.chance(0.6)) of.org.faults.on(fault, { times: random.int(1, 3), chance: 0.5, ...where } as never);
      told.push(ended(await of.house.run(hour % 5 === 4 ? { keys: true } : {})));
      of.org.faults.off();
    }
    for (const outcome of told) expect(outcome).toMatch(REPEATABLE);
    // Nothing stays open, and all ids are compared once.
    of.pass(2 * 86_400);
    for (let hour = 0; hour < 4; hour += 1) life.hour();
    of.pass(3_600);
    expect(ended(await of.house.run({ keys: true }))).toBe("published");
    expect(heldBy(of, "accounts").length).toBeGreaterThan(5);
    await expectSameAsOrg(
      of,
      ORG_FEEDS.filter((feed) => feed !== "account_merges"),
    );
    // A merge that was read stays when its loser leaves the recycle bin.
    const staged = await stagedFrom(of, "account_merges");
    expect(staged).toEqual(expect.arrayContaining(heldBy(of, "account_merges")));
    const held = new Set(heldBy(of, "account_merges"));
    for (const row of staged.filter((one) => !held.has(one))) expect(of.org.books.find(JSON.parse(row).id)).toBeUndefined();
  },
);
