import { newCompany } from "../cast/company.ts";
import type { Act } from "../cast/facts.ts";
import { HOUR_MS, STORY_START } from "../cast/hours.ts";
import { hourOfLife, past } from "../cast/life.ts";
import type { Fault } from "../faults.ts";
import type { Feed, FeedId } from "../feed.ts";
import { seededRandom } from "../random.ts";
import type { Book, OpenBook } from "./book.ts";
import { planOf } from "./schedule.ts";
import type { LyingFile } from "./sent-file.ts";
import { emptyTruth, type TrueRow } from "./truth.ts";

/** What the sources show a reader at one moment, and what was planted in them. */
export interface Sight {
  readonly rows: ReadonlyMap<FeedId, readonly TrueRow[]>;
  /** Of the feeds that are made of files, those that are there. */
  readonly files: ReadonlyMap<FeedId, readonly LyingFile[]>;
  /** Retyped columns, `feed.column`. */
  readonly retyped: readonly string[];
  readonly tags: ReadonlyMap<string, Fault>;
}

/** A living company and the books that are kept of it. */
export interface World extends AsyncDisposable {
  /** The feeds of all books, parents before children. */
  readonly feeds: readonly Feed[];
  /** Plays the next hour (0 is the first) and returns its number. */
  playHour(): Promise<number>;
  /** What a reader would see now. */
  sight(): Sight;
  /** The hour's window, half open. */
  windowOf(hour: number): { start: string; end: string };
}

export interface WorldOptions {
  /** Each writes what happens in its turn. A book's feeds may refer to feeds of the books before it. */
  readonly books: readonly Book[];
  readonly seed: number;
  /** 1 is 400 customers and some 150 changes an hour. */
  readonly scale: number;
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}

async function live(books: readonly OpenBook[], acts: Iterable<Act>): Promise<void> {
  for (const act of acts) for (const book of books) await book.write(act);
}

/** What one book began by itself is the company's life as well. */
async function takeTurns(books: readonly OpenBook[], turn: (book: OpenBook) => Promise<Act>): Promise<void> {
  for (const book of books) {
    const act = await turn(book);
    if (act.length > 0) for (const other of books) if (other !== book) await other.write(act);
  }
}

/** Opens the books and writes in them what the company has behind it before the first hour. */
export async function createWorld({ books, seed, scale }: WorldOptions): Promise<World> {
  const feeds = books.flatMap((book) => book.feeds);
  const truth = emptyTruth(feeds);
  const company = newCompany({ random: seededRandom(seed), start: STORY_START, scale });
  const open: OpenBook[] = [];
  for (const book of books) open.push(await book.open(company, truth));
  await live(open, past(company));
  let hour = -1;
  return {
    feeds,
    playHour: async () => {
      if (hour >= 0) company.advance();
      hour += 1;
      const plan = planOf(hour);
      await takeTurns(open, (book) => book.beginHour(plan));
      if (!plan.empty) await live(open, hourOfLife(company, plan));
      await takeTurns(open, (book) => book.endHour(plan));
      return hour;
    },
    sight: () => ({
      rows: new Map(feeds.map(({ id }) => [id, truth.rows(id)])),
      files: new Map(feeds.filter(({ isFiles }) => isFiles).map(({ id }) => [id, truth.files(id)])),
      retyped: open.flatMap((book) => book.retyped()),
      tags: truth.tags(),
    }),
    windowOf: (at) => ({ start: iso(STORY_START + at * HOUR_MS), end: iso(STORY_START + (at + 1) * HOUR_MS) }),
    [Symbol.asyncDispose]: async () => {
      for (const book of open) await book[Symbol.asyncDispose]();
    },
  };
}
