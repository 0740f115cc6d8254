import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isThere, simulatorPlace } from "./sandbox-place.ts";

const here = simulatorPlace();
const simulator = async () => (await here.simulators())[0];

/** Asks the API with the key. */
const ask = (path: string) => {
  const { url, env } = here.recorded();
  return fetch(`${url}${path}`, { headers: { authorization: `Bearer ${env["STRIPE_API_KEY"]}` } });
};

describe("a simulator that runs", () => {
  beforeAll(async () => {
    expect(await here.sandbox("start")).toMatchObject({ code: 0 });
  });

  afterAll(() => here[Symbol.asyncDispose]());

  test("is started once, and says again what to export", async () => {
    const { url, env, pid } = here.recorded();
    const key = env["STRIPE_API_KEY"];
    const again = await here.sandbox("start", "--seed", "8");
    expect(again).toMatchObject({ code: 0, out: `export STRIPE_URL=${url} STRIPE_API_KEY=${key}\n` });
    expect(again.err).toContain(`runs already at ${url} (process ${pid})`);
    expect(again.err).toContain("--seed 8 would be another one");
    expect(again.err).toContain("  ledgerloop run --pipeline examples/stripe\n");
    expect(await here.json("start")).toMatchObject({
      system: "stripe",
      started: false,
      pid,
      seed: 7,
      env: { STRIPE_URL: url, STRIPE_API_KEY: key },
    });
  });

  test("keeps key and token where only its user reads them", () => {
    const { pid, env, token } = here.recorded();
    expect(statSync(here.recordOf("stripe")).mode & 0o777).toBe(0o600);
    expect(statSync(join(here.state, "sandbox")).mode & 0o777).toBe(0o700);
    const told = ["cmdline", "environ"].map((file) => readFileSync(`/proc/${pid}/${file}`, "utf8")).join();
    expect(told).not.toContain(env["STRIPE_API_KEY"]);
    expect(told).not.toContain(token);
  });

  test("is steered with the token at a port of its own, and never with the key or at the API's", async () => {
    const { control, token, env } = here.recorded();
    const steer = (verb: string, headers: Record<string, string>) =>
      fetch(`http://127.0.0.1:${control}/${verb}`, { method: "POST", headers });
    expect((await steer("status", { authorization: `Bearer ${env["STRIPE_API_KEY"]}` })).status).toBe(403);
    expect((await steer("stop", {})).status).toBe(403);
    expect((await steer("constructor", { authorization: `Bearer ${token}` })).status).toBe(404);
    for (const path of ["/status", "/stop", "/v1/status"]) expect((await ask(path)).status).toBe(404);
  });

  test("lives on hour by hour", async () => {
    const { out } = await here.sandbox("advance", "2");
    expect(out).toMatch(
      /^2026-10-05 09:00 to 10:00 {2}.*bill.*\n2026-10-05 10:00 to 11:00 {2}.*\nthe clock shows 2026-10-05T11:00:00Z\n$/,
    );
    const hours = [{ from: "2026-10-05T11:00:00Z" }];
    expect(await here.json("advance")).toMatchObject({
      simulators: [{ system: "stripe", hours, clock: "2026-10-05T12:00:00Z" }],
    });
    expect((await simulator())?.clock).toBe("2026-10-05T12:00:00Z");
  });

  test("lets answers go wrong as often as it is told", async () => {
    const on = await here.sandbox("fault", "unavailable", "--match", "/v1/customers", "--times", "1");
    expect(on.out).toContain("  unavailable at /v1/customers…: struck 0 of 1\n");
    await here.json("fault", "expired_key", "--match", "/v1/charges", "--times", "always");
    const statuses = [];
    for (const path of ["/v1/customers", "/v1/customers", "/v1/charges", "/v1/charges"]) statuses.push((await ask(path)).status);
    expect(statuses).toEqual([503, 200, 401, 401]);
    const { out } = await here.sandbox("fault");
    expect(out).toContain("  unavailable at /v1/customers…: struck 1 of 1, over\n");
    expect(out).toContain("  expired_key at /v1/charges…: struck 2, until it is switched off\n");
    expect(out).toMatch(/^cut_body +the connection ends inside the body/m);
    expect((await simulator())?.requests).toContainEqual({ status: 503, requests: 1 });
    expect((await here.sandbox("fault", "expired_key", "--off")).out).not.toContain("expired_key");
    expect(await here.sandbox("fault", "--off")).toMatchObject({ code: 0, out: "no fault is on\n" });
    expect((await ask("/v1/charges")).status).toBe(200);
  });

  test("refuses a fault of an object that is not there", async () => {
    const { code, err } = await here.sandbox("fault", "object_forbidden", "--id", "cus_nobody");
    expect([code, err]).toEqual([2, expect.stringContaining("the account has no object cus_nobody")]);
  });

  test("says what is in it", async () => {
    const { out } = await here.sandbox("status");
    expect(out).toMatch(/clock: 2026-10-05T1/);
    expect(out).toMatch(/^customer +\d{3}$/m);
    expect(out).toContain("stopping forgets it");
    expect(out).toMatch(/requests since the start: \d+; \d+ answered with 200/);
  });

  test("ends when it is stopped, which may be said twice", async () => {
    const { pid } = here.recorded();
    expect(await here.json("stop")).toEqual({ stopped: true, systems: ["stripe"] });
    expect(isThere(pid)).toBe(false);
    expect(await here.sandbox("stop")).toMatchObject({ code: 0, out: "no simulator was running\n" });
    expect((await here.sandbox("status")).out).toContain("no simulator runs here");
    expect(await here.simulators()).toEqual([]);
  });
});

