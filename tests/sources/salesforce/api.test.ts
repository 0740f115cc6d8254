import { expect, test } from "vitest";
import { startSalesforce } from "../../../sandbox/salesforce/start-salesforce.ts";
import { loadPipeline } from "../../../src/config/load.ts";
import { systemClock } from "../../../src/kernel/clock.ts";
import { Failure } from "../../../src/kernel/problem.ts";
import { openApi } from "../../../src/sources/salesforce/api.ts";
import { salesforceKind } from "../../../src/sources/salesforce/salesforce-kind.ts";
import { fakeTimer } from "../../support/fake-timer.ts";
import { loginOf, SALESFORCE_EXAMPLE } from "../../support/salesforce-house.ts";

test("a run that is to stop does not wait for a job, nor for requests that the org does not take", async () => {
  const org = await startSalesforce();
  try {
    const env = { ...loginOf(org), CONTROL_URL: "embedded" };
    const { pipeline } = loadPipeline({ kinds: [salesforceKind], directory: SALESFORCE_EXAMPLE, env });
    const source = pipeline.sources.get("salesforce");
    if (!source) throw new Error("the example has no source");
    const stop = new AbortController();
    const used = () => undefined;
    const tools = { random: Math.random, env, used, requests: null, clock: systemClock, timer: fakeTimer() };
    const api = openApi({ source, signal: stop.signal, ...tools });
    org.faults.on("request_limit", { times: 1 });
    const asked = api.ask({ name: "query", path: "query", query: { q: "SELECT Id FROM Account" } });
    expect((await asked).code).toBeNull();
    stop.abort();
    const refusal = await api.pause(1_000).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Failure);
    expect(refusal).toMatchObject({ kind: "retryable", problems: [{ code: "source.cancelled" }] });
  } finally {
    await org.close();
  }
});
