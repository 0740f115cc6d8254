import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Feed, Pipeline } from "../../src/config/pipeline.ts";
import {
  fillAccounts,
  only,
  openAccounts,
  openSalesforceHouse,
  type SalesforceFurnishing,
  withSettings,
} from "../support/salesforce-house.ts";
import { expectEnded, gatesOf } from "../support/same-as-account.ts";
import { expectSameAsOrg } from "../support/same-as-org.ts";

const HOUR = 3600;

const ACCOUNTS = only("accounts");

describe("an org with one currency", () => {
  const furnishing: SalesforceFurnishing = { org: { currencies: null } };

  test("has it in the source's file; every sum is compared", async () => {
    const adjust = (pipeline: Pipeline) => withSettings({ currency: "EUR" })(ACCOUNTS(pipeline));
    const of = await openSalesforceHouse({ ...furnishing, adjust });
    await using _ = of;
    of.org.books.create("Account", { Name: "one", AnnualRevenue: "16147805824397" });
    of.pass(HOUR);
    const run = await of.house.run();
    expectEnded(run, "published");
    const [row] = await of.house.query("select annual_revenue, currency from staging.salesforce_accounts");
    expect(row).toEqual({ annual_revenue: "16147805824397.00", currency: "EUR" });
  });

  test("is refused where nobody names it", async () => {
    const of = await openAccounts(furnishing);
    await using _ = of;
    const { failure } = await of.house.run();
    expect([failure?.exitCode, failure?.problems[0]?.code]).toEqual([2, "salesforce.currency"]);
  });
});

describe("fields", () => {
  test("a declared field that is hidden from the user ends the run: it would shrink rows and totals alike", async () => {
    const of = await openAccounts();
    await using _ = of;
    fillAccounts(of, 3);
    expectEnded(await of.house.run(), "published");
    of.org.apps[0]?.hiddenFields.push("Account.AnnualRevenue");
    const { failure } = await of.house.run();
    expect([failure?.exitCode, failure?.problems[0]?.code]).toEqual([20, "salesforce.fields"]);
    expect(failure?.message).toContain("AnnualRevenue");
    const { pipeline, readerOf } = of.house.engine;
    const [source] = pipeline.sources.values();
    const [feed] = pipeline.feeds.values();
    if (!(source && feed)) throw new Error("the pipeline has no feed");
    const shown = (await (await readerOf(source)).describe(source, [feed])).get(feed.id)?.map(({ name }) => name);
    expect(shown).toContain("industry");
    expect(shown).not.toContain("annual_revenue");
  });

  test("of an optional feed it leaves the feed out, and the others publish", async () => {
    const optional = (pipeline: Pipeline): Pipeline => {
      const cut = only("accounts", "contacts")(pipeline);
      const feeds = new Map(
        [...cut.feeds].map(([id, feed]) => [id, { ...feed, required: id !== "salesforce.contacts" } as Feed]),
      );
      return { ...cut, feeds };
    };
    const of = await openSalesforceHouse({ adjust: optional });
    await using _ = of;
    fillAccounts(of, 3);
    of.org.apps[0]?.hiddenFields.push("Contact.Email");
    const run = await of.house.run();
    expect(run.report?.outcome).toBe("published");
    expect(gatesOf(run, "source").map(({ feed }) => feed)).toEqual(["salesforce.contacts"]);
    await expectSameAsOrg(of, ["accounts"]);
  });

  test("an added one is told, a retyped one stops", async () => {
    const of = await openAccounts();
    await using _ = of;
    fillAccounts(of, 3);
    expectEnded(await of.house.run(), "published");
    of.org.schema.addField("Account", { name: "Segment__c", type: "string" });
    of.pass(HOUR);
    const told = await of.house.run();
    expect(told.report?.outcome).toBe("published");
    expect(gatesOf(told, "drift")[0]?.observed).toContain("Segment__c string");
    of.org.schema.retypeField("Account", "Name", "textarea");
    of.pass(HOUR);
    expect((await of.house.run()).report?.exit_code).toBe(10);
  });

  test("the user must see all data, and the org must be the same", async () => {
    const of = await openAccounts();
    await using _ = of;
    fillAccounts(of, 3);
    of.org.faults.on("view_all_lost", { times: 1_000 });
    const blind = await of.house.run();
    expect([blind.failure?.exitCode, blind.failure?.problems[0]?.code]).toEqual([20, "salesforce.view_all"]);
    expect(blind.failure?.message).toContain("View All Data");
  });
});

