import type { Random } from "../../random.ts";
import type { Clock } from "../../simulator/clock.ts";
import { struckBy } from "../../simulator/switchboard.ts";
import { unixSeconds } from "../clock.ts";
import type { Faults, Strike } from "../faults.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Ids } from "../kinds.ts";
import { NotAllowed } from "../not-allowed.ts";
import { isOlder } from "../versions.ts";
import type { Account, Asked, Route } from "./asked.ts";
import { expand } from "./expand.ts";
import { type Params, readForm } from "./form.ts";
import type { Idempotency } from "./idempotency.ts";
import { type ApiKey, expectRight, keyOf } from "./keys.ts";
import type { RateLimiter } from "./rates.ts";
import { errorBody, invalid, Refusal } from "./refusal.ts";
import type { LoggedRequest } from "./requests.ts";
import { comesAsPage, neverComes, refusalOf, twisted } from "./twists.ts";

/** A request as it came. */
export interface Incoming {
  readonly method: string;
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly body: string;
  readonly authorization: string | undefined;
  readonly version: string | undefined;
  readonly idempotencyKey: string | undefined;
  /** How many requests are being answered, this one included. */
  readonly atOnce: number;
}

/** What is sent. */
export interface Outgoing {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  /** Stands in place of the body: a page of HTML. */
  readonly page?: string;
}

/** What requests are answered with. */
export interface Desk {
  readonly account: Account;
  readonly routes: readonly Route[];
  readonly versions: readonly string[];
  readonly keys: readonly ApiKey[];
  readonly clock: Clock;
  readonly ids: Ids;
  readonly faults: Faults;
  readonly random: Random;
  readonly limit: RateLimiter;
  readonly idempotency: Idempotency;
  readonly log: (request: LoggedRequest) => void;
}

/** Where a request goes. */
interface Way {
  readonly route: Route | undefined;
  readonly id: string;
  readonly endpoint: string;
}

function wayOf(routes: readonly Route[], method: string, path: string): Way {
  const parts = path.split("/").slice(2);
  if (!path.startsWith("/v1/")) return { route: undefined, id: "", endpoint: path };
  for (const route of routes) {
    const wanted = route.path.split("/");
    if (route.method !== method || wanted.length !== parts.length) continue;
    if (!wanted.every((part, at) => part === ":id" || part === parts[at])) continue;
    return { route, id: decodeURIComponent(parts[wanted.indexOf(":id")] ?? ""), endpoint: route.path };
  }
  return { route: undefined, id: "", endpoint: path };
}

function cursorOf(params: Params): { param: string; id: string } | null {
  for (const param of ["starting_after", "ending_before"]) {
    const id = params[param];
    if (typeof id === "string") return { param, id };
  }
  return null;
}

/** A request on its way through the desk. */
interface Case {
  readonly desk: Desk;
  readonly incoming: Incoming;
  readonly id: string;
  readonly now: number;
  readonly params: Params;
  readonly way: Way;
  readonly strikes: readonly Strike[];
  readonly version: string;
}

function caseOf(desk: Desk, incoming: Incoming): Case {
  const { method, path, query, body } = incoming;
  const params = method === "POST" ? { ...readForm(query), ...readForm(body) } : readForm(query);
  const way = wayOf(desk.routes, method, path);
  const target = { path, query, shape: way.route?.shape ?? "other", hasCursor: cursorOf(params) !== null } as const;
  return {
    desk,
    incoming,
    id: desk.ids.named("req_", 14),
    now: unixSeconds(desk.clock.now()),
    params,
    way,
    strikes: desk.faults.strike(target),
    version: incoming.version ?? desk.account.settings.version,
  };
}

