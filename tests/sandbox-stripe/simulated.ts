import StripeClient from "stripe";
import { afterEach } from "vitest";
import { DEFAULT_KEY, type Stripe, type StripeOptions, startStripe } from "../../sandbox/stripe/start-stripe.ts";
import { NEWEST_VERSION } from "../../sandbox/stripe/versions.ts";

const running: Stripe[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((stripe) => stripe.close()));
});

/** The first instant of every simulator here. */
export const START = new Date("2026-10-05T12:00:00Z");

/** Seconds since 1970, some seconds after the start. */
export const second = (after: number) => START.getTime() / 1000 + after;

/** A simulator that ends with its test. */
export async function simulated(options: StripeOptions = {}): Promise<Stripe> {
  const stripe = await startStripe({ now: START, ...options });
  running.push(stripe);
  return stripe;
}

/** The official client, which does not try again. */
export function clientOf(stripe: Stripe, more: { key?: string; version?: string } = {}): StripeClient {
  const { hostname, port } = new URL(stripe.url);
  return new StripeClient(more.key ?? DEFAULT_KEY, {
    host: hostname,
    port,
    protocol: "http",
    telemetry: false,
    maxNetworkRetries: 0,
    apiVersion: (more.version ?? NEWEST_VERSION) as "2026-10-28.endive",
  });
}

/** An answer as plain HTTP has it. */
export interface Plain {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into bodies of every shape
  readonly body: any;
}

/** Asks without the client. */
export async function ask(stripe: Stripe, path: string, init: RequestInit & { version?: string } = {}): Promise<Plain> {
  const { version, ...others } = init;
  const headers = {
    Authorization: `Bearer ${DEFAULT_KEY}`,
    ...(version === undefined ? {} : { "Stripe-Version": version }),
    ...(others.headers as Record<string, string> | undefined),
  };
  const response = await fetch(`${stripe.url}${path}`, { ...others, headers });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}
