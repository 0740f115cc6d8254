import { LONGEST_TIMEOUT } from "../kernel/clock.ts";
import type { Places } from "../kernel/places.ts";
import { Failure } from "../kernel/problem.ts";
import { unlessAborted } from "../kernel/unless-aborted.ts";
import { type Asked, connectionFault, HttpFault, isPassingStatus } from "./http-fault.ts";
import type { HttpAnswer, HttpClientOptions, HttpLimits, HttpRequest } from "./http-request.ts";
import { dateOf, retryAfterMs } from "./http-times.ts";
import {
  answerPacked,
  answerTooLarge,
  answerWithoutEnd,
  budgetUsedUp,
  cancelled,
  credentialsNotReady,
  noPlace,
  rateTooSlow,
  rateUnknown,
} from "./problems.ts";
import type { RequestUsage } from "./request-usage.ts";

/** One request on its way, and what it has taken so far. */
export interface Context {
  readonly options: HttpClientOptions;
  readonly limits: HttpLimits;
  readonly places: Places;
  readonly request: HttpRequest;
  readonly asked: Asked;
  readonly url: URL;
  readonly spent: { -readonly [K in keyof RequestUsage]: RequestUsage[K] };
}

/** Ends an attempt from outside: abandoned, too late, silent or on its way for too long. */
interface Watch {
  readonly signal: AbortSignal;
  /** It is sent now: what it may take begins. */
  begins(): void;
  /** From now on the other side is waited for. */
  waits(): void;
  /** The next move is ours: it may take its time. */
  rests(): void;
  end(): void;
}

function timeout(milliseconds: number): number {
  return Math.min(Math.max(0, milliseconds), LONGEST_TIMEOUT);
}

/** Networks have time of their own, so this does not use the client's timer. */
function watch({ options, limits, request }: Context): Watch {
  const control = new AbortController();
  const breakOff = (code: string) => () => control.abort(new HttpFault({ kind: "connection", code }));
  let silence: NodeJS.Timeout | undefined;
  let whole: NodeJS.Timeout | undefined;
  const rests = () => clearTimeout(silence);
  const deadline =
    request.until === undefined ? undefined : setTimeout(breakOff("DEADLINE"), timeout(request.until - options.timer.now()));
  const abandon = () => control.abort(new Failure("retryable", cancelled(options.source)));
  request.signal?.addEventListener("abort", abandon, { once: true });
  if (request.signal?.aborted) abandon();
  return {
    signal: control.signal,
    begins: () => {
      whole = setTimeout(breakOff("SLOW"), timeout(limits.requestMs));
    },
    waits: () => {
      rests();
      silence = setTimeout(breakOff("SILENT"), limits.silenceMs);
    },
    rests,
    end: () => {
      // What was not taken of a body is not waited for.
      control.abort();
      rests();
      clearTimeout(whole);
      clearTimeout(deadline);
      request.signal?.removeEventListener("abort", abandon);
    },
  };
}

/** Why an attempt was broken off, if it was by us; what fetch makes of it otherwise. */
function faultOf(error: unknown, signal: AbortSignal): HttpFault | Failure {
  if (signal.aborted && (signal.reason instanceof HttpFault || signal.reason instanceof Failure)) return signal.reason;
  return error instanceof Failure ? error : connectionFault(error);
}

/** Waits for a place among the requests that are on their way; so many are at once. */
async function enter({ options, places, asked, limits }: Context, { signal }: Watch): Promise<() => void> {
  try {
    return await places.enter(signal);
  } catch (error) {
    if (!(error instanceof HttpFault)) throw error;
    throw new Failure("retryable", noPlace({ ...asked, source: options.source, atOnce: limits.concurrency }));
  }
}

async function takeToken({ options, request, asked, spent }: Context, name: string, { signal }: Watch): Promise<void> {
  const { until } = request;
  const bucket = options.buckets[name];
  if (!bucket) throw new Failure("internal", rateUnknown({ ...asked, bucket: name }));
  const began = options.timer.now();
  try {
    const taken = await bucket.take({ ...(until === undefined ? {} : { until }), signal });
    if (!taken) throw new Failure("retryable", rateTooSlow({ ...asked, bucket: name }));
  } catch (error) {
    throw error instanceof HttpFault ? new Failure("retryable", rateTooSlow({ ...asked, bucket: name })) : error;
  } finally {
    spent.rateWaitMs += options.timer.now() - began;
  }
}

/**
 * Takes a token of each bucket, in the order that the request names them. Where a later one refuses, the earlier ones' tokens are not
 * given back: somebody else may have been promised the next ones, and a token that nobody uses slows down and never exceeds.
 */
async function takeTokens(context: Context, watched: Watch): Promise<void> {
  for (const name of context.request.buckets ?? []) await takeToken(context, name, watched);
}

function spendRequest({ options, asked, spent }: Context, attempt: number): void {
  if (!options.budget.spend()) throw new Failure("incomplete", budgetUsedUp({ ...asked, limit: options.budget.limit }));
  spent.requests += 1;
  if (attempt > 1) spent.retries += 1;
}

