import { cpSync } from "node:fs";
import { join } from "node:path";
import { type Salesforce, startSalesforce } from "../../sandbox/salesforce/start-salesforce.ts";
import { DEFAULT_KEY, type Stripe, startStripe } from "../../sandbox/stripe/start-stripe.ts";
import { CURRENCIES, loginOf } from "../support/salesforce-house.ts";
import { withEnv } from "../support/with-env.ts";
import { type Ended, emptyPlace, type ProgramPlace } from "./small-run.ts";

const BEGAN = new Date("2026-10-05T12:00:00Z");

/** LedgerLoop's own pipeline, copied, with an empty billing, and an account and an org that have nothing yet. */
export interface OwnPlace extends AsyncDisposable {
  readonly place: ProgramPlace;
  /** The copied folder, which may be changed. */
  readonly pipeline: string;
  readonly stripe: Stripe;
  readonly org: Salesforce;
  /** A command over it. */
  there(...args: string[]): Promise<Ended>;
}

/** Opens such a place; the simulators end with it. */
export async function ownPlace(): Promise<OwnPlace> {
  const place = await emptyPlace();
  const pipeline = join(place.folder, "pipeline");
  cpSync("pipeline", pipeline, { recursive: true, filter: (path) => !path.includes(".state") });
  const stripe = await startStripe({ now: BEGAN, createdAt: new Date("2026-10-01T00:00:00Z") });
  const org = await startSalesforce({ now: BEGAN, currencies: CURRENCIES });
  const login = loginOf(org);
  const env = { STRIPE_URL: stripe.url, SALESFORCE_URL: login["SALESFORCE_URL"] ?? "" };
  return {
    place,
    pipeline,
    stripe,
    org,
    there: (...args) => withEnv({ STRIPE_API_KEY: DEFAULT_KEY, ...login }, () => place.at(env, ...args, "--pipeline", pipeline)),
    [Symbol.asyncDispose]: async () => {
      await org.close();
      await stripe.close();
      await place[Symbol.asyncDispose]();
    },
  };
}