/** The address's answer. Refuses what stands before it: key, rates, version, rights, an address that is none. */
function answerOf(one: Case): JsonObject {
  const { desk, incoming, way, version, params } = one;
  const key = keyOf(desk.keys, incoming.authorization);
  const cursor = cursorOf(params);
  const kind = desk.account.store.find(cursor?.id ?? way.id)?.kind ?? "object";
  const fault = refusalOf(one.strikes, { path: incoming.path, secret: key.secret, cursor, kind });
  if (fault) throw fault;
  desk.limit({ now: one.now, endpoint: way.endpoint, atOnce: incoming.atOnce });
  if (!desk.versions.includes(version)) throw invalid(`Invalid Stripe API version: ${version}`);
  if (!way.route || (way.route.newer && isOlder(version))) {
    const message = `Unrecognized request URL (${incoming.method}: ${incoming.path}).`;
    throw new Refusal({ status: 404, message });
  }
  expectRight(key, way.route.path.split("/")[0] ?? "", desk.account.settings.account.id);
  const asked: Asked = {
    account: desk.account,
    path: incoming.path,
    params,
    view: { version, now: one.now },
    again: struckBy(one.strikes, "duplicate_page") !== undefined,
    request: { id: one.id, idempotency_key: incoming.idempotencyKey ?? null },
  };
  try {
    return expand(asked, way.route.answer(asked, way.id));
  } catch (error) {
    throw error instanceof NotAllowed ? invalid(error.message) : error;
  }
}

/** The status and body of an answer, errors included. What is no refusal is a fault of the simulator and goes on. */
function settledOf(one: Case, answer: () => Outgoing): Outgoing {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { account, livemode } = one.desk.account.settings;
    const body = errorBody(error.fields, { account: account.id, request: one.id, livemode });
    const challenge: Record<string, string> = error.fields.status === 401 ? { "WWW-Authenticate": 'Bearer realm="Stripe"' } : {};
    return { status: error.fields.status, headers: { ...challenge, ...error.fields.headers }, body };
  }
}

/** Answers of a write that took place: also to one whose card was declined. */
const LASTING = new Set([200, 402]);

/** Answers a request that may have been answered before. */
function onceOnly(one: Case): Outgoing {
  const { desk, incoming, now, id } = one;
  const key = incoming.method === "POST" ? incoming.idempotencyKey : undefined;
  const asked = JSON.stringify([incoming.path, one.params]);
  return settledOf(one, () => {
    const before = key === undefined ? undefined : desk.idempotency.before(key, asked, now);
    if (before) {
      return { ...before, headers: { "Idempotent-Replayed": "true", "Original-Request": before.request } };
    }
    const outgoing = settledOf(one, () => ({ status: 200, headers: {}, body: answerOf(one) }));
    const { status, body } = outgoing;
    if (key !== undefined && LASTING.has(status)) desk.idempotency.keep(key, asked, { status, body, request: id, now });
    return outgoing;
  });
}

/** What the books do after a page that changes between two readings. */
function changeAfter(one: Case, body: JsonObject): void {
  const fault = struckBy(one.strikes, "page_changed");
  const data: readonly Json[] = Array.isArray(body["data"]) ? body["data"] : [];
  const ids = data.map((object) => String((object as JsonObject)["id"]));
  if (!fault || ids.length === 0) return;
  if (fault.change) {
    fault.change(ids);
    return;
  }
  const stored = one.desk.account.store.find(one.desk.random.pick(ids));
  if (stored) stored.object = { ...stored.object, description: `changed ${one.desk.random.code(6)}` };
}

/** Answers a request, or gives null where no answer comes. Faults included; `strikes` are those that concern the sending. */
export function answerTo(desk: Desk, incoming: Incoming): { outgoing: Outgoing | null; strikes: readonly Strike[] } {
  const one = caseOf(desk, incoming);
  const { strikes, id, version } = one;
  const { method, path, query, atOnce } = incoming;
  const write = (status: number) =>
    desk.log({ method, path, query, status, version, id, atOnce, at: desk.clock.now(), faults: strikes.map(({ name }) => name) });
  if (neverComes(strikes)) {
    write(0);
    return { outgoing: null, strikes };
  }
  const { status, headers, body } = onceOnly(one);
  write(status);
  if (status === 200) changeAfter(one, body);
  const skew = struckBy(strikes, "clock_skew")?.seconds ?? 0;
  const common = {
    Date: new Date((one.now + skew) * 1000).toUTCString(),
    "Request-Id": id,
    "Stripe-Version": version,
    ...(incoming.idempotencyKey === undefined ? {} : { "Idempotency-Key": incoming.idempotencyKey }),
  };
  const sent = status === 200 ? twisted(body, strikes, desk.random) : body;
  const page = comesAsPage(strikes, status) ? { page: `<html><body><h1>${status}</h1></body></html>\n` } : {};
  return { outgoing: { status, headers: { ...common, ...headers }, body: sent, ...page }, strikes };
}
