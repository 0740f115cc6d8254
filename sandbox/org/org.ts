import { QUIET_SECONDS } from "../beside/quiet.ts";
import { HOUR_MS, STORY_START } from "../cast/hours.ts";
import { seededLife } from "../salesforce/life/life.ts";
import { type Salesforce, startSalesforce } from "../salesforce/start-salesforce.ts";
import type { Book } from "../world/book.ts";
import { ORG_CURRENCIES, salesforceBook } from "./book.ts";
import { type SpoiltHour, spoilingOf } from "./plan.ts";

/** Hours that lie behind the org when the demo begins: three weeks. */
const BEHIND = 3 * 7 * 24;

/** A run begins so many seconds after the hour that it loads; of them the last minute passes after everything was planted. */
const LATER_SECONDS = 600;
const LAST_SECONDS = 60;

/** A Salesforce org with a life of its own, and with accounts of the company's customers. */
export interface Org extends AsyncDisposable {
  /** Writes what the company's life leaves in the org. An hour's acts come before the hour is lived. */
  readonly book: Book;
  readonly url: string;
  readonly clientId: string;
  readonly secret: string;
  readonly books: Pick<Salesforce["books"], "rows" | "find">;
  /** What was asked since the hour began. */
  readonly requests: Salesforce["requests"];
  /** Lives the next hour (0 is the first), with what goes wrong in it; the clock then stands at `now`, where a run may begin. */
  live(): SpoiltHour & { readonly now: Date };
}

/** Opens an org in the simulator, with some weeks of life in it. Twice one seed is twice the same org. */
export async function openOrg({ seed }: { seed: number }): Promise<Org> {
  const now = new Date(STORY_START - BEHIND * HOUR_MS);
  const org = await startSalesforce({ seed, now, currencies: ORG_CURRENCIES });
  const [app] = org.apps;
  if (!app) throw new Error("the org has no connected app");
  const life = seededLife(org, seed, { quietSeconds: QUIET_SECONDS });
  for (let hour = 0; hour < BEHIND; hour += 1) life.hour();
  const spoil = spoilingOf(org);
  let hour = -1;
  return {
    book: salesforceBook(org, seed),
    url: org.url,
    clientId: app.clientId,
    secret: app.secret,
    books: org.books,
    requests: org.requests,
    live: () => {
      hour += 1;
      life.hour();
      org.clock.advance(LATER_SECONDS - LAST_SECONDS);
      org.requests.clear();
      const spoilt = spoil(hour);
      org.clock.advance(LAST_SECONDS);
      return { ...spoilt, now: org.clock.now() };
    },
    [Symbol.asyncDispose]: () => org.close(),
  };
}
