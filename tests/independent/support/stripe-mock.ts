import { given, type ServerProcess, startServer } from "./server-process.ts";

/** A server that knows which requests Stripe's specification allows, and answers anything to those. */
export interface StripeMock extends ServerProcess {
  /** Ends with `/`; requests name their version in the path: `v1/customers`. */
  readonly address: string;
}

/** Starts it; requests that name another version than its specification's are refused. */
export async function startStripeMock(): Promise<StripeMock> {
  const server = await startServer({
    command: given("LEDGERLOOP_TEST_STRIPE_MOCK"),
    args: ["-http-addr", "127.0.0.1:0", "-https-addr", "127.0.0.1:0", "-strict-version-check"],
    listens: /Listening for HTTP at address: 127\.0\.0\.1:(\d+)/,
  });
  return { ...server, address: `http://127.0.0.1:${server.port}/` };
}
