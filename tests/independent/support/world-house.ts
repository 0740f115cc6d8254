import type { Pipeline } from "../../../src/config/pipeline.ts";
import { type StripeSettings, stripeSettings } from "../../../src/sources/stripe/stripe-kind.ts";
import type { SourcelessHouse } from "../../support/engine.ts";
import { openHouseAt } from "../../support/stripe-house.ts";
import { type Account, EXPECTED } from "../../support/stripe-objects.ts";
import type { StripeAccount } from "./stripe-account.ts";

/** Stripe World 0.3.0 does not have them. */
const NOT_THERE = "invoice_payments";

/** The example's feeds that a Stripe World account has. */
export const WORLD_FEEDS = Object.keys(EXPECTED).filter((name) => name !== NOT_THERE);

/** The account as whoever compares asks it. */
export const asked = ({ address, key }: StripeAccount): Account => ({ url: address.replace(/\/$/, ""), key });

function fitting(pipeline: Pipeline): Pipeline {
  const missing = `stripe.${NOT_THERE}`;
  const groups = [...pipeline.groups].map(([name, group]) => {
    const gates = { ...group.gates, validShare: 0, quarantinedMinor: {} };
    return [name, { ...group, gates, feeds: group.feeds.filter((id) => id !== missing) }] as const;
  });
  return { ...pipeline, feeds: new Map([...pipeline.feeds].filter(([id]) => id !== missing)), groups: new Map(groups) };
}

/**
 * A LedgerLoop over an account of Stripe World: the example's pipeline, without what it does not have. Its fees of ISK are no multiples
 * of 100, which Stripe's amounts of that currency are, so the gates let rows wait that cannot be converted.
 */
export function openWorldHouse(account: StripeAccount, adjust = (pipeline: Pipeline) => pipeline): Promise<SourcelessHouse> {
  const adjusted = (pipeline: Pipeline) => adjust(fitting(pipeline));
  return openHouseAt({ url: asked(account).url, env: { STRIPE_API_KEY: account.key }, adjust: adjusted });
}

/** The same pipeline, whose source is another account. */
export function readingFrom({ address }: StripeAccount): (pipeline: Pipeline) => Pipeline {
  return (pipeline) => ({
    ...pipeline,
    sources: new Map(
      [...pipeline.sources].map(([id, source]) => [
        id,
        { ...source, settings: { ...stripeSettings(source), address } satisfies StripeSettings },
      ]),
    ),
  });
}
