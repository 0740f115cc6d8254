import { once } from "node:events";
import { type ClientRequest, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWire, type Wire } from "../../../src/warehouse/snowflake/wire.ts";

/** Answers, cuts the connection or says nothing, as the path asks. */
const server = createServer((asked, response) => {
  if (asked.url?.includes("cut")) response.destroy();
  else if (!asked.url?.includes("silent")) response.end("{}");
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function start(path: string): ClientRequest {
  return request({ host: "127.0.0.1", port: (server.address() as AddressInfo).port, path, method: "POST" });
}

/** Sends a request and waits for its end: the code of its error, or null. */
function send(path: string): Promise<string | null> {
  const sent = start(path);
  return new Promise((resolve) => {
    sent.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
    sent.on("response", (response) => response.resume().on("end", () => resolve(null)));
    sent.end();
  });
}

const statement = (id: string, how = "") => send(`/queries/v1/query-request?requestId=${id}&${how}`);
const renewal = () => send("/session/token-request");

async function sentOn(work: (wire: Wire) => Promise<unknown>): Promise<Wire> {
  const wire = openWire();
  await wire.run(() => work(wire));
  return wire;
}

describe("a statement is repeated", () => {
  test.each([
    ["when it is sent again", () => statement("a").then(() => statement("a")), true],
    ["when it is sent again after a cut", () => statement("a", "cut").then(() => statement("a")), true],
    [
      "not when a token was renewed because of its answer",
      () =>
        statement("a")
          .then(renewal)
          .then(() => statement("a")),
      false,
    ],
    [
      "when a token was renewed while its answer was lost",
      () =>
        statement("a", "cut")
          .then(renewal)
          .then(() => statement("a")),
      true,
    ],
    [
      "when it is sent a third time",
      () =>
        statement("a")
          .then(renewal)
          .then(() => statement("a"))
          .then(() => statement("a")),
      true,
    ],
    ["not when another is sent", () => statement("a").then(() => statement("b")), false],
    ["not when its result is asked for", () => statement("a").then(() => send("/queries/q/result?requestId=a")), false],
  ])("%s", async (_, work, expected) => {
    const wire = await sentOn(work);
    expect(wire.wasRepeated("a")).toBe(expected);
  });

  test("not when another connection sends it", async () => {
    const wire = await sentOn(() => statement("a"));
    await sentOn(() => statement("a"));
    await statement("a");
    expect(wire.wasRepeated("a")).toBe(false);
  });
});

describe("hanging up", () => {
  test("breaks off what is on its way and what comes after, of this connection alone", async () => {
    const wire = openWire();
    const other = openWire();
    const broken = wire.run(() => send("/silent"));
    const [arrived] = (await once(server, "request")) as [{ url: string }];
    expect(arrived.url).toBe("/silent");
    wire.hangUp();
    expect(await broken).toBe("ERR_CANCELED");
    expect(await wire.run(() => send("/later"))).toBe("ERR_CANCELED");
    expect(await other.run(() => send("/other"))).toBeNull();
  });
});
