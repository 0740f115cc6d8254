import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { Failure } from "../../src/kernel/problem.ts";
import { httpClient } from "../../src/sources/http-client.ts";
import type { HttpAnswer, HttpClientOptions, HttpRequest } from "../../src/sources/http-request.ts";
import { requestBudget } from "../../src/sources/request-budget.ts";
import { type FakeTimer, fakeTimer } from "../support/fake-timer.ts";
import { bytesOf } from "../support/raw-file.ts";

/** What the server does with one request. */
export type Turn = (response: ServerResponse, request: IncomingMessage) => void;

/** A real server for the tests of one file, and what it was asked. */
export interface HttpStub {
  /** What the server does with the next requests, the last of them for ever. */
  turns: Turn[];
  readonly asked: { method: string; url: string; authorization: string | undefined; body: string }[];
  address: string;
  timer: FakeTimer;
  /** A client of it, with a credential. */
  client(given?: Partial<HttpClientOptions>): ReturnType<typeof httpClient>;
}

/** Starts the server before the tests of the file that calls it, and forgets what was asked before each. */
export function httpStub(): HttpStub {
  const stub: HttpStub = {
    turns: [],
    asked: [],
    address: "",
    timer: fakeTimer(),
    client: (given = {}) =>
      httpClient({
        source: "stripe",
        address: stub.address,
        headers: async () => ({ authorization: "Bearer a-secret-of-ours" }),
        buckets: {},
        budget: requestBudget(100),
        timer: stub.timer,
        random: () => 0.5,
        ...given,
      }),
  };
  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on("data", (chunk: Uint8Array) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      stub.asked.push({ method, url, authorization: headers.authorization, body: Buffer.concat(chunks).toString() });
      const turn = stub.turns.length > 1 ? stub.turns.shift() : stub.turns[0];
      turn?.(response, request);
    });
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    stub.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    stub.asked.length = 0;
    stub.timer = fakeTimer();
  });
  return stub;
}

export const NOW = "Mon, 23 Nov 2026 10:00:00 GMT";
export const say =
  (status: number, body = "", headers: Record<string, string> = {}): Turn =>
  (response) => {
    response.writeHead(status, { "content-length": String(Buffer.byteLength(body)), date: NOW, ...headers });
    response.end(body);
  };
export const ok = say(200, "whole");
/** Says that more comes than does, then breaks the connection off. */
export const cut: Turn = (response) => {
  response.writeHead(200, { "content-length": "100" });
  response.write("half", () => response.destroy());
};
export const hangUp: Turn = (response) => void response.destroy();
export const stall: Turn = (response) => {
  response.writeHead(200, { "content-length": "100" });
  response.write("half");
};
export const never: Turn = () => undefined;

export const LIST: HttpRequest = { name: "list events", path: "events", maxBytes: 1_000_000 };
export const read = async (answer: HttpAnswer) => (await bytesOf(answer.body)).toString();

/** The failure that work ends with. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => expect.fail("it succeeded"),
    (error: unknown) => error,
  );
  if (!(error instanceof Failure)) throw error;
  return error;
}
export const shape = ({ kind, problems }: Failure) => [kind, problems[0]?.code];
