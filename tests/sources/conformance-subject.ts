import { expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import type { ObjectStore } from "../../src/objects/object-store.ts";
import type { Engine } from "../../src/run/engine.ts";
import type { RunChoice } from "../../src/run/request.ts";
import type { Ended, SourcelessHouse } from "../support/engine.ts";

/** The feeds of every subject: the fixture `claims`. */
export type Name = "accounts" | "entries";

/** A row by its id; other columns as the contracts of the fixture have them. */
export type SourceRow = Readonly<Record<string, string | number | null>> & { readonly id: number };

/** A living source of one kind, and a whole LedgerLoop on it. Rows that are put are good and refer to accounts that are there. */
export interface Subject extends AsyncDisposable {
  readonly house: SourcelessHouse;
  /** Adds rows, or replaces those of the same id. */
  put(feed: Name, rows: readonly SourceRow[]): Promise<void>;
  remove(feed: Name, ids: readonly number[]): Promise<void>;
  /** What a run is asked for, so that removed rows are found. */
  readonly findsRemoved: Partial<RunChoice>;
  /** Gives every row of a feed one column more. */
  addColumn(feed: Name, column: string): Promise<void>;
  /** Gives a column of every row another type. */
  retype(feed: Name, column: string): Promise<void>;
  /** From now on the source does not give as many rows of a feed as it counts. */
  lie(feed: Name): Promise<void>;
  /** Cannot be reached until the result is called. */
  goAway(): Promise<() => Promise<void>>;
  /** Says by name that an account is deleted, stamped like its version; where the kind can. */
  sayDeleted?(id: number, stamp: number): Promise<void>;
  /** How often something was asked of the source that it would give again; where the kind can go on after a break. */
  received?(): number;
  /** What must never be seen: credentials that the source was reached with. */
  readonly secrets: readonly string[];
}

/** That a kind cannot do something: since when its test is left out, and why. */
interface Missing {
  readonly since: string;
  readonly because: string;
}

/** Whether a kind can do something. */
export type Ability = true | Missing;

/** What a kind of source can do that another cannot; a test of what is missing is left out, and its name says why. */
export interface Abilities {
  readonly instalments: Ability;
  readonly deletes: Ability;
  /** Goes on where it was broken off. */
  readonly resumes: Ability;
  readonly state: Ability;
  /** It says which columns it has. */
  readonly columns: Ability;
  /** Its columns have types. */
  readonly types: Ability;
  /** It counts what a whole feed gives, not what parts of it do. */
  readonly totals: Ability;
  /** It is reached with credentials. */
  readonly secrets: Ability;
}

/** A missing ability. */
export const lacks = (because: string, since = "2026-11-26"): Missing => ({ since, because });

/** A test of an ability; left out where it is missing, and then its name says why. */
export function testOf(ability: Ability, name: string, work: () => Promise<void>): void {
  if (ability === true) test(name, work);
  else test.skip(`${name} (skipped since ${ability.since}: ${ability.because})`, work);
}

export const WINDOW = { start: new Date("2026-11-01T00:00:00Z"), end: new Date("2026-11-01T01:00:00Z") };

export const account = (id: number, more: object = {}): SourceRow => ({
  id,
  account_id: `A${id}`,
  name: `account ${id}`,
  v: 1,
  ...more,
});
export const entry = (id: number, more: object = {}): SourceRow => ({
  ...{ id, entry_id: `e${id}`, account_id: "A1", amount: id * 100, currency: "USD", memo: null },
  ...more,
});

export const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** What the source holds, kept beside it. */
export class Truth {
  readonly rows: Record<Name, Map<number, SourceRow>> = { accounts: new Map(), entries: new Map() };
  private readonly subject: Subject;

  constructor(subject: Subject) {
    this.subject = subject;
  }

  async put(feed: Name, rows: readonly SourceRow[]): Promise<void> {
    for (const row of rows) this.rows[feed].set(row.id, row);
    await this.subject.put(feed, rows);
  }

  async remove(feed: Name, gone: readonly number[]): Promise<void> {
    for (const id of gone) this.rows[feed].delete(id);
    await this.subject.remove(feed, gone);
  }

  entries(): unknown[] {
    return [...this.rows.entries.values()].map((row) => `${row["entry_id"]} ${row["amount"]} ${row["memo"]}`).sort();
  }

  accounts(): unknown[] {
    return [...this.rows.accounts.values()].map((row) => `${row["account_id"]} ${row["name"]}`).sort();
  }
}

export async function published(house: SourcelessHouse): Promise<{ accounts: unknown[]; entries: unknown[] }> {
  const texts = async (sql: string) => (await house.query(sql)).map((row) => row["text"]).sort();
  return {
    accounts: await texts("select account_id || ' ' || name as text from curated.account"),
    entries: await texts("select entry_id || ' ' || amount || ' ' || coalesce(memo, 'null') as text from curated.entry"),
  };
}

export async function expectPublished(house: SourcelessHouse, truth: Truth, what = ""): Promise<void> {
  expect(await published(house), what).toEqual({ accounts: truth.accounts(), entries: truth.entries() });
  const doubles = await house.query("select batch_id from ops.batch group by batch_id having count(*) > 1");
  expect(doubles, "a batch is published once").toEqual([]);
}

export function expectEnded(ended: Ended, outcome: string): void {
  expect(ended.failure?.message).toBeUndefined();
  const failing = ended.report?.gates.filter((g) => g.verdict === "fail" || g.verdict === "error");
  expect(ended.report?.outcome, JSON.stringify(failing)).toBe(outcome);
}

export const gatesOf = (ended: Ended, name: string) => (ended.report?.gates ?? []).filter((g) => g.name === name);

/** The same pipeline in which some feeds are optional, or a source may take so long. */
export function adjusted(house: SourcelessHouse, change: (pipeline: Pipeline) => Pipeline): Partial<Engine> {
  const pipeline = change(house.engine.pipeline);
  return { pipeline, reread: () => pipeline };
}

export const withOptional =
  (...names: Name[]) =>
  (pipeline: Pipeline): Pipeline => ({
    ...pipeline,
    feeds: new Map(
      [...pipeline.feeds].map(([id, feed]) => [id, names.some((n) => id === `app.${n}`) ? { ...feed, required: false } : feed]),
    ),
  });

export const withSource =
  (more: object) =>
  (pipeline: Pipeline): Pipeline => ({
    ...pipeline,
    sources: new Map([...pipeline.sources].map(([id, source]) => [id, { ...source, ...more }])),
  });

/** An object store that does something when the first row file is being written. */
export function atFirstFile(objects: ObjectStore, act: () => Promise<void>): ObjectStore {
  let done = false;
  return {
    ...objects,
    put: async (key, bytes) => {
      const written = await objects.put(key, bytes);
      if (!done) {
        done = true;
        await act();
      }
      return written;
    },
  };
}

export class Killed extends Error {}

/** A subject with three accounts and six entries at its source, none of them read yet. */
export async function startedBy(open: () => Promise<Subject>) {
  const subject = await open();
  const truth = new Truth(subject);
  await truth.put(
    "accounts",
    ids(1, 3).map((id) => account(id)),
  );
  await truth.put(
    "entries",
    ids(1, 6).map((id) => entry(id)),
  );
  return { subject, truth, house: subject.house };
}
