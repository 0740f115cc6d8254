import type { Tried, TryRequest } from "../source.ts";
import { identityText, openStripe, type StripeTools } from "./api.ts";
import { listedFor } from "./coverage.ts";
import { stripeReading } from "./stripe-kind.ts";

/** Asks each list that a run reads for one object: a key that may not read one of them is refused here. */
export async function tryStripe(request: TryRequest, tools: StripeTools): Promise<Tried> {
  const { source, rate, timer, signal, feeds } = request;
  const api = await openStripe({ source, rate, timer, signal, requests: null, used: () => undefined, ...tools });
  const lists = new Map(feeds.map(({ feed }) => listedFor(stripeReading(feed).object)).map(({ name, listed }) => [name, listed]));
  for (const [name, { path, query }] of lists) await api.ask({ name: `list ${name}`, path, query: { limit: "1", ...query } });
  return {
    findings: new Map(),
    says: `it is ${identityText(api.identity)}, and its key may list ${[...lists.keys()].join(", ")}`,
  };
}
