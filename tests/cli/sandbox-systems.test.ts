import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freshDatabase } from "../support/postgres.ts";
import { withEnv } from "../support/with-env.ts";
import { isThere, simulatorPlace } from "./sandbox-place.ts";
import { ledgerloop } from "./small-run.ts";

const EXAMPLE = ["--pipeline", "examples/salesforce"];

/** A token of the org, and the hand that asks with it. */
async function signedIn({ url, env }: { url: string; env: Readonly<Record<string, string>> }) {
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: env["SALESFORCE_CLIENT_ID"] ?? "",
    client_secret: env["SALESFORCE_CLIENT_SECRET"] ?? "",
  });
  const response = await fetch(`${url}/services/oauth2/token`, { method: "POST", body: form });
  const { access_token: token } = (await response.json()) as { access_token: string };
  return (path: string) => fetch(`${url}/services/data/v66.0${path}`, { headers: { authorization: `Bearer ${token}` } });
}

const soql = (query: string) => `/query?q=${encodeURIComponent(query)}`;

describe("a simulator of Salesforce", () => {
  const here = simulatorPlace();
  const simulator = async () => (await here.simulators())[0];

  beforeAll(async () => {
    expect(await here.sandbox("start", "salesforce")).toMatchObject({ code: 0 });
  });

  afterAll(() => here[Symbol.asyncDispose]());

  test("is started once, and says again what to export", async () => {
    const { url, env, pid } = here.recorded("salesforce");
    const again = await here.sandbox("start", "salesforce", "--seed", "8");
    const exported = `SALESFORCE_URL=${url} SALESFORCE_CLIENT_ID=${env["SALESFORCE_CLIENT_ID"]} SALESFORCE_CLIENT_SECRET=${env["SALESFORCE_CLIENT_SECRET"]}`;
    expect(again).toMatchObject({ code: 0, out: `export ${exported}\n` });
    expect(again.err).toContain(
      `a simulator of Salesforce runs already at ${url} (process ${pid}), until \`ledgerloop sandbox stop\``,
    );
    expect(again.err).toContain("org 00D5j0000000007EAA, seed 7; its clock shows 2026-10-05T09:00:00Z");
    expect(again.err).toContain("--seed 8 would be another one");
    expect(again.err).toContain("  ledgerloop run --pipeline examples/salesforce\n");
    expect(await here.json("start", "salesforce")).toMatchObject({ system: "salesforce", started: false, pid, env });
  });

  test("keeps its secret where only its user reads it, and makes another at each start", async () => {
    const { pid, env, token } = here.recorded("salesforce");
    const secret = env["SALESFORCE_CLIENT_SECRET"] ?? "";
    expect(secret).toMatch(/^[0-9a-f]{32}$/);
    expect(statSync(here.recordOf("salesforce")).mode & 0o777).toBe(0o600);
    const told = ["cmdline", "environ"].map((file) => readFileSync(`/proc/${pid}/${file}`, "utf8")).join();
    expect(told).not.toContain(secret);
    expect(told).not.toContain(token);
    await using other = simulatorPlace();
    await other.sandbox("start", "salesforce");
    expect(other.recorded("salesforce").env["SALESFORCE_CLIENT_SECRET"]).not.toBe(secret);
  });

  test("is one of several currencies that a pipeline loads, hour by hour", async () => {
    const state = mkdtempSync(join(tmpdir(), "ledgerloop-org-"));
    await using control = await freshDatabase();
    const exported = here.recorded("salesforce").env;
    const env = { ...exported, LEDGERLOOP_STATE: state, CONTROL_URL: control.url };
    const program = (...args: string[]) => withEnv(exported, () => ledgerloop([...args, ...EXAMPLE], env));
    try {
      expect(await program("up")).toMatchObject({ code: 0 });
      expect(await program("run")).toMatchObject({ code: 0, out: expect.stringContaining("published as salesforce-1") });
      const accounts = (await simulator())?.objects.find(({ kind }) => kind === "Account")?.objects;
      const counted = "select count(*) n, count(distinct currency) currencies from staging.salesforce_accounts";
      expect((await program("query", counted, "--csv")).out).toBe(`n,currencies\n${accounts},4\n`);
      const { out } = await here.sandbox("advance");
      expect(out).toMatch(/^2026-10-05 09:00 to 10:00 {2}.*new account.*\nthe clock shows 2026-10-05T10:00:00Z\n$/);
      const hour = await program("run", "--json");
      expect(hour.code).toBe(0);
      expect(hour.out).toContain('"salesforce-2"');
    } finally {
      rmSync(state, { recursive: true, force: true });
    }
  });

  test("lets answers go wrong, those of one object too", async () => {
    const ask = await signedIn(here.recorded("salesforce"));
    const on = await here.sandbox(
      "fault",
      "unavailable",
      "--about",
      "Contact",
      "--match",
      "/services/data/v66.0/query",
      "--seconds",
      "3",
    );
    expect(on.out).toContain("  unavailable at /services/data/v66.0/query… about Contact seconds 3: struck 0 of 1\n");
    expect((await ask("/sobjects/Contact/describe")).status).toBe(200);
    expect((await ask(soql("SELECT Id FROM Account LIMIT 1"))).status).toBe(200);
    const struck = await ask(soql("SELECT Id FROM Contact LIMIT 1"));
    expect([struck.status, struck.headers.get("Retry-After")]).toEqual([503, "3"]);
    expect((await ask(soql("SELECT Id FROM Contact LIMIT 1"))).status).toBe(200);
    const document = await here.json("fault", "field_hidden", "--object", "Order", "--field", "Status");
    expect(document).toMatchObject({
      system: "salesforce",
      faults: [
        { about: "Contact", over: true },
        { about: null, hits: 0 },
      ],
    });
    expect((await (await ask("/sobjects/Account/describe")).text()).includes('"Status"')).toBe(false);
    expect((await (await ask("/sobjects/Order/describe")).text()).includes('"Status"')).toBe(false);
    expect((await (await ask("/sobjects/Order/describe")).text()).includes('"Status"')).toBe(true);
    const { out } = await here.sandbox("fault");
    expect(out).toContain("  field_hidden field Status object Order: struck 1 of 1, over\n");
    expect(out).toMatch(/^view_all_lost +the app sees only/m);
    expect((await simulator())?.requests).toContainEqual({ status: 503, requests: 1 });
    expect(await here.sandbox("fault", "--off")).toMatchObject({ code: 0, out: "no fault is on\n" });
  });

  test("takes every fault with all that can be said of it", async () => {
    const ask = await signedIn(here.recorded("salesforce"));
    const { records } = (await (await ask(soql("SELECT Id FROM Account LIMIT 1"))).json()) as { records: { Id: string }[] };
    const words: Readonly<Record<string, readonly string[]>> = {
      ...{ id: [records[0]?.Id ?? ""], field: ["Name"], object: ["Account"], value: ["x"], seconds: ["90"] },
      ...{ used: ["4711"], missing: ["2"], agree: [], keep: ["0.2"], html: [] },
    };
    const { known } = (await here.json("fault")) as { known: { name: string; takes: string[] }[] };
    expect(known.length).toBeGreaterThan(30);
    for (const { name, takes } of known) {
      const said = takes.flatMap((word) => [`--${word}`, ...(words[word] ?? [])]);
      expect(await here.sandbox("fault", name, ...said, "--about", "Account"), name).toMatchObject({ code: 0 });
    }
    await here.sandbox("fault", "--off");
    await here.sandbox("fault", "limit_share", "--used", "4711");
    expect((await ask("/limits")).headers.get("Sforce-Limit-Info")).toBe("api-usage=4711/100000");
    await here.sandbox("fault", "latest_back", "--seconds", "7200");
    const span = "start=2026-10-05T08:00:00Z&end=2026-10-05T12:00:00Z";
    const covered = async () =>
      ((await (await ask(`/sobjects/Account/updated/?${span}`)).json()) as { latestDateCovered: string }).latestDateCovered;
    const [early, usual] = [await covered(), await covered()];
    expect(Date.parse(usual) - Date.parse(early)).toBe(7_200_000);
    await here.sandbox("fault", "--off");
  });

  test.each([
    [["limit_share"], "the fault limit_share is nothing without --used"],
    [["job_failed", "--value", "x"], "the fault job_failed takes no --value"],
    [["job_failed", "--match", "/v1/invoices"], "as in `--match /services/data/v66.0/query`"],
    [["job_failed", "--about", "Acount"], "the org has no object Acount; it has Account"],
    [["field_removed", "--field", "amount"], "no object of the org has a field amount"],
    [["field_removed", "--field", "Amount", "--object", "Contact"], "no record of Contact has a field Amount"],
    [["row_lost", "--id", "001nobody"], "the org has no record 001nobody"],
    [["expired_key"], 'there is no fault "expired_key"'],
  ] as const)("refuses %j", async (words, says) => {
    expect(await here.sandbox("fault", ...words)).toMatchObject({ code: 2, out: "", err: expect.stringContaining(says) });
  });
});

