import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type FaultAsked, NotDone, type Simulated } from "./simulated.ts";

/** What may be asked of the process, by the last part of the path. */
type Verbs = Readonly<Record<string, (body: never) => object>>;

/** More than any request of ours has. */
const LONGEST_BODY = 100_000;

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > LONGEST_BODY) throw new NotDone("the request is too long");
  }
  return text === "" ? {} : JSON.parse(text);
}

function hasToken(request: IncomingMessage, token: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(request.headers.authorization ?? ""), digest(`Bearer ${token}`));
}

function say(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

function verbsOf(simulated: Simulated, stop: () => void): Verbs {
  return {
    status: () => simulated.status(),
    advance: ({ hours }: { hours: number }) => simulated.advance(hours),
    fault: (asked: FaultAsked) => simulated.fault(asked),
    off: ({ name }: { name: string | null }) => simulated.off(name),
    stop: () => {
      // The answer goes out first.
      setTimeout(stop, 10);
      return {};
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, { verbs, token }: { verbs: Verbs; token: string }) {
  if (!hasToken(request, token)) return say(response, 403, { says: "the token is another one" });
  const name = (request.url ?? "").slice(1);
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (request.method !== "POST" || !verb) return say(response, 404, { says: "there is no such request" });
  try {
    say(response, 200, verb((await bodyOf(request)) as never));
  } catch (error) {
    const isRefusal = error instanceof NotDone;
    say(response, isRefusal ? 400 : 500, { says: isRefusal ? error.message : String(error) });
  }
}

/** Serves whoever knows the token, on a loopback port that has nothing to do with the API's. Gives the port. */
export async function serveControl(simulated: Simulated, { token, stop }: { token: string; stop: () => void }): Promise<number> {
  const verbs = verbsOf(simulated, stop);
  const server = createServer((request, response) => void answer(request, response, { verbs, token }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
