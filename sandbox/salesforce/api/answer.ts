import { struckBy } from "../../simulator/switchboard.ts";
import type { Strike, Target } from "../faults.ts";
import { sightOf } from "../see.ts";
import { versions } from "./about.ts";
import type { Answer, Org, Route } from "./asked.ts";
import { type Door, identityOf, tokenFor, userInfoOf } from "./oauth.ts";
import { notFound, Refusal } from "./refusal.ts";
import { ROUTES } from "./routes.ts";
import type { Session } from "./sessions.ts";
import { changeAfter, comesAsPage, expectNoRefusal, limitExceeded, limitInfo, neverComes, twistedBody } from "./twists.ts";

/** A request. */
export interface Incoming {
  readonly method: string;
  readonly path: string;
  readonly params: URLSearchParams;
  readonly body: string;
  header(name: string): string | undefined;
}

/** What is sent. */
export interface Outgoing {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Iterable<string>;
}

/** Where a request goes. */
interface Way {
  readonly route: Route | undefined;
  readonly version: string;
  readonly parts: readonly string[];
}

function wayOf({ method, path }: Incoming): Way {
  const [, version = "", rest = ""] = /^\/services\/data\/v(\d+\.\d)(\/.*|)$/.exec(path) ?? [];
  if (version !== "") {
    for (const route of ROUTES) {
      const found = route.method === method ? route.path.exec(rest) : null;
      if (found) return { route, version, parts: found.slice(1) };
    }
  }
  return { route: undefined, version, parts: [] };
}

const TOKEN_PATH = "/services/oauth2/token";

function soqlOfBody(body: string): string {
  try {
    return String((JSON.parse(body) as { query?: unknown }).query ?? "");
  } catch {
    return "";
  }
}

/** The SOQL that a request is about without saying it in its address. */
function soqlBehind(org: Org, shape: Target["shape"], { body, id }: { body: string; id: string }): string {
  if (shape === "job_create") return soqlOfBody(body);
  if (shape === "query_page") return org.cursors.find(id)?.soql ?? "";
  return (shape.startsWith("job_") && org.jobs.find(id, org.clock.now().getTime())?.soql) || "";
}

function targetOf(org: Org, incoming: Incoming, { route, parts }: Way): Target {
  const { path, params, body } = incoming;
  const shape = path === TOKEN_PATH ? "token" : (route?.shape ?? "other");
  const soql = soqlBehind(org, shape, { body, id: parts[0] ?? "" });
  const said = [...params].map(([name, value]) => `${name}=${value}`).join("&");
  const query = [said, soql].filter((part) => part !== "").join(" ");
  return { path, query, shape, hasLocator: shape === "query_page" || Boolean(params.get("locator")) };
}

/** A request on its way through the desk. */
interface Case {
  readonly org: Org;
  readonly incoming: Incoming;
  readonly way: Way;
  readonly strikes: readonly Strike[];
  /** Who it is from, once that is known. */
  session: Session | null;
}

/** Answers for data: to who is signed in, has requests left, and asks for something that is there. */
function dataFor(one: Case): Answer {
  const { org, incoming, way, strikes } = one;
  const session = org.sessions.of(incoming.header("authorization"));
  one.session = session;
  expectNoRefusal(strikes);
  if (org.limits.used >= org.limits.dailyMax) throw limitExceeded();
  org.count();
  if (!way.route || !org.versions.includes(way.version)) throw notFound();
  const { params, body } = incoming;
  const sight = sightOf(org, { ...session, strikes });
  const asked = { org, version: way.version, app: session.app, sight, strikes, params, body, parts: way.parts };
  const answer = way.route.answer({ ...asked, header: incoming.header });
  return { ...answer, headers: { ...limitInfo(org, strikes), ...answer.headers } };
}

function answerOf(one: Case, door: Door): Answer {
  const { org, incoming, strikes } = one;
  const { path, body } = incoming;
  const authorization = incoming.header("authorization");
  if (path === TOKEN_PATH) {
    expectNoRefusal(strikes);
    return tokenFor(org, door, { body, authorization });
  }
  if (path.replace(/\/$/, "") === "/services/data") return versions(org.versions);
  if (path.startsWith("/id/")) return identityOf(org, org.sessions.of(authorization));
  if (path === "/services/oauth2/userinfo") return userInfoOf(org, org.sessions.of(authorization));
  return dataFor(one);
}

/** The answer, refusals included. What is no refusal is a fault of the simulator and goes on. */
function settled(one: Case, door: Door): Answer {
  try {
    return answerOf(one, door);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const info = one.session ? limitInfo(one.org, one.strikes) : {};
    return { status: error.status, body: error.json(), headers: { ...info, ...error.headers } };
  }
}

const page = (status: number) => `<html><body><h1>${status}</h1></body></html>\n`;

/** Answers a request, or gives null where no answer comes. Faults included; `strikes` are those that concern the sending. */
export function answerTo(org: Org, door: Door, incoming: Incoming): { outgoing: Outgoing | null; strikes: readonly Strike[] } {
  const way = wayOf(incoming);
  const target = targetOf(org, incoming, way);
  const one: Case = { org, incoming, way, strikes: org.faults.strike(target), session: null };
  const { strikes } = one;
  const at = org.clock.now();
  const write = (status: number) => {
    const faults = strikes.map(({ name }) => name);
    org.log({ ...target, method: incoming.method, status, at, app: one.session?.app.clientId ?? null, faults });
  };
  if (neverComes(strikes)) {
    write(0);
    return { outgoing: null, strikes };
  }
  const answer = settled(one, door);
  write(answer.status);
  if (answer.status === 200) changeAfter(org, answer, strikes);
  const isPage = comesAsPage(strikes, answer.status);
  const skew = struckBy(strikes, "clock_skew")?.seconds ?? 0;
  const headers = {
    Date: new Date(at.getTime() + skew * 1000).toUTCString(),
    ...(answer.status === 204
      ? {}
      : { "Content-Type": isPage ? "text/html" : (answer.type ?? "application/json;charset=UTF-8") }),
    ...answer.headers,
  };
  return {
    outgoing: { status: answer.status, headers, body: isPage ? page(answer.status) : twistedBody(answer, strikes) },
    strikes,
  };
}
