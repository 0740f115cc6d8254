import { newCompany, PAST_HOURS } from "../../cast/company.ts";
import { HOUR_MS } from "../../cast/hours.ts";
import { seededRandom } from "../../random.ts";
import { type HourOf, hourly, instantsOf, type LifeOf } from "../../simulator/hourly.ts";
import { NotAllowed } from "../not-allowed.ts";
import type { Stripe } from "../start-stripe.ts";
import { finalize, pursue, renewal, sell, sellWithoutInvoice } from "./bills.ts";
import { arrive, cancel, change, remove } from "./customers.ts";
import type { Act, Happening, Living, Stage } from "./living.ts";
import { credit, dispute, moveDispute, payOut, refund, settleRefund } from "./money-back.ts";

/** What happened in an hour. */
export type LivedHour = HourOf<Happening>;

/** The life of an account. */
export type Life = LifeOf<Happening>;

const SHOP_OPENS = 8;
const SHOP_CLOSES = 18;
const PAYOUT_HOUR = 6;

/** What happens in any hour, by chance. */
const BY_CHANCE: readonly (readonly [chance: number, act: Act])[] = [
  [0.1, sellWithoutInvoice],
  [0.2, change],
  [0.06, finalize],
  [0.15, pursue],
  [0.12, refund],
  [0.04, settleRefund],
  [0.06, credit],
  [0.03, dispute],
  [0.06, moveDispute],
  [0.03, cancel],
  [0.015, remove],
];

/** What will happen in an hour: by day every hour brings a sale. */
function plan({ random, stage }: Living, hour: { from: number; until: number }): Act[] {
  const ofDay = new Date(hour.from).getUTCHours();
  const isOpen = ofDay >= SHOP_OPENS && ofDay < SHOP_CLOSES;
  return [
    ...(random.chance(isOpen ? 0.3 : 0.06) ? [arrive] : []),
    ...(isOpen || random.chance(0.15) ? [sell] : []),
    ...(ofDay === PAYOUT_HOUR ? [payOut] : []),
    ...stage.subscriptions.filter(({ until }) => until < hour.until).map(renewal),
    ...BY_CHANCE.filter(([chance]) => random.chance(chance)).map(([, act]) => act),
  ];
}

/** Lets an act happen unless somebody else, who writes over HTTP, has put an end to what it is about. */
function attempt(act: Act, living: Living, at: Date): void {
  try {
    act(living, at);
  } catch (error) {
    if (!(error instanceof NotAllowed)) throw error;
  }
}

const emptyStage = (): Stage => ({
  guests: [],
  subscriptions: [],
  drafts: [],
  open: [],
  received: [],
  returning: [],
  disputed: [],
  paidOut: [],
});

/**
 * A life that begins where the clock is. Who buys, in which currency and for how much, are facts of the cast. What becomes of their money
 * is not: the cast settles invoices in parts and calls a refund a payment, and it knows no card that is declined, no credit note, no
 * payout and no customer who is deleted. In the first `quietSeconds` of an hour nothing happens: whoever reads then finds the account at rest.
 */
export function seededLife(
  { books, store, clock }: Pick<Stripe, "books" | "store" | "clock">,
  seed: number,
  { quietSeconds = 0 }: { quietSeconds?: number } = {},
): Life {
  const random = seededRandom(seed + 4);
  const began = clock.now().getTime();
  const company = newCompany({ random, start: began + PAST_HOURS * HOUR_MS, scale: 1 });
  const stage = emptyStage();
  return hourly(began, ({ from, until, tell }) => {
    const living: Living = { books, store, random, company, stage, tell };
    clock.set(new Date(until));
    const acts = plan(living, { from, until });
    const at = instantsOf(random, { from, quiet: quietSeconds }, acts.length);
    for (const [i, act] of acts.entries()) attempt(act, living, at[i] ?? new Date(from));
    company.advance();
  });
}
