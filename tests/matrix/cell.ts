import { expect, test } from "vitest";
import { EVENTS, type Event, type EventName } from "./events.ts";
import type { Kind, Mode } from "./kinds.ts";
import { majorVersion } from "./site.ts";
import { type Ending, openWorld, type World } from "./world.ts";

/** How a run must end, and a part of what it must tell. */
interface Outcome {
  readonly exit: number;
  readonly says: RegExp;
  /** Rows of the source are missing although the run ended with 0; only a whole read can find them. */
  readonly misses?: true;
}

const ANYTHING = /(?:)/;

/** Everything that the source has is published or waits afterwards; where a part is given, the run tells it. */
export const loaded = (says: RegExp = ANYTHING): Outcome => ({ exit: 0, says });

/** Nothing is published. */
export const refused = (exit: 10 | 20 | 40, says: RegExp): Outcome => ({ exit, says });

/** The run publishes without rows that changed without a stamp, which nothing at the source shows. */
export const foundByFull = (says: RegExp = ANYTHING): Outcome => ({ exit: 0, says, misses: true });

/** The relation changed in a way that says nothing of its rows: all are read, and the run tells why. */
export const readWhole = loaded(/read_whole\S* warn: read whole, since rows may have changed without a stamp/);

/** Behind the feed stands another relation than its cursor was made of. */
export const anotherRelation = refused(20, /finds another table or database.*\n.*run --full --reason 'another table'/);

/** The key pass finds a row that no increment brought. */
export const missingKey = refused(10, /missing_keys\S* fail: 1 keys .*run --full/);

/** Where `--keys` and `--full` do not end as usual: as the hour before them, and with 0. */
interface Rest {
  readonly keys?: Outcome;
  readonly full?: Outcome;
  /** The cursor is trusted by declaration. */
  readonly trusted?: true;
  /** No more published rows than this are read whole unasked. */
  readonly limit?: number;
  /** Only servers of this version or a newer one have what happens. */
  readonly from?: number;
}

/** One cell: what happens to a relation that is read in some modes, and how the next hour ends. */
export type Cell = readonly [modes: readonly Mode[], event: EventName, hour: Outcome, rest?: Rest];

function nameOf([, event, , rest = {}]: Cell): string {
  const how = [...(rest.trusted ? ["trusted"] : []), ...(rest.limit === undefined ? [] : ["too many rows to be read unasked"])];
  return [event, ...how].join(", ");
}

function expectEnding(step: string, found: Ending, { exit, says }: Outcome): void {
  expect([step, found.exit, found.says]).toEqual([step, exit, expect.stringMatching(says)]);
}

async function expectPublished(world: World, outcome: Outcome): Promise<void> {
  const { missing } = await world.differences();
  if (outcome.misses) expect(missing).not.toEqual([]);
  else expect(missing).toEqual([]);
}

async function play(world: World, mode: Mode, [, event, hour, rest = {}]: Cell): Promise<void> {
  const { before, since }: Event = EVENTS[event];
  await before?.(world, mode);
  expectEnding("first", await world.run(), loaded());
  world.declare({ limit: rest.limit ?? null });
  await since(world, mode);
  expectEnding("hour", await world.run(), hour);
  if (hour.exit === 0) await expectPublished(world, hour);
  const { keys = hour.exit === 0 ? loaded() : hour, full = loaded() } = rest;
  expectEnding("--keys", await world.run({ keys: true }), keys);
  if (keys.exit === 0) {
    expect(await world.differences()).toMatchObject({ missingKeys: [], surplusKeys: [] });
  }
  expectEnding("--full", await world.run({ full: true, reason: "the matrix", allowCost: rest.limit !== undefined }), full);
  if (full.exit === 0) {
    expect(await world.differences()).toEqual({ missing: [], surplus: [], missingKeys: [], surplusKeys: [] });
  }
}

/** Makes a test of each cell of a kind and each of its modes. */
export function playCells(kind: Kind, cells: readonly Cell[]): void {
  const all = cells.flatMap((cell) => cell[0].map((mode) => ({ kind, mode, event: nameOf(cell), cell })));
  test.for(all)("$kind, $mode: $event", async ({ mode, cell }, { skip }) => {
    const from = cell[3]?.from ?? 0;
    skip((await majorVersion()) < from, `since 2026-11-26: servers before ${from} have no such thing`);
    await using world = await openWorld({ kind, mode, trusted: cell[3]?.trusted ?? false });
    await play(world, mode, cell);
  });
}

/** Makes a test that a relation cannot have a cursor: nothing is published, however often and however it is asked. */
export function playRefused(kind: Kind, mode: Mode): void {
  test(`${kind}, ${mode}: refused from the first run on`, async () => {
    await using world = await openWorld({ kind, mode });
    const no = refused(20, /cannot have an incremental cursor: it is a .*\n.*cursor: \{ mode: whole \}.*cursor\.trusted/);
    for (const choice of [{}, { keys: true }, { full: true, reason: "the matrix" }]) {
      expectEnding(JSON.stringify(choice), await world.run(choice), no);
    }
  });
}
