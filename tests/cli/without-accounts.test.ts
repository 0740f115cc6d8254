import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withEnv } from "../support/with-env.ts";
import { emptyPlace, ROWS } from "./small-run.ts";

const OWN = ["--pipeline", "pipeline"];
const page = readFileSync("docs/quick-start.md", "utf8");
const NO_ACCOUNTS = { STRIPE_API_KEY: undefined, SALESFORCE_CLIENT_ID: undefined, SALESFORCE_CLIENT_SECRET: undefined };

test("without accounts at Stripe and Salesforce, billing and the files of partners are loaded as docs/quick-start.md says", () =>
  withEnv(NO_ACCOUNTS, async () => {
    await using place = await emptyPlace();
    await (await place.billing.client()).query(ROWS);
    await place.ledgerloop("up", ...OWN);
    expect(await place.ledgerloop("run", ...OWN)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/SALESFORCE_CLIENT_ID|STRIPE_API_KEY/),
    });
    const command = /^ledgerloop (run --feeds \S+)/m.exec(page)?.[1] ?? "";
    expect(await place.ledgerloop(...command.split(" "), ...OWN)).toMatchObject({ code: 0 });
    const query = "select source, link_status, count(*) as n from curated.payment group by all";
    const { out } = await place.ledgerloop("query", query, "--json", ...OWN);
    expect(JSON.parse(out)).toEqual([{ source: "billing", link_status: "linked", n: "18" }]);
  }));

test("where Stripe and the org are out of reach, a run publishes without their feeds and says so", () =>
  withEnv({ STRIPE_API_KEY: "rk_test_1", SALESFORCE_CLIENT_ID: "a", SALESFORCE_CLIENT_SECRET: "b" }, async () => {
    await using place = await emptyPlace();
    const away = { STRIPE_URL: "http://127.0.0.1:9", SALESFORCE_URL: "http://127.0.0.1:9" };
    await place.ledgerloop("up", ...OWN);
    const run = await place.at(away, "run", ...OWN);
    expect(run.code).toBe(0);
    for (const feed of ["stripe.charges", "salesforce.accounts"]) {
      expect(run.err).toContain(`gate source/${feed}: warn`);
      expect(run.err).toContain(`gate stale/${feed}: warn, left out; never published`);
    }
  }));
