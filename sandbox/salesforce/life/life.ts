import { type Random, seededRandom } from "../../random.ts";
import { type HourOf, hourly, instantsOf, type LifeOf } from "../../simulator/hourly.ts";
import { Held } from "../books/pen.ts";
import { shuffle } from "../shuffle.ts";
import { changeOrder, closeOpportunity, moveOpportunity, newOpportunity } from "./deals.ts";
import { longTransaction, mergeAccounts, purge, remove, restore } from "./leaving.ts";
import type { Act, Happening, Living, Stage } from "./living.ts";
import { changeAccount, changeContact, measure, newAccount, newContact, touch } from "./people.ts";

/** What happened in an hour. */
export type LivedHour = HourOf<Happening>;

/** The life of an org. */
export type Life = LifeOf<Happening>;

const OPENS = 8;
const CLOSES = 18;

/** What happens in any hour, by chance. */
const BY_CHANCE: readonly (readonly [chance: number, act: Act])[] = [
  [0.3, measure],
  [0.2, touch],
  [0.05, mergeAccounts],
  [0.1, remove],
  [0.05, restore],
  [0.02, purge],
  [0.06, longTransaction],
];

/** What people do while they work, and how often in an hour at the most. */
const AT_WORK: readonly (readonly [most: number, act: Act])[] = [
  [2, newAccount],
  [2, newContact],
  [2, newOpportunity],
  [3, changeAccount],
  [2, changeContact],
  [3, moveOpportunity],
  [1, closeOpportunity],
  [2, changeOrder],
];

function plan(random: Random, from: number): Act[] {
  const hour = new Date(from).getUTCHours();
  const atWork = hour >= OPENS && hour < CLOSES ? AT_WORK : [];
  const acts = atWork.flatMap(([most, act]) => Array.from({ length: random.int(0, most) }, () => act));
  const byChance = BY_CHANCE.filter(([chance]) => random.chance(chance)).map(([, act]) => act);
  const first = atWork.length > 0 ? [newAccount, newOpportunity] : [];
  return [...first, ...shuffle([...acts, ...byChance], random)];
}

/** Lets an act happen unless an open transaction holds what it is about. */
function attempt(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof Held)) throw error;
  }
}

/** Ends the transactions whose time has come, in the order of their ends. */
function endPending({ org, stage, tell }: Living, before: number): void {
  const due = stage.pending.filter(({ until }) => until < before).sort((a, b) => a.until - b.until);
  for (const one of due) {
    stage.pending.splice(stage.pending.indexOf(one), 1);
    org.clock.set(new Date(one.until));
    if (one.keeps) one.transaction.commit();
    else {
      one.transaction.rollback();
      tell("transaction rolled back");
    }
  }
}

const emptyStage = (): Stage => ({ accounts: [], contacts: [], opportunities: [], orders: [], binned: [], pending: [] });

/**
 * A life that begins where the clock is. Each act happens at its own instant of the clock, so that rows have the stamps of all the hour.
 * In the first `quietSeconds` of an hour nothing is begun; a transaction that was begun before may still end in them.
 */
export function seededLife(org: Living["org"], seed: number, { quietSeconds = 0 }: { quietSeconds?: number } = {}): Life {
  const random = seededRandom(seed + 5);
  const stage = emptyStage();
  return hourly(org.clock.now().getTime(), ({ from, until, tell }) => {
    const living: Living = { org, random, stage, tell };
    const acts = plan(random, from);
    for (const [at, instant] of instantsOf(random, { from, quiet: quietSeconds }, acts.length).entries()) {
      endPending(living, instant.getTime());
      org.clock.set(instant);
      attempt(() => acts[at]?.(living));
    }
    endPending(living, until);
    org.clock.set(new Date(until));
  });
}
