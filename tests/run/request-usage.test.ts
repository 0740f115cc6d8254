import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { shownRun } from "../../src/documents/shown-run.ts";
import { systemTimer } from "../../src/kernel/clock.ts";
import { Failure, problem } from "../../src/kernel/problem.ts";
import type { Engine } from "../../src/run/engine.ts";
import { httpClient } from "../../src/sources/http-client.ts";
import { requestBudget } from "../../src/sources/request-budget.ts";
import type { ExtractRequest } from "../../src/sources/source.ts";
import { showRun } from "../../src/store/operations/show-run.ts";
import { account, entry } from "../sources/conformance-subject.ts";
import { openTwoFolders } from "../support/two-folders.ts";

/** A service that fails each second request, and a client of it as a reader in a run makes one. */
async function service() {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    const body = asked % 2 === 0 ? "x".repeat(1000) : "";
    response.writeHead(asked % 2 === 0 ? 200 : 500, { "content-length": String(body.length) }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const client = ({ source, rate, used }: ExtractRequest) =>
    httpClient({
      source: source.id,
      address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      headers: async () => ({}),
      buckets: { all: rate({ name: `${source.id}/all`, perSecond: 100, burst: 1 }) },
      budget: requestBudget(100),
      timer: systemTimer,
      random: () => 0,
      used,
    });
  return { client, [Symbol.asyncDispose]: async () => void server.close() };
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
  expect(shown && shownRun(shown).requests).toEqual([LATE]);
});

test("and of one that failed, beside why it did", async () => {
  const away = new Failure("retryable", problem({ code: "test.away", says: "the service went away", next: "`ledgerloop run`" }));
  await using place = await opened(({ source }) => {
    if (source.id === "late") throw away;
  });
  const { failure } = await place.house.run({}, { readerOf: place.readerOf });
  expect(failure).toBe(away);
  const shown = await showRun(place.house.store, "run_0001");
  expect(shown && shownRun(shown).requests).toEqual([LATE]);
  expect(shown?.steps.find(({ stage }) => stage === "extract")).toMatchObject({
    status: "failed",
    detail: { says: expect.stringContaining("the service went away") },
  });
});
