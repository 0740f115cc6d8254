import { eachAtOnce } from "../../kernel/at-once.ts";
import { Failure } from "../../kernel/problem.ts";
import { BUDGET } from "../problems.ts";
import { type EventStream, openEvents, type Touch } from "./events.ts";
import { budgetTooSmall, otherObject } from "./problems.ts";
import { lookAgain, readDown } from "./read-down.ts";
import { type Here, OVERLAP, type Reading } from "./readings.ts";
import { showsGone } from "./stripe-kind.ts";
import { readBesides, readChanged } from "./touched.ts";

/** Seconds of changes that are read before the budget is looked at. */
const STEP = 3600;

/** Kinds of objects that are read side by side; the client bounds the requests. */
const AT_ONCE = 4;

const NEVER = { mayStop: () => false };

/** The budget's requests are used up: what is complete by then counts. */
const isUsedUp = (error: unknown) => error instanceof Failure && error.problems.some(({ code }) => code === BUDGET);

function stepsOf({ request, horizon }: Here, from: number): number[] {
  const isBounded = request.budget.requests !== null || request.budget.seconds !== null;
  if (!isBounded || from >= horizon) return [horizon];
  // What is left behind the last whole step is read with it: an hour and a minute take no two rounds of requests.
  const count = Math.max(1, Math.floor((horizon - from) / STEP));
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? horizon : from + (i + 1) * STEP));
}

/** What events before `end` say of older objects: those that are created since are in the list. */
async function takeTouches(reading: Reading, touches: readonly Touch[], from: number): Promise<void> {
  const { of, found, deleted } = reading;
  const own = touches.filter(({ object }) => object === of.line.object);
  for (const { id, type } of own) if (of.line.deletedBy.includes(type)) deleted.add(id);
  const older = own.filter(({ created }) => created === null || created < from);
  const changed = new Map(older.map(({ id, created }) => [id, { id, created }]));
  for (const id of reading.missingBefore) changed.set(id, { id, created: null });
  await readChanged(
    of,
    [...changed.values()].filter(({ id }) => !deleted.has(id)),
    found,
  );
  await readBesides(of, touches, ({ id, created }) => found.done.has(id) || (created !== null && created >= from));
}

/** What an earlier run may have read too early is read again; what this one has read is not. */
const fromOf = ({ reached, start }: Reading) => (reached === start ? reached - OVERLAP : reached);

async function readStep(reading: Reading, touches: readonly Touch[], end: number): Promise<void> {
  const { of } = reading;
  const range = { from: fromOf(reading), before: end };
  await readDown(of, range, NEVER);
  await lookAgain(of, range);
  await takeTouches(reading, touches, range.from);
  reading.reached = end;
}

/** Reads one step of changes for all readings that are not there yet, those that are furthest behind first. */
async function readAll(events: EventStream, readings: readonly Reading[], end: number): Promise<void> {
  const behind = readings.filter(({ reached }) => reached < end).sort((a, b) => a.reached - b.reached);
  const [first] = behind;
  if (!first) return;
  const touches = await events.read({ from: fromOf(first), before: end });
  await eachAtOnce(behind, AT_ONCE, (reading) => readStep(reading, touches, end));
}

/**
 * Brings readings from their published horizons to the source's, hour by hour where a budget is set, so that a backlog shrinks with
 * each run.
 * @returns the pages of the events that said what changed; null where none were asked for.
 * @throws Failure `incomplete` where not even one hour fits into the budget.
 */
export async function readChanges(here: Here, readings: readonly Reading[]): Promise<Reading["packs"] | null> {
  const { request } = here;
  const due = readings.filter(({ reached }) => reached < here.horizon);
  const asked = due.flatMap((reading) => reading.asked);
  if (asked.length === 0) return null;
  const events = openEvents(here, asked);
  const start = Math.min(...due.map(({ reached }) => reached));
  try {
    for (const end of stepsOf(here, start)) {
      if (here.isLate()) break;
      await readAll(events, due, end);
    }
  } catch (error) {
    if (!isUsedUp(error)) throw error;
  }
  if (due.every(({ reached, start: from }) => reached === from)) {
    const requests = `${request.budget.requests ?? "any"} requests, ${request.budget.seconds ?? "any"} seconds`;
    throw new Failure("incomplete", budgetTooSmall({ source: request.source.id, requests }));
  }
  return events.packs;
}

/**
 * Reads the objects that are asked for by their ids, or those in which they stand, as they are now.
 * @throws Failure `incomplete` where another object is given than was asked for.
 */
export async function readOnly(readings: readonly Reading[]): Promise<void> {
  await eachAtOnce(readings, AT_ONCE, async ({ asked, of, found }) => {
    const ids = new Set(asked.flatMap(({ only = [], within }) => within ?? only.flatMap(([id]) => id ?? [])));
    // What was never landed may stand in nothing.
    ids.delete("");
    await readChanged(
      of,
      [...ids].map((id) => ({ id, created: null })),
      found,
    );
    if (found.other.size > 0)
      throw new Failure("incomplete", otherObject({ source: of.source, name: of.name, objects: found.other.size }));
  });
}

/** Where nothing of an instalment can say which objects are gone, a read of everything is never cut. */
const mayPause = ({ way, asked }: Reading) => way === "first" || asked.some(({ feed }) => showsGone(feed));

/** Reads from the newest object down, as far as the budget goes. */
async function readLoad(here: Here, reading: Reading): Promise<void> {
  const { of, start, way } = reading;
  // A clock that is behind would leave the newest objects out of what is said to be everything.
  const range = { from: null, before: way === "whole" ? Number.POSITIVE_INFINITY : (reading.next ?? start) };
  const mayStop = () => mayPause(reading) && (here.isLate() || here.api.client.budget.isUsedUp());
  const onSettled = (before: number) => {
    reading.next = before;
  };
  const next = await readDown(of, range, { mayStop, onSettled });
  if (range.before >= start) await lookAgain(of, range);
  reading.next = next;
}

/** Reads as much of what is wanted as a whole as the budget allows: the rest comes with the next runs. */
export async function readLoads(here: Here, readings: readonly Reading[]): Promise<void> {
  await eachAtOnce(readings, AT_ONCE, async (reading) => {
    if (mayPause(reading) && here.isLate()) return;
    try {
      await readLoad(here, reading);
    } catch (error) {
      if (!mayPause(reading) || !isUsedUp(error)) throw error;
    }
  });
}