describe("a record", () => {
  test("of a process that is gone is replaced", async () => {
    await using there = simulatorPlace();
    await there.sandbox("start");
    const before = there.recorded();
    process.kill(before.pid, "SIGKILL");
    while (isThere(before.pid)) await sleep(10);
    expect((await there.sandbox("status")).out).toContain("no simulator runs here");
    expect(await there.sandbox("advance")).toMatchObject({ code: 2 });
    expect((await there.sandbox("start")).err).toMatch(/a simulator of Stripe runs at/);
    expect(there.recorded().pid).not.toBe(before.pid);
  });

  test("with the pid of another program never ends that, and one that is none is replaced", async () => {
    await using there = simulatorPlace();
    await there.sandbox("start");
    const { pid, ...record } = there.recorded();
    const other = spawn("sleep", ["600"]);
    await once(other, "spawn");
    try {
      writeFileSync(there.recordOf("stripe"), JSON.stringify({ ...record, pid: other.pid }));
      expect(await there.json("stop")).toEqual({ stopped: false, systems: [] });
      expect(isThere(other.pid ?? 0)).toBe(true);
    } finally {
      other.kill();
    }
    // A simulator whose record is gone ends by itself.
    while (isThere(pid)) await sleep(50);
    writeFileSync(there.recordOf("stripe"), "half a rec");
    expect(await there.json("start", "--seed", "11")).toMatchObject({ started: true, account: "acct_1Sandbox000000011" });
  });

  test("is not written where the port is taken", async () => {
    await using there = simulatorPlace();
    const server = createServer();
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as { port: number };
    const { code, err } = await there.sandbox("start", "--port", String(port));
    server.close();
    expect([code, err]).toEqual([2, expect.stringContaining(`something else listens on port ${port}`)]);
    expect((await there.sandbox("status")).out).toContain("no simulator runs here");
  });

  test("is the same for two that start at once", async () => {
    await using there = simulatorPlace();
    const started = (await Promise.all([there.json("start"), there.json("start")])) as { started: boolean; pid: number }[];
    expect(started.map((one) => one.started).sort()).toEqual([false, true]);
    expect(new Set(started.map((one) => one.pid)).size).toBe(1);
  });
});