/** A status that is no answer is a fault; the buckets of a throttled request give nothing until the service takes requests again, where that is waited for. */
async function checkStatus(
  { options, request, limits }: Context,
  { status, headers }: Response,
  signal: AbortSignal,
): Promise<void> {
  if ((status >= 200 && status < 300) || request.accepts?.includes(status)) return;
  const usually = isPassingStatus(status) || options.alsoPassing?.includes(status) === true;
  const passes = options.mayRepeat?.(status, headers) ?? usually;
  const throttles = status === 429 || status === 503;
  const asked = passes || throttles ? retryAfterMs(headers) : undefined;
  if (throttles && asked !== undefined && asked <= limits.longestAskedMs) {
    const held = (request.buckets ?? []).map((name) => options.buckets[name]?.hold(asked));
    await unlessAborted(Promise.all(held), signal);
  }
  throw new HttpFault({ kind: "answer", status, passes, ...(asked === undefined ? {} : { retryAfterMs: asked }) });
}

/** Without a length or chunks the end of a body is the end of the connection, and nobody can tell that from a broken one. */
function checkForm({ asked, request }: Context, { status, headers }: Response): void {
  // fetch (Node 20.20) gives out what it has unpacked of a cut body as if that were all.
  const packing = headers.get("content-encoding");
  if (packing !== null && packing !== "identity") throw new Failure("incomplete", answerPacked(asked));
  const isEmpty = request.method === "HEAD" || status === 204 || status === 304;
  if (!isEmpty && !headers.has("content-length") && !headers.has("transfer-encoding")) {
    throw new Failure("incomplete", answerWithoutEnd(asked));
  }
}

/** An answer's bytes as they arrive, and what broke them off, if anything did. */
interface Body {
  readonly chunks: AsyncIterable<Uint8Array>;
  fault(): HttpFault | Failure | null;
}

function bodyOf({ asked, request, spent }: Context, response: Response, watched: Watch): Body {
  let fault: HttpFault | Failure | null = null;
  async function* pass(): AsyncGenerator<Uint8Array> {
    const reader = response.body?.getReader();
    if (!reader) return;
    const read = () => {
      watched.waits();
      return reader.read().finally(watched.rests);
    };
    let size = 0;
    try {
      for (let next = await read(); !next.done; next = await read()) {
        size += next.value.length;
        spent.bytes += next.value.length;
        if (size > request.maxBytes) throw new Failure("incomplete", answerTooLarge({ ...asked, bytes: request.maxBytes }));
        yield next.value;
      }
    } catch (error) {
      fault = faultOf(error, watched.signal);
      throw fault;
    }
  }
  return { chunks: pass(), fault: () => fault };
}

/** The headers of an attempt. What their maker fails with may quote a credential, so only a Failure travels on. */
async function ownHeaders({ options, asked }: Context, signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
  try {
    // A token that is being renewed may hang as an answer may.
    return await unlessAborted(options.headers(), signal);
  } catch (error) {
    if (signal.aborted) throw faultOf(error, signal);
    throw error instanceof Failure ? error : new Failure("incomplete", credentialsNotReady(asked));
  }
}

async function send(context: Context, signal: AbortSignal): Promise<Response> {
  const { request, url } = context;
  const { method = "GET", body } = request;
  const own = await ownHeaders(context, signal);
  const headers = { ...own, ...request.headers, "accept-encoding": "identity" };
  try {
    // A redirection would take credentials elsewhere.
    return await fetch(url, { method, headers, signal, redirect: "manual", ...(body === undefined ? {} : { body }) });
  } catch (error) {
    throw faultOf(error, signal);
  }
}

async function exchange<T>(context: Context, watched: Watch, take: (answer: HttpAnswer) => Promise<T>): Promise<T> {
  let body: Body | undefined;
  try {
    watched.begins();
    watched.waits();
    const response = await send(context, watched.signal).finally(watched.rests);
    await checkStatus(context, response, watched.signal);
    checkForm(context, response);
    body = bodyOf(context, response, watched);
    const { status, headers } = response;
    const taken = await take({ status, headers, now: dateOf(headers.get("date")), body: body.chunks });
    const fault = body.fault();
    if (fault) throw fault;
    return taken;
  } catch (error) {
    // Whoever takes the bytes may fail in consequence with an error of its own.
    throw body?.fault() ?? error;
  }
}

/** One attempt: a place, tokens, one request of the budget, the answer, and what is made of its body. */
export async function once<T>(context: Context, attempt: number, take: (answer: HttpAnswer) => Promise<T>): Promise<T> {
  const watched = watch(context);
  try {
    const leave = await enter(context, watched);
    try {
      await takeTokens(context, watched);
      spendRequest(context, attempt);
      return await exchange(context, watched, take);
    } finally {
      leave();
    }
  } finally {
    watched.end();
  }
}
