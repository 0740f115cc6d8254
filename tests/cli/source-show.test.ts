import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DEFAULT_KEY, startStripe } from "../../sandbox/stripe/start-stripe.ts";
import { createApp } from "../../src/app/app.ts";
import { main } from "../../src/cli/main.ts";
import { controlCluster, freshDatabase } from "../support/postgres.ts";
import { STRIPE_EXAMPLE } from "../support/stripe-house.ts";
import { withEnv } from "../support/with-env.ts";
import { documentedShapes, misfits } from "./shape.ts";

/** The program over an account of a simulator, in a state of its own. */
async function program() {
  const stripe = await startStripe({ now: new Date("2026-10-05T12:00:00Z"), createdAt: new Date("2026-10-01T00:00:00Z") });
  const state = mkdtempSync(join(tmpdir(), "ledgerloop-source-"));
  const control = await freshDatabase({ on: await controlCluster() });
  const env = {
    ...{ LEDGERLOOP_STATE: state, CONTROL_URL: control.url, STRIPE_URL: stripe.url, STRIPE_API_KEY: DEFAULT_KEY },
    ...{ PATH: process.env["PATH"], HOME: process.env["HOME"] },
  };
  const ledgerloop = async (...args: string[]) => {
    let [out, err] = ["", ""];
    const output = {
      out: (text: string | Uint8Array) => {
        out += text;
      },
      err: (text: string | Uint8Array) => {
        err += text;
      },
      paint: (await import("picocolors")).default.createColors(false),
    };
    const line = [...args, "--pipeline", STRIPE_EXAMPLE];
    const code = await withEnv({ STRIPE_API_KEY: DEFAULT_KEY }, () => main(createApp(env), line, output));
    return { code, out, err };
  };
  return {
    stripe,
    ledgerloop,
    [Symbol.asyncDispose]: async () => {
      await control[Symbol.asyncDispose]();
      await stripe.close();
      rmSync(state, { recursive: true, force: true });
    },
  };
}

test("source show tells how far each feed is, what has happened since, and what the next run takes", async () => {
  const of = await program();
  await using _ = of;
  const { stripe, ledgerloop } = of;
  stripe.books.manyCustomers(30);
  for (let n = 0; n < 150; n += 1) {
    stripe.books.customers.create({ name: `customer ${n}` });
    stripe.clock.advance(60);
  }
  stripe.clock.advance(3_600);
  const before = await ledgerloop("source", "show", "stripe");
  expect([before.code, before.err]).toEqual([0, ""]);
  expect(before.out).toContain(
    "stripe is acct_1Sandbox00000000 (test mode). Its clock shows 2026-10-05T15:30:00.000Z; a run reads up to 2026-10-05T15:25:00.000Z.",
  );
  expect(before.out).toMatch(/stripe\.customers +first load +not begun/);

  expect((await ledgerloop("up")).code).toBe(0);
  const run = await ledgerloop("run");
  expect([run.code, run.err]).toEqual([0, expect.any(String)]);
  stripe.books.manyCustomers(12);
  stripe.clock.advance(3_600);
  const shown = await ledgerloop("source", "show", "stripe", "--json");
  const document = JSON.parse(shown.out);
  expect(misfits(documentedShapes().get("source show") ?? "null", document)).toEqual([]);
  expect(document.backlog).toEqual({ events: 12, more: false });
  expect(document.feeds.find(({ feed }: { feed: string }) => feed === "stripe.customers")).toEqual({
    feed: "stripe.customers",
    reads: "changes",
    from: "2026-10-05T15:25:00.000Z",
    nets: { days: null, history: null },
  });
  expect(document.estimate.requests).toBe(2 * 11 + 2 + 12);

  // A page of customers reaches back more than an hour; of all others there are none.
  const planned = async (...options: string[]) => {
    const { code, out } = await ledgerloop("plan", ...options, "--json");
    expect(code).toBe(0);
    const plan = JSON.parse(out);
    expect(misfits(documentedShapes().get("plan") ?? "null", plan)).toEqual([]);
    return plan.requests;
  };
  expect(await planned()).toMatchObject([{ source: "stripe", requests: 2 * 11 + 2 + 12, problem: null }]);
  const [nets] = await planned("--nets");
  expect(nets.basis).toEqual([
    expect.stringMatching(/^nets: \d+ pages of days, \d+ of history; open and pending objects come on top/),
  ]);
  expect((await ledgerloop("plan", "--nets")).out).toMatch(/requests to stripe: some \d+, \d+ s at its rate\n {2}nets: /);
  const [whole] = await planned("--full");
  expect(whole.requests).toBeGreaterThan(40);

  expect((await ledgerloop("run", "--nets")).code).toBe(0);
  const netted = await ledgerloop("source", "show", "stripe");
  expect(netted.out).toMatch(/stripe\.customers .*days before 2026-10-05/);
  const beside = await ledgerloop("run", "--nets", "--full");
  expect([beside.code, beside.err]).toEqual([2, expect.stringContaining("--full says nothing to them")]);

  await stripe.close();
  const [away] = await planned();
  expect(away).toMatchObject({ requests: null, problem: expect.stringContaining("stripe") });

  const unknown = await ledgerloop("source", "show", "strip");
  expect(unknown.code).toBe(2);
  expect(unknown.err).toContain('did you mean "stripe"?');
});
