import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { shownRun } from "../../src/documents/shown-run.ts";
import { systemTimer } from "../../src/kernel/clock.ts";
import { Failure, problem } from "../../src/kernel/problem.ts";
import type { Engine } from "../../src/run/engine.ts";
import { executeRun } from "../../src/run/execute.ts";
import { runRequest } from "../../src/run/request.ts";
import { httpClient } from "../../src/sources/http-client.ts";
import { requestBudget } from "../../src/sources/request-budget.ts";
import type { ExtractRequest } from "../../src/sources/source.ts";
import { showRun } from "../../src/store/operations/show-run.ts";
import { account, entry } from "../sources/conformance-subject.ts";
import { openTwoFolders } from "../support/two-folders.ts";

/** A service that fails each second request, and a client of it as a reader in a run makes one. */
async function service() {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    if (request.url === "/never") return;
    const body = asked % 2 === 0 ? "x".repeat(1000) : "";
    response.writeHead(asked % 2 === 0 ? 200 : 500, { "content-length": String(body.length) }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = ({ source, rate, used }: ExtractRequest) =>
    httpClient({
      source: source.id,
      address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      headers: async () => ({}),
      buckets: {
        all: rate({ name: `${source.id}/all`, perSecond: 100, burst: 1 }),
        slow: rate({ name: `${source.id}/slow`, perSecond: 0.0001, burst: 1 }),
      },
      budget: requestBudget(100),
      timer: systemTimer,
      random: () => 0,
      used,
    });
  return {
    client,
    asked: () => asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function opened(then: (request: ExtractRequest) => void) {
  const folders = await openTwoFolders();
  folders.accounts.put([account(1)]);
  folders.entries.put([entry(1)]);
  const asking = await service();
  const readerOf: Engine["readerOf"] = async (source) => {
    const reader = await folders.house.engine.readerOf(source);
    return {
      ...reader,
      extract: async (request) => {
        const client = asking.client(request);
        const ask = () =>
          client.request({ name: "list", path: "x", buckets: ["all"], maxBytes: 10_000 }, async ({ body }) => {
            for await (const _ of body);
          });
        if (source.id === "late") await Promise.all([ask(), ask()]);
        then(request);
        return reader.extract(request);
      },
    };
  };
  return {
    ...folders,
    readerOf,
    [Symbol.asyncDispose]: async () => {
      await asking[Symbol.asyncDispose]();
      await folders[Symbol.asyncDispose]();
    },
  };
}

const NEITHER_TIME = { rate_wait_seconds: expect.any(Number), retry_wait_seconds: expect.any(Number) };
const LATE = { source: "late", requests: 4, retries: 2, bytes: 2000, ...NEITHER_TIME };

test("what requests took stands in the journal, by source, of a run that published", async () => {
  await using place = await opened(() => undefined);
  const { report } = await place.house.run({}, { readerOf: place.readerOf });
  expect(report?.outcome).toBe("published");
  const shown = await showRun(place.house.store, report?.run_id ?? "");
  expect(shown && shownRun(shown, { defaultGroup: null }).requests).toEqual([LATE]);
});

test("and of one that failed, beside why it did", async () => {
  const away = new Failure("retryable", problem({ code: "test.away", says: "the service went away", next: "`ledgerloop run`" }));
  await using place = await opened(({ source }) => {
    if (source.id === "late") throw away;
  });
  const { failure } = await place.house.run({}, { readerOf: place.readerOf });
  expect(failure).toBe(away);
  const shown = await showRun(place.house.store, "run_0001");
  expect(shown && shownRun(shown, { defaultGroup: null }).requests).toEqual([LATE]);
  expect(shown?.steps.find(({ stage }) => stage === "extract")).toMatchObject({
    status: "failed",
    detail: { says: expect.stringContaining("the service went away") },
  });
});

test("a run that is told to stop ends while its service never answers and its rate gives no token; nothing is published", async () => {
  await using asking = await service();
  await using folders = await openTwoFolders();
  const { house } = folders;
  const stop = new AbortController();
  const readerOf: Engine["readerOf"] = async (source) => {
    const reader = await house.engine.readerOf(source);
    if (source.id !== "late") return reader;
    return {
      ...reader,
      extract: async (request) => {
        const client = asking.client(request);
        const of = { name: "list", maxBytes: 10, signal: request.signal };
        const requests = ["slow", "slow", "all"].map((bucket) =>
          client.request({ ...of, path: "never", buckets: [bucket] }, async () => undefined),
        );
        await Promise.all(requests);
        return reader.extract(request);
      },
    };
  };
  const engine = { ...house.engine, readerOf };
  const [group = ""] = house.pipeline.groups.keys();
  const running = executeRun(engine, runRequest({ group }), stop.signal);
  const rates = () =>
    house.store.ask("select from ledgerloop.rate where name = 'late/slow' and next_at > now() + interval '15000 s'");
  await expect.poll(async () => asking.asked() === 2 && (await rates()).length === 1, { timeout: 60_000 }).toBe(true);
  stop.abort();
  await expect(running).rejects.toMatchObject({ kind: "retryable", problems: [{ code: "source.cancelled" }] });
  const shown = await showRun(house.store, "run_0001");
  expect(shown && shownRun(shown, { defaultGroup: null }).requests).toMatchObject([
    { source: "late", requests: 2, retries: 0, bytes: 0 },
  ]);
});
