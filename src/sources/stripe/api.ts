import { Failure } from "../../kernel/problem.ts";
import type { TokenBucket } from "../../kernel/token-bucket.ts";
import { bodyOf, pageOf, parsedJson } from "../http-body.ts";
import { type HttpClient, httpClient } from "../http-client.ts";
import type { HttpAnswer, HttpLimits } from "../http-request.ts";
import { pageNoJson } from "../pages/problems.ts";
import type { Page } from "../pages/warc.ts";
import { requestBudget } from "../request-budget.ts";
import { readSecret } from "../secret.ts";
import type { ExtractRequest } from "../source.ts";
import { answerRefusedBecause, clockUnsteady, keyForm, noDate } from "./problems.ts";
import { API_VERSION, stripeSettings } from "./stripe-kind.ts";

/** Whose objects a key shows: those of one account in one mode. */
export interface Identity {
  readonly account: string;
  readonly livemode: boolean;
}

/** The words of an account for people. */
export const identityText = ({ account, livemode }: Identity) => `${account} (${livemode ? "live" : "test"} mode)`;

export interface Asking {
  /** What it is for: `list charges`. */
  readonly name: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Statuses beside a success that are answers: that one object is not there, that a page begins behind one that is gone. */
  readonly accepts?: readonly number[];
}

/** An answer as it was received, and what it says. */
export interface Answer {
  readonly page: Page;
  readonly body: object;
  /** The API's own word for a refusal; null for a success. */
  readonly code: string | null;
}

export interface StripeApi {
  readonly client: HttpClient;
  readonly identity: Identity;
  /** The API's clock when it was opened, seconds since 1970. */
  readonly now: number;
  /** When the account was made, seconds since 1970; 0 where nobody says. */
  readonly opened: number;
  /** @throws Failure as the client, `incomplete` for a refusal that is none of `accepts` or a body that is no JSON. */
  ask(asking: Asking): Promise<Answer>;
}

/** What a reader is given of its process. */
export interface StripeTools {
  readonly random: () => number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly limits?: Partial<HttpLimits>;
}

/** How an API is reached. */
export type Reaching = Pick<ExtractRequest, "source" | "rate" | "timer" | "signal" | "used"> &
  StripeTools & {
    /** Requests that may be made; null for as many as are needed. */
    readonly requests: number | null;
  };

/** Headers that are kept with an answer. */
const KEPT = ["content-type", "date", "request-id", "stripe-version"];
export const PAGE_HEADERS = { requestId: "request-id", version: "stripe-version" };

/** Bytes: a hundred objects, the largest of a megabyte. */
const LONGEST_BODY = 128 * 1024 * 1024;

const BAD_REQUEST = 400;
/** Two requests wanted one object at once. */
const CONFLICT = 409;

/** Milliseconds by which the clocks of a service's servers may differ. */
const TOLERANCE = 60_000;

const ACCOUNT: Asking = { name: "read the account", path: "/v1/account" };

function errorCode(body: object): string {
  const error = "error" in body ? body.error : null;
  const { code = null, type = null } = (error ?? {}) as { code?: unknown; type?: unknown };
  const word = typeof code === "string" ? code : type;
  return typeof word === "string" && /^[a-z_]{1,60}$/.test(word) ? word : "unknown";
}

/** Where requests of a path are counted: `/v1/invoices` for `/v1/invoices/in_1/lines`. */
const endpointOf = (path: string) => path.split("/").slice(0, 3).join("/");

/**
 * The buckets of a source: the account's, and one for each endpoint, made when it is first asked. All processes name them alike, since the
 * account is not known before the first request.
 */
function bucketsOf({ source, rate }: Reaching) {
  const { perSecond, perEndpoint } = stripeSettings(source).rate;
  const made: Record<string, TokenBucket> = {};
  const bucket = (name: string, rateOf: number) => {
    made[name] ??= rate({ name: `stripe/${source.id}${name}`, perSecond: rateOf, burst: Math.max(1, Math.round(rateOf / 5)) });
    return name;
  };
  return { made, namesFor: (path: string) => [bucket(endpointOf(path), perEndpoint), bucket("", perSecond)] };
}

