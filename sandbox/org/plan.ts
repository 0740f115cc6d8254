import { AWAY_SECONDS } from "../beside/left-out.ts";
import type { FeedId } from "../feed.ts";
import type { Salesforce } from "../salesforce/start-salesforce.ts";
import { ACCOUNTS, ORDERS } from "./records.ts";

/** The org, as far as whoever spoils it needs it. */
type Spoilt = Pick<Salesforce, "books" | "faults">;

/** A record of a feed. */
export interface RecordAt {
  readonly feed: FeedId;
  readonly id: string;
}

/** What is wrong with an hour. What is wrong with records stands in the org. */
export interface SpoiltHour {
  /** The org takes no requests at all. */
  readonly isDown: boolean;
  /** Feeds that a run cannot read. */
  readonly leftOut: ReadonlySet<FeedId>;
  /** Records that a transaction shows now, with stamps of before the last run. */
  readonly late: readonly RecordAt[];
  /** How often the token of the hour's run was no longer good so far; null where that is not planned. */
  readonly expired: (() => number) | null;
}

/** Spoils one hour after the other, when its life is over. */
export type Spoiling = (hour: number) => SpoiltHour;

const EXPIRED = 0;
const SHOWN = 1;
const HIDDEN = 1;
const LOST = 2;
/** A day in which the org is away, and an hour of it in which records are put right. */
const DOWN = { from: 3, hours: 24, mended: 5 };
const BACK = DOWN.from + DOWN.hours;

const NONE: ReadonlySet<FeedId> = new Set();
const BOTH: ReadonlySet<FeedId> = new Set([ACCOUNTS, ORDERS]);

/** Records that something happens to. */
interface Planted {
  readonly winner: string;
  readonly loser: string;
  readonly restored: string;
  readonly purged: string;
  readonly shown: string;
  readonly show: () => void;
}

const account = ({ books }: Spoilt, Name: string) =>
  books.create("Account", { Name, Type: "Prospect", Industry: "Energy", CurrencyIsoCode: "EUR" });

/** An account of old. */
function known({ books }: Spoilt): string {
  const found = books.rows("Account").find((record) => record["IsDeleted"] === false);
  return String(found?.["Id"]);
}

const order = ({ books }: Spoilt, AccountId: string, TotalAmount: string) =>
  books.create("Order", { AccountId, Status: "Draft", EffectiveDate: "2026-09-30", TotalAmount, CurrencyIsoCode: "EUR" });

/** Everything that begins well; of one account a change is written and not shown yet. */
function plant(org: Spoilt): Planted {
  const [winner, loser, shown] = [account(org, "Winner B.V."), account(org, "Loser B.V."), known(org)];
  const [restored, purged] = [order(org, loser, "120.50"), order(org, winner, "75.00")];
  const transaction = org.books.begin();
  transaction.update(shown, { Industry: "Banking" });
  return { winner, loser, restored, purged, shown, show: () => transaction.commit() };
}

/** An account turns out to be another, an order goes into the recycle bin, one goes through it and is nowhere, and one has a price below nothing. */
function lose(org: Spoilt, { winner, loser, restored, purged }: Planted): string {
  const { books } = org;
  books.merge(winner, loser);
  books.delete(restored);
  books.delete(purged);
  books.purge(purged);
  return order(org, winner, "-250.00");
}

/** What goes wrong with answers. */
function spoilAnswers({ faults }: Spoilt, hour: number): Pick<SpoiltHour, "isDown" | "leftOut" | "expired"> {
  const [isDown, isHidden] = [hour >= DOWN.from && hour < BACK, hour === HIDDEN];
  faults.off();
  if (isDown) faults.on("unavailable", { times: Number.POSITIVE_INFINITY, retryAfter: AWAY_SECONDS });
  if (isHidden) faults.on("field_hidden", { times: Number.POSITIVE_INFINITY, object: "Order", field: "TotalAmount" });
  const expired = hour === EXPIRED ? faults.on("expired_token", { match: "/services/data", after: 8 }) : null;
  return {
    isDown,
    leftOut: isDown ? BOTH : isHidden ? new Set([ORDERS]) : NONE,
    expired: expired && (() => expired.hits),
  };
}

/** What goes wrong with an org and its answers in the course of a day. */
export function spoilingOf(org: Spoilt): Spoiling {
  let planted: Planted | null = null;
  let negative: string | null = null;
  return (hour) => {
    planted ??= plant(org);
    if (hour === SHOWN) planted.show();
    if (hour === LOST) negative = lose(org, planted);
    if (hour === DOWN.mended && negative !== null) {
      org.books.update(negative, { TotalAmount: "250.00" });
      org.books.undelete(planted.restored);
    }
    return {
      ...spoilAnswers(org, hour),
      late: hour === SHOWN ? [{ feed: ACCOUNTS, id: planted.shown }] : [],
    };
  };
}
