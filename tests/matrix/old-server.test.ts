import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { emptyPlace } from "../cli/small-run.ts";
import { startTestCluster } from "../support/cluster.ts";
import { freshDatabase } from "../support/postgres.ts";

const TOO_OLD = process.env["LEDGERLOOP_TEST_POSTGRES_13"];
const SKIPPED = TOO_OLD ? "" : " (skipped since 2026-11-26 where none is installed: npm run test:matrix installs it)";

test.skipIf(!TOO_OLD)(`a server that is too old is named by doctor and run, and nothing is published${SKIPPED}`, async () => {
  const cluster = await startTestCluster({}, TOO_OLD);
  await using place = await emptyPlace();
  {
    await using db = await freshDatabase({ on: cluster });
    await (await db.client()).query(readFileSync("sandbox/billing/billing.sql", "utf8"));
    const env = { BILLING_URL: db.url };
    expect((await place.ledgerloop("up")).code).toBe(0);

    const says = "The source billing is PostgreSQL 13; the lowest version that can be read is 14.";
    const doctor = await place.at(env, "doctor", "--json");
    expect(doctor.code).toBe(1);
    const { checks } = JSON.parse(doctor.out) as { checks: { check: string; verdict: string; says: string }[] };
    expect(checks.filter((check) => check.verdict === "fail")).toMatchObject([{ check: "source billing", says }]);

    const run = await place.at(env, "run");
    expect([run.code, run.out + run.err]).toEqual([20, expect.stringContaining(says)]);
    const published = await place.ledgerloop("query", "select count(*) as n from ops.publication", "--json");
    expect([published.code, published.out]).toEqual([0, expect.stringMatching(/"n": ?"?0"?/)]);
  }
  await cluster.stop();
});