/** @throws Failure `usage` for a key that is none of Stripe's. */
async function keyOf({ source, env }: Reaching): Promise<string> {
  const key = await readSecret(stripeSettings(source).key, { source: source.id, env });
  if (!/^[rs]k_(live|test)_[A-Za-z0-9_]+$/.test(key)) throw new Failure("usage", keyForm(source.id));
  return key;
}

function clientOf(reaching: Reaching, buckets: Readonly<Record<string, TokenBucket>>): HttpClient {
  const { source, timer, random, used, requests, limits } = reaching;
  const { address, rate } = stripeSettings(source);
  return httpClient({
    source: source.id,
    address,
    headers: async () => ({ authorization: `Bearer ${await keyOf(reaching)}`, "stripe-version": API_VERSION }),
    buckets,
    budget: requestBudget(requests ?? Number.POSITIVE_INFINITY),
    timer,
    random,
    used,
    alsoPassing: [CONFLICT],
    mayRepeat: (_status, headers) => {
      const said = headers.get("stripe-should-retry");
      return said === "true" || said === "false" ? said === "true" : null;
    },
    limits: { concurrency: rate.concurrency, ...limits },
  });
}

/** A path below an address that may have one of its own. */
const below = (path: string) => path.replace(/^\//, "");

function urlOf(address: string, { path, query = {} }: Asking): string {
  const url = new URL(below(path), address);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

/** What an answer says, once it is known to be one. */
async function readAnswer(answer: HttpAnswer, asking: Asking, { source }: Reaching): Promise<Answer> {
  const { status, now } = answer;
  const { name, accepts = [] } = asking;
  const bytes = await bodyOf(answer);
  const body = parsedJson(bytes);
  if (typeof body !== "object" || body === null) throw new Failure("incomplete", pageNoJson(source.id, name));
  if (now === null) throw new Failure("incomplete", noDate(source.id));
  const code = status >= 200 && status < 300 ? null : errorCode(body);
  if (code !== null && !accepts.includes(status)) {
    throw new Failure("incomplete", answerRefusedBecause({ source: source.id, name, code }));
  }
  const url = urlOf(stripeSettings(source).address, asking);
  return { page: pageOf(answer, { url, now, body: bytes, kept: KEPT }), body, code };
}

/**
 * Opens the API of an account.
 * @throws Failure `usage` for a key that is none, `incomplete` where the account cannot be told, and as the client.
 */
export async function openStripe(reaching: Reaching): Promise<StripeApi> {
  const { source, signal } = reaching;
  const isLive = (await keyOf(reaching)).slice(3).startsWith("live_");
  const { made, namesFor } = bucketsOf(reaching);
  const client = clientOf(reaching, made);
  let opened = Number.NEGATIVE_INFINITY;
  const ask = async (asking: Asking): Promise<Answer> => {
    const { name, path, query = {}, accepts = [] } = asking;
    const of = { name, path: below(path), query, maxBytes: LONGEST_BODY, signal };
    const request = { ...of, accepts: [BAD_REQUEST, ...accepts], buckets: namesFor(path) };
    const answered = await client.request(request, (answer) => readAnswer(answer, asking, reaching));
    if (Date.parse(answered.page.date) < opened - TOLERANCE) throw new Failure("incomplete", clockUnsteady(source.id));
    return answered;
  };
  const { page, body } = await ask(ACCOUNT);
  opened = Date.parse(page.date);
  const account = "id" in body ? body.id : null;
  if (typeof account !== "string") throw new Failure("incomplete", pageNoJson(source.id, ACCOUNT.name));
  const created = "created" in body && typeof body.created === "number" ? body.created : 0;
  return { client, ask, identity: { account, livemode: isLive }, now: opened / 1000, opened: created };
}