describe("formulas", () => {
  const formula = (pipeline: Pipeline, isVolatile: boolean): Pipeline => {
    const cut = only("accounts", "opportunities")(pipeline);
    const change = (feed: Feed): Feed =>
      feed.name !== "opportunities"
        ? feed
        : {
            ...feed,
            contract: {
              ...feed.contract,
              columns: feed.contract.columns.map((c) =>
                c.name === "probability" ? { ...c, physicalName: "ExpectedRevenue" } : c,
              ),
            },
            reading: { ...feed.reading, isVolatile } as Feed["reading"],
            ...(isVolatile && { nets: { says: ["all"], immutable: false } }),
          };
    return { ...cut, feeds: new Map([...cut.feeds].map(([id, feed]) => [id, change(feed)])) };
  };

  test("are refused, since they change without a stamp", async () => {
    const of = await openSalesforceHouse({ adjust: (pipeline) => formula(pipeline, false) });
    await using _ = of;
    const { failure } = await of.house.run();
    expect([failure?.exitCode, failure?.problems[0]?.code]).toEqual([2, "salesforce.volatile"]);
  });

  test("with volatile: nightly are read again by nets, beside what the hours bring", async () => {
    const of = await openSalesforceHouse({ adjust: (pipeline) => formula(pipeline, true) });
    await using _ = of;
    const { books, schema } = of.org;
    const account = books.create("Account", { Name: "a", CurrencyIsoCode: "EUR" });
    const deal = { AccountId: account, StageName: "Closed Won", CloseDate: "2026-10-01", CurrencyIsoCode: "EUR" };
    const ids = [1, 2, 3].map((n) =>
      books.create("Opportunity", { ...deal, Name: `deal ${n}`, Amount: "100", Probability: "50" }),
    );
    of.pass(HOUR);
    expectEnded(await of.house.run(), "published");
    const expected = async () =>
      (await of.house.query("select name || ' ' || probability as text from staging.salesforce_opportunities order by name")).map(
        ({ text }) => text,
      );
    expect(await expected()).toEqual(["deal 1 50.00", "deal 2 50.00", "deal 3 50.00"]);
    // The formula is another one from now on: no stamp says so.
    schema.removeField("Opportunity", "ExpectedRevenue");
    schema.addField("Opportunity", { name: "ExpectedRevenue", type: "currency", calculated: true, compute: () => "7" });
    books.update(ids[2] ?? "", { Name: "deal 4" });
    of.pass(HOUR);
    const nets = await of.house.run({ nets: true });
    expect(nets.failure?.message).toBeUndefined();
    expect(await expected()).toEqual(["deal 1 7.00", "deal 2 7.00", "deal 3 50.00"]);
    of.pass(HOUR);
    expectEnded(await of.house.run(), "published");
    expect(await expected()).toEqual(["deal 1 7.00", "deal 2 7.00", "deal 4 7.00"]);
  });
});

describe("the login", () => {
  test("is made again where the token is not taken any more, and never written down", async () => {
    const of = await openAccounts({ org: { tokenSeconds: 60 } });
    await using _ = of;
    fillAccounts(of, 3);
    expectEnded(await of.house.run(), "published");
    of.org.tokens.expireAll();
    of.org.faults.on("expired_token", { times: 1 });
    of.pass(HOUR);
    expectEnded(await of.house.run(), "published");
    of.org.faults.on("expired_token", { times: 1_000 });
    const refused = await of.house.run();
    expect([refused.failure?.exitCode, refused.failure?.problems[0]?.code]).toEqual([20, "salesforce.session"]);
  });

  test("a wrong secret is told without it", async () => {
    const of = await openAccounts({ env: { SALESFORCE_CLIENT_SECRET: "another-secret" } });
    await using _ = of;
    const { failure } = await of.house.run();
    expect([failure?.exitCode, failure?.problems[0]?.code]).toEqual([20, "salesforce.login"]);
    expect(JSON.stringify(failure?.problems)).not.toContain("another-secret");
  });

  test("JWT bearer: signed with the app's key, for the org's own address", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const file = join(mkdtempSync(join(tmpdir(), "ledgerloop-key-")), "key.pem");
    writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }));
    const login = {
      flow: "jwt_bearer" as const,
      clientId: { env: "SALESFORCE_CLIENT_ID" },
      username: "integration@sandbox.example",
      privateKey: { file },
    };
    const of = await openSalesforceHouse({ adjust: (pipeline) => withSettings({ login })(ACCOUNTS(pipeline)) });
    await using _ = of;
    const [app] = of.org.apps;
    if (app) app.publicKey = String(publicKey.export({ type: "spki", format: "pem" }));
    // Assertions expire by the org's clock, and this one's is this machine's.
    of.org.clock.set(new Date());
    fillAccounts(of, 3);
    of.org.clock.set(new Date());
    expectEnded(await of.house.run(), "published");
    await expectSameAsOrg(of, ["accounts"]);
    writeFileSync(file, "no key at all");
    const { failure } = await of.house.run();
    expect([failure?.exitCode, failure?.problems[0]?.code]).toEqual([2, "salesforce.private_key"]);
    expect(JSON.stringify(failure?.problems)).not.toContain("no key at all");
  });
});

describe("limits", () => {
  test("at its share of the org's requests a run ends and says what is left", async () => {
    const of = await openAccounts();
    await using _ = of;
    fillAccounts(of, 3);
    of.org.limits.used = 61_000;
    const { failure } = await of.house.run();
    expect([failure?.exitCode, failure?.problems[0]?.code]).toEqual([40, "salesforce.limit"]);
    expect(failure?.message).toContain("of the 100000 API requests");
    of.org.limits.used = 0;
    expectEnded(await of.house.run(), "published");
  });

  test("where the org takes none a run waits, and goes on when it does", async () => {
    const of = await openAccounts();
    await using _ = of;
    fillAccounts(of, 3);
    of.org.faults.on("request_limit", { times: 3 });
    expectEnded(await of.house.run(), "published");
    of.org.faults.on("request_limit", { times: 1_000 });
    const { failure } = await of.house.run();
    expect([failure?.exitCode, failure?.problems[0]?.code]).toEqual([40, "salesforce.limit"]);
  });
});
