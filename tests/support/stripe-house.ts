import { join } from "node:path";
import { DEFAULT_KEY, type Stripe, type StripeOptions, startStripe } from "../../sandbox/stripe/start-stripe.ts";
import { loadPipeline } from "../../src/config/load.ts";
import type { Pipeline } from "../../src/config/pipeline.ts";
import type { Engine } from "../../src/run/engine.ts";
import { csvKind } from "../../src/sources/csv/csv-kind.ts";
import { postgresKind } from "../../src/sources/postgres/postgres-kind.ts";
import type { SourceReader } from "../../src/sources/source.ts";
import { type StripeSettings, stripeKind, stripeSettings } from "../../src/sources/stripe/stripe-kind.ts";
import { stripeReader } from "../../src/sources/stripe/stripe-reader.ts";
import { openSourceless, type SourcelessHouse } from "./engine.ts";
import { fakeTimer } from "./fake-timer.ts";

/** The example pipeline: every kind of object of an account is a feed. */
export const STRIPE_EXAMPLE = join(import.meta.dirname, "../../examples/stripe");

/** The first instant of the account's clock. */
export const BEGAN = new Date("2026-10-05T12:00:00Z");

/** A LedgerLoop whose source is an account of a simulator. */
export interface StripeHouse extends AsyncDisposable {
  readonly stripe: Stripe;
  readonly house: SourcelessHouse;
  /** Moves the account's clock. */
  pass(seconds: number): void;
}

/** How the house differs from a usual one. */
export interface StripeFurnishing {
  readonly stripe?: StripeOptions;
  /** Changes the checked pipeline. */
  readonly adjust?: (pipeline: Pipeline) => Pipeline;
  readonly env?: Readonly<Record<string, string>>;
}

/** The source of a pipeline with another budget. */
export function withBudget(requests: number | null, seconds: number | null = null): (pipeline: Pipeline) => Pipeline {
  return (pipeline) => ({
    ...pipeline,
    sources: new Map([...pipeline.sources].map(([id, source]) => [id, { ...source, budget: { requests, seconds } }])),
  });
}

/** Nobody waits for a simulator: the rates are out of reach, and waits before a repetition are over at once. */
const QUICK = { perSecond: 10_000, perEndpoint: 10_000, concurrency: 4 };

const hurried = (pipeline: Pipeline): Pipeline => ({
  ...pipeline,
  sources: new Map(
    [...pipeline.sources].map(([id, source]) => [
      id,
      { ...source, settings: { ...stripeSettings(source), rate: QUICK } satisfies StripeSettings },
    ]),
  ),
});

function quickReader(env: Readonly<Record<string, string>>): SourceReader {
  const reader = stripeReader({ random: Math.random, env, limits: { silenceMs: 1_500, requestMs: 20_000 } });
  return { ...reader, extract: (request) => reader.extract({ ...request, timer: fakeTimer() }) };
}

/** Where an account is that somebody else keeps, and how the house over it differs from a usual one. */
interface StripePlace extends Pick<StripeFurnishing, "adjust"> {
  readonly url: string;
  /** What the house knows beside the address: its key. */
  readonly env: Readonly<Record<string, string>>;
  /** The example pipeline where nothing else is said. */
  readonly directory?: string;
}

/** The readers of an engine, behind whose every read something happens before it is landed. */
export function behindReads(engine: Engine, happens: () => Promise<void>): Engine["readerOf"] {
  return async (source) => {
    const reader = await engine.readerOf(source);
    return {
      ...reader,
      extract: async (request) => {
        const read = await reader.extract(request);
        await happens();
        return read;
      },
    };
  };
}

/** Opens a house over an account, whoever serves it. */
export function openHouseAt({ url, env, adjust, directory = STRIPE_EXAMPLE }: StripePlace): Promise<SourcelessHouse> {
  const kinds = [postgresKind, csvKind, stripeKind];
  return openSourceless({
    env: { STRIPE_URL: url, ...env },
    load: (of) => {
      const { pipeline } = loadPipeline({ kinds, directory, env: of });
      return hurried(adjust ? adjust(pipeline) : pipeline);
    },
    readerOf: async () => quickReader(env),
  });
}

/** Opens a house over an account that is empty at first. */
export async function openStripeHouse({ stripe: options, adjust, env = {} }: StripeFurnishing = {}): Promise<StripeHouse> {
  const stripe = await startStripe({ now: BEGAN, ...options });
  const own = { STRIPE_API_KEY: DEFAULT_KEY, ...env };
  const house = await openHouseAt({ url: stripe.url, env: own, ...(adjust && { adjust }) });
  return {
    stripe,
    house,
    pass: (seconds) => stripe.clock.set(new Date(stripe.clock.now().getTime() + seconds * 1000)),
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]();
      await stripe.close();
    },
  };
}