describe("two simulators in one folder", () => {
  const here = simulatorPlace();

  beforeAll(async () => {
    for (const system of ["stripe", "salesforce"]) expect(await here.sandbox("start", system)).toMatchObject({ code: 0 });
  });

  afterAll(() => here[Symbol.asyncDispose]());

  test("are told of by status, each by its name", async () => {
    const [stripe, salesforce] = ["stripe", "salesforce"].map((system) => here.recorded(system).pid);
    expect((await here.simulators()).map(({ system, pid }) => [system, pid])).toEqual([
      ["stripe", stripe],
      ["salesforce", salesforce],
    ]);
    const { out } = await here.sandbox("status");
    expect(out).toMatch(
      /a simulator of Stripe runs at .*\naccount acct_1[\s\S]*\n\na simulator of Salesforce runs at .*\norg 00D/,
    );
    expect(out).toContain("`ledgerloop sandbox start` and `ledgerloop sandbox start salesforce` say again what to export\n");
    const of = await here.sandbox("status", "--system", "salesforce");
    expect(of.out).not.toContain("Stripe");
    expect((await here.sandbox("start", "salesforce")).err).toContain("  ledgerloop sandbox advance --system salesforce\n");
  });

  test("live on together, or one of them", async () => {
    const both = await here.sandbox("advance");
    expect(both.out).toMatch(/^Stripe:\n2026.*\nthe clock shows (.*)\nSalesforce:\n2026.*\nthe clock shows \1\n$/);
    const document = await here.json("advance", "2", "--system", "stripe");
    expect(document).toMatchObject({ simulators: [{ system: "stripe", clock: "2026-10-05T12:00:00Z" }] });
    expect((await here.simulators()).map(({ clock }) => clock)).toEqual(["2026-10-05T12:00:00Z", "2026-10-05T10:00:00Z"]);
  });

  test("are not struck by a fault of which nobody says whose it is", async () => {
    const refused = await here.sandbox("fault", "unavailable");
    expect(refused).toMatchObject({ code: 2, out: "" });
    expect(refused.err).toContain(
      "next: `ledgerloop sandbox fault unavailable --system stripe`, or `ledgerloop sandbox fault unavailable --system salesforce`",
    );
    const known = await here.sandbox("fault", "view_all_lost");
    expect(known.err).toContain("next: `ledgerloop sandbox fault view_all_lost --system salesforce`\n");
    const on = await here.sandbox("fault", "unavailable", "--system", "salesforce");
    expect(on.out).toContain("`ledgerloop sandbox fault --off --system salesforce` switches all off\n");
    expect((await here.simulators()).map(({ faults }) => faults.length)).toEqual([0, 1]);
  });

  test("end each by itself", async () => {
    const [stripe, salesforce] = ["stripe", "salesforce"].map((system) => here.recorded(system).pid);
    expect(await here.json("stop", "--system", "stripe")).toEqual({ stopped: true, systems: ["stripe"] });
    expect([isThere(stripe ?? 0), isThere(salesforce ?? 0)]).toEqual([false, true]);
    expect((await here.sandbox("advance")).out).toMatch(/^2026-10-05 10:00 to 11:00/);
    expect(await here.sandbox("advance", "--system", "stripe")).toMatchObject({ code: 2 });
    await here.sandbox("start");
    const { out } = await here.sandbox("stop");
    expect(out).toBe(
      "the simulator of Stripe is stopped, and its account forgotten\nthe simulator of Salesforce is stopped, and its org forgotten\n",
    );
    expect(isThere(salesforce ?? 0)).toBe(false);
    expect(await here.sandbox("stop", "--system", "salesforce")).toMatchObject({ code: 0, out: "no simulator was running\n" });
  });
});
