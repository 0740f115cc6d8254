import { join } from "node:path";
import { DEFAULT_KEY, type Stripe, startStripe } from "../../sandbox/stripe/start-stripe.ts";
import { loadPipeline } from "../../src/config/load.ts";
import type { Feed, Pipeline, Source } from "../../src/config/pipeline.ts";
import { systemClock, systemTimer } from "../../src/kernel/clock.ts";
import type { Cursor, Evidence, ExtractRequest } from "../../src/sources/source.ts";
import { stripeKind } from "../../src/sources/stripe/stripe-kind.ts";
import { stripeReader } from "../../src/sources/stripe/stripe-reader.ts";

const EXAMPLE = join(import.meta.dirname, "../../examples/stripe");
const [CUSTOMERS, CHANGES] = [30_000, 1_000];
const HOUR = 3_600;

/** Keeps what is landed in memory. */
function shelf() {
  const kept = new Map<string, Buffer>();
  const keep = async (name: string, bytes: AsyncIterable<Uint8Array>) => {
    const parts: Uint8Array[] = [];
    for await (const part of bytes) parts.push(part);
    const content = Buffer.concat(parts);
    kept.set(name, content);
    return { name, key: name, bytes: content.length, sha256: "" };
  };
  async function* open({ key }: Evidence): AsyncGenerator<Uint8Array> {
    yield kept.get(key) ?? Buffer.alloc(0);
  }
  return { keep, open };
}

/** An extract of one feed from a cursor, at no rate. */
function requestFor({ source, feed, cursor }: { source: Source; feed: Feed; cursor: Cursor }): ExtractRequest {
  const { keep, open } = shelf();
  const bucket = { take: async () => true, hold: async () => undefined };
  return {
    source,
    feeds: [{ feed, cursor, published: cursor, mayReadWhole: true, keys: false, loading: null }],
    currencies: {},
    sink: () => keep,
    evidence: () => keep,
    openEvidence: open,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    accepts: () => true,
    state: async () => new Map(),
    decisions: async () => [],
    publishedKeys: async () => [],
    progress: () => ({ read: async () => null, keep: async () => undefined }),
    rate: () => bucket,
    used: () => undefined,
    clock: systemClock,
    timer: systemTimer,
    budget: { requests: null, seconds: null },
  };
}

function feedOf({ sources, feeds }: Pipeline) {
  const [source, feed] = [sources.get("stripe"), feeds.get("stripe.customers")];
  if (!(source && feed)) throw new Error("the example has no customers");
  return { source, feed };
}

/** Requests of an hour in which every thirtieth of the customers changes, and the objects that they bring. */
async function hourOf(stripe: Stripe, ids: readonly string[]): Promise<Record<string, number>> {
  const since = stripe.clock.now().getTime() / 1000;
  const step = Math.floor(ids.length / CHANGES);
  for (const [i, id] of ids.entries()) if (i % step === 0) stripe.books.customers.update(id, { name: `changed ${i}` });
  stripe.clock.advance(HOUR);
  const env = { STRIPE_URL: stripe.url, STRIPE_API_KEY: DEFAULT_KEY, CONTROL_URL: "embedded" };
  const { pipeline } = loadPipeline({ kinds: [stripeKind], directory: EXAMPLE, env });
  const identity = { account: stripe.account, livemode: false };
  const cursor: Cursor = { kind: "created", position: since, identity, horizon: new Date(since * 1000).toISOString() };
  stripe.requests.clear();
  const { extracts } = await stripeReader({ random: Math.random, env }).extract(requestFor({ ...feedOf(pipeline), cursor }));
  const brought = extracts[0]?.files.reduce((sum, { rows }) => sum + rows, 0) ?? 0;
  return { requests: stripe.requests.count(), brought };
}

/** How many requests a thousand changes take: spread over a month of customers, and all among its newest. */
export async function requestsOfChanges(): Promise<Record<string, number>> {
  const stripe = await startStripe({ now: new Date("2026-09-01T00:00:00Z") });
  try {
    const ids: string[] = [];
    for (let n = 0; n < CUSTOMERS; n += 1) {
      ids.push(stripe.books.customers.create({ name: `customer ${n}` }).id);
      stripe.clock.advance(60);
    }
    stripe.clock.advance(HOUR);
    const spread = await hourOf(stripe, ids);
    const close = await hourOf(stripe, ids.slice(-CHANGES));
    return {
      spread_requests: spread["requests"] ?? 0,
      spread_objects: spread["brought"] ?? 0,
      close_requests: close["requests"] ?? 0,
      close_objects: close["brought"] ?? 0,
    };
  } finally {
    await stripe.close();
  }
}
