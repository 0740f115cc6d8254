import type { Beside, BesideRun, Unit } from "../beside/beside.ts";
import { leftOutFeeds, leftOutUnit } from "../beside/left-out.ts";
import { type FoundWait, instantText, type Mirror, readMirror } from "../beside/mirror.ts";
import { stopUnits } from "../beside/stops.ts";
import { type Difference, noteDifferences } from "../difference.ts";
import type { Fault } from "../faults.ts";
import type { FeedId } from "../feed.ts";
import { addUnits, countedUnits, runUnit, type UnitName } from "../units.ts";
import type { Account } from "./account.ts";
import { accountDifferences } from "./compare.ts";
import { type AccountState, type ExpectedHour, emptyAccountState, expectHour, settledBefore } from "./expectation.ts";
import { MIRRORED, OBJECT_FEEDS } from "./objects.ts";
import type { SpoiltHour } from "./plan.ts";

const FEEDS: readonly FeedId[] = OBJECT_FEEDS.map(({ id }) => id);

const FAULT_OF_RULE: Readonly<Record<string, Fault>> = { "currency.accepted": "unknown_currency", record: "forbidden_object" };

function waitUnits({ feed, id, kind, rules }: Omit<FoundWait, "cells">): Unit[] {
  return rules.map((rule) => [`${feed}|${id}|${kind}:${rule}`, FAULT_OF_RULE[rule] ?? "other"]);
}

const deletedUnit = ({ feed, id }: { feed: FeedId; id: string }): Unit => [`${feed}|${id}|deleted`, "deleted_draft"];
const lateUnit = ({ feed, id }: { feed: FeedId; id: string }): Unit => [`${feed}|${id}|late`, "late_object"];
const backlogUnit = (run: string): Unit => [runUnit(run, "all of a day came at once"), "backlog"];
const twiceUnit = (run: string): Unit => [runUnit(run, "events twice and in no order"), "repeated_events"];

function answerUnits(run: string, { answers }: SpoiltHour, counted: (one: SpoiltHour["answers"][number]) => number): Unit[] {
  return answers.flatMap((one) => countedUnits(run, one.fault, counted(one)).map((name): Unit => [name, one.fault]));
}

const leftOutUnits = (run: string, feeds: readonly FeedId[]) => feeds.map((feed) => leftOutUnit(run, feed, "source_down"));

function expectedUnits(run: string, spoilt: SpoiltHour, { waits, deleted, late }: ExpectedHour): Unit[] {
  return [
    ...answerUnits(run, spoilt, ({ times }) => times),
    ...(spoilt.eventsTwice ? [twiceUnit(run)] : []),
    ...(spoilt.isBack ? [backlogUnit(run)] : []),
    ...waits.flatMap(waitUnits),
    ...deleted.map(deletedUnit),
    ...late.map(lateUnit),
  ];
}

/** Whether everything that an answer failed of was asked for again, and answered. */
function isMended({ requests }: Account): boolean {
  const all = requests.all();
  const place = ({ path, query }: (typeof all)[number]) => `${path}?${query}`;
  return all.every((one, i) => {
    if (one.faults.length === 0 || one.faults.includes("object_forbidden")) return true;
    return all.slice(i + 1).some((later) => place(later) === place(one) && later.status === 200 && later.faults.length === 0);
  });
}

/** Objects that came with this run although the run before was past their second, and did not wait. */
function cameLate(published: Mirror, before: Mirror | null, pastSeconds: number): Unit[] {
  if (before === null) return [];
  const past = instantText(pastSeconds * 1000);
  const waited = new Set(before.waiting.map(({ id }) => id));
  return OBJECT_FEEDS.flatMap(({ id: feed }) => {
    const known = new Set((before.rows.get(feed) ?? []).map(({ id }) => id));
    const came = (published.rows.get(feed) ?? []).filter(({ id }) => !known.has(id) && !waited.has(id));
    return came.filter(({ cells }) => (cells["created_at"] ?? "") < past).map(({ id }) => lateUnit({ feed, id }));
  });
}

/** What is known from hour to hour. */
interface Past {
  readonly state: AccountState;
  before: Mirror | null;
  pastSeconds: number;
  /** When each feed was last read. */
  readonly readAt: Map<FeedId, Date>;
  readonly differences: Map<string, Difference>;
}

/** What an hour brings, as the account has lived it. */
type Lived = ReturnType<Account["live"]>;

async function look(
  account: Account,
  past: Past,
  { spoilt, product, run: name, window, ended }: BesideRun & { spoilt: Lived },
): Promise<Unit[]> {
  const published = await readMirror(product, MIRRORED);
  const differences = accountDifferences(past.state, published);
  noteDifferences(past.differences, differences);
  const stops = stopUnits(name, ended, FEEDS);
  if (ended.exitCode !== 0) return stops;
  if (spoilt.isAway) return [...leftOutUnits(name, leftOutFeeds(past.readAt, ended, window)), ...stops];
  const isWhole = differences.length === 0;
  const isOnce = [...account.requests.retrieved().values()].every((times) => times === 1);
  const found = [
    ...(isWhole && isMended(account) ? answerUnits(name, spoilt, ({ hits, times }) => Math.min(hits(), times)) : []),
    ...(isWhole && isOnce && spoilt.eventsTwice ? [twiceUnit(name)] : []),
    ...(isWhole && spoilt.isBack ? [backlogUnit(name)] : []),
    ...cameLate(published, past.before, past.pastSeconds),
    ...stops,
  ];
  past.before = published;
  past.pastSeconds = settledBefore(spoilt.now);
  for (const feed of FEEDS) past.readAt.set(feed, new Date(spoilt.now * 1000));
  return found;
}

/** The account beside the company's books: its hours, and what should come of them. */
export function besideAccount(account: Account): Beside {
  const past: Past = { state: emptyAccountState(), before: null, pastSeconds: 0, readAt: new Map(), differences: new Map() };
  return {
    feeds: FEEDS,
    rows: past.state.rows,
    live: () => {
      const spoilt = account.live();
      return {
        expect: ({ run }) => {
          if (spoilt.isAway) return leftOutUnits(run, FEEDS);
          return expectedUnits(run, spoilt, expectHour(past.state, { ...spoilt, store: account.store }));
        },
        look: (run) => look(account, past, { ...run, spoilt }),
      };
    },
    compare: async (product) => {
      const published = await readMirror(product, MIRRORED);
      noteDifferences(past.differences, accountDifferences(past.state, published));
      const found = new Map<UnitName, Fault>();
      addUnits(found, published.everWaited.flatMap(waitUnits));
      const gone = [...published.rows].flatMap(([feed, rows]) =>
        rows.filter(({ deleted }) => deleted).map(({ id }) => ({ feed, id })),
      );
      return { found: [...found, ...gone.map(deletedUnit)], differences: [...past.differences.values()] };
    },
  };
}
