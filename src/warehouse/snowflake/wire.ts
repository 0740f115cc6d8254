import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest, IncomingMessage } from "node:http";

/**
 * The HTTP requests of one connection, seen below the driver: it repeats a request whose answer was lost without saying so, and
 * cannot be told to stop.
 */
export interface Wire {
  /** Makes a call of the driver; whatever it sends because of it, now or later, belongs to this wire. */
  run<T>(call: () => T): T;
  /** Whether a statement was sent again while nobody knew what had become of it. */
  wasRepeated(requestId: string): boolean;
  /** Breaks off what is on its way and whatever the driver tries from now on. */
  hangUp(): void;
}

const STATEMENT = "/queries/v1/query-request?";
const RENEWAL = "/session/token-request";

/** One sending of a statement. */
interface Sending {
  /** Renewals of the session's token before it. */
  readonly renewals: number;
  response: IncomingMessage | null;
}

class Requests {
  private readonly sent = new Map<string, Sending>();
  private readonly repeated = new Set<string>();
  private readonly open = new Set<ClientRequest>();
  private renewals = 0;
  private isHungUp = false;

  started(request: ClientRequest): void {
    if (this.isHungUp) {
      breakOff(request);
      return;
    }
    this.open.add(request);
    request.once("close", () => this.open.delete(request));
    const { path } = request;
    if (path.startsWith(RENEWAL)) this.renewals += 1;
    if (path.startsWith(STATEMENT))
      this.statement(request, new URLSearchParams(path.slice(STATEMENT.length)).get("requestId") ?? "");
  }

  private statement(request: ClientRequest, id: string): void {
    const before = this.sent.get(id);
    // An old token is refused before anything else, and the statement sent again with a new one.
    const wasRefused = before?.response?.complete === true && before.renewals < this.renewals;
    if (before !== undefined && !wasRefused) this.repeated.add(id);
    const sending: Sending = { renewals: this.renewals, response: null };
    this.sent.set(id, sending);
    request.once("response", (response: IncomingMessage) => {
      sending.response = response;
    });
  }

  wasRepeated(requestId: string): boolean {
    return this.repeated.has(requestId);
  }

  hangUp(): void {
    this.isHungUp = true;
    for (const request of this.open) breakOff(request);
  }
}

/** With this code the driver (3.3.0) takes the request for one that its caller gave up, and does not repeat it. */
function breakOff(request: ClientRequest): void {
  request.destroy(Object.assign(new Error("the connection was given up"), { code: "ERR_CANCELED" }));
}

const current = new AsyncLocalStorage<Requests>();

subscribe("http.client.request.start", (message) => {
  current.getStore()?.started((message as { request: ClientRequest }).request);
});

/** A wire for one connection. */
export function openWire(): Wire {
  const requests = new Requests();
  return {
    run: (call) => current.run(requests, call),
    wasRepeated: (requestId) => requests.wasRepeated(requestId),
    hangUp: () => requests.hangUp(),
  };
}
