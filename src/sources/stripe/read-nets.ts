import { eachAtOnce } from "../../kernel/at-once.ts";
import type { FeedRequest } from "../source.ts";
import type { Pending } from "./coverage.ts";
import { openEvents } from "./events.ts";
import type { Gathering } from "./gathering.ts";
import { dayDone, historyDone, isDone, type NetReading } from "./nets.ts";
import { type CreatedRange, lookAgain, readDown } from "./read-down.ts";
import { type Here, OVERLAP, type Reading } from "./readings.ts";
import { createdColumn, stripeReading } from "./stripe-kind.ts";
import { readBesides, readChanged } from "./touched.ts";

/** Kinds of objects that are read side by side; the client bounds the requests. */
const AT_ONCE = 4;

/** A reading of nets. */
interface Netting extends Reading {
  readonly net: NetReading;
}

/**
 * Reads a range from its newest object down, and looks at its head again.
 * @returns the second down to which it is complete; null where it is to its end.
 */
async function readRange(of: Gathering, range: CreatedRange, mayStop: () => boolean): Promise<number | null> {
  of.positions.turn();
  const next = await readDown(of, range, { mayStop });
  await lookAgain(of, range);
  return next;
}

/** Reads each closed day that is due. */
async function readDays({ of, net }: Netting): Promise<void> {
  for (const day of net.days) {
    await readRange(of, day, () => false);
    dayDone(net, day);
  }
}

/** Reads on in history, as many objects as one night is to read. */
async function readHistory({ of, net }: Netting): Promise<void> {
  const { history, share } = net;
  if (history === null) return;
  let read = 0;
  const counting: Gathering = {
    ...of,
    onObject: (object) => {
      read += 1;
      of.onObject(object);
    },
  };
  const next = await readRange(counting, { from: null, before: history }, () => read >= share);
  historyDone(net, history, next);
}

/** The column in which a feed's rows have a member of their objects; null where the contract leaves it out. */
function columnOf({ feed }: FeedRequest, pointer: string): string | null {
  return feed.contract.columns.find(({ place }) => place?.pointer === pointer)?.name ?? null;
}

/** Reads what the list shows of objects that are to change; adds their ids to those that were seen. */
async function readListed(netting: Netting, query: NonNullable<Pending["query"]>, seen: Set<string>): Promise<void> {
  const { of, net } = netting;
  const listing: Gathering = {
    ...of,
    line: { ...of.line, query: { ...of.line.query, ...query } },
    isTaken: ({ id, created }) => {
      seen.add(id);
      return isDone(net, created);
    },
  };
  of.positions.turn();
  await readDown(listing, { from: null, before: Number.POSITIVE_INFINITY }, { mayStop: () => false });
}

/** Looks at each object that is published in a state in which it does not stay: it may have changed without an event. */
async function readPending({ request }: Here, netting: Netting): Promise<void> {
  const { of, net, asked, found } = netting;
  const { pending } = of.line;
  const own = asked.find(({ feed }) => stripeReading(feed).object === of.name);
  if (pending === null || !own) return;
  const [column, at] = [columnOf(own, "/status"), createdColumn(own.feed)];
  if (column === null || at === null) {
    net.left.push(`${pending.says}, since the contract has no column for /status, or none of instants for /created`);
    return;
  }
  const seen = new Set<string>();
  if (pending.query !== null) await readListed(netting, pending.query, seen);
  const published = await request.publishedKeys(own.feed.id, { column, values: pending.states, at });
  const dated = published.map(({ key, at: created }) => ({
    id: key,
    created: created === null ? null : Date.parse(created) / 1000,
  }));
  const others = dated.filter(({ id, created }) => !seen.has(id) && !isDone(net, created));
  const outside: Gathering = { ...of, isTaken: ({ id, created }) => seen.has(id) || isDone(net, created) };
  await readChanged(outside, others, found);
}

/** What stands in ranges first: the objects that are looked at one by one are those beside them. */
async function readNet(here: Here, netting: Netting): Promise<void> {
  await readDays(netting);
  await readHistory(netting);
  await readPending(here, netting);
}

/** Which objects changed since the published horizon: read last, so that what was read changed before. */
async function readUnderway(here: Here, all: readonly Netting[]): Promise<Reading["packs"] | null> {
  if (all.length === 0) return null;
  const events = openEvents(
    here,
    all.flatMap(({ asked }) => asked),
  );
  const from = Math.min(...all.map(({ start }) => start)) - OVERLAP;
  const touches = await events.read({ from, before: Number.POSITIVE_INFINITY });
  for (const { of, net } of all) {
    for (const { id, object } of touches) if (object === of.line.object) net.underway.add(id);
    await readBesides(of, touches, ({ id }) => {
      net.underway.add(id);
      return true;
    });
  }
  return events.packs;
}

/**
 * Reads again what nets are to read: closed days, objects that are to change, a part of history.
 * @returns the pages of the events that said what is underway; null where nothing was asked for.
 */
export async function readNets(here: Here, readings: readonly Reading[]): Promise<Reading["packs"] | null> {
  const all = readings.filter((reading): reading is Netting => reading.net !== null);
  await eachAtOnce(all, AT_ONCE, (netting) => readNet(here, netting));
  return readUnderway(here, all);
}
