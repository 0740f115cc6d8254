import { z } from "zod";
import type { Absence, Feed, Source } from "../../config/pipeline.ts";
import {
  type Fault,
  type LinkedFeed,
  type LinkedSource,
  type Nets,
  type Reading,
  readingOf,
  type SourceEntries,
  type SourceKind,
  settingsOf,
} from "../../config/source-kind.ts";
import type { Column, Contract } from "../../contract/contract.ts";
import { linkSecret, type Secret, SecretSchema } from "../secret.ts";
import { COVERAGE, type Covered, isInside, type Listed, listedFor, type Nested } from "./coverage.ts";

const KIND = "stripe";

/** The version that requests name, whatever the account's default is. */
export const API_VERSION = "2026-08-26.dahlia";

const NAMES = Object.keys(COVERAGE) as [Covered, ...Covered[]];

const SOURCE = z.strictObject({
  api_key: SecretSchema,
  address: z
    .string()
    .regex(/^(?:https?:\/\/[^@?#\s]+|\$\{.*)$/, "an address https://… without credentials")
    .default("https://api.stripe.com")
    .describe("Of the API; another one for a simulator"),
  rate: z
    .strictObject({
      per_second: z.number().positive().default(60),
      per_endpoint: z.number().positive().default(15),
      concurrency: z.int().min(1).default(4),
    })
    .prefault({})
    .describe(
      "Requests a second of the account, and of each endpoint: 60 % of what Stripe allows in live mode; all runs keep them together",
    ),
});

const FEED = z.strictObject({
  object: z.enum(NAMES).describe("What of the API the feed is: docs/stripe.md"),
});

type FeedEntry = z.output<typeof FEED>;

export interface StripeReading extends Reading {
  readonly object: Covered;
  readonly version: string;
  /** The column that holds an object's id. */
  readonly key: string;
}

export interface StripeSettings {
  readonly key: Secret;
  readonly address: string;
  readonly rate: { readonly perSecond: number; readonly perEndpoint: number; readonly concurrency: number };
}

/** What of the keys that all kinds have matters here. */
interface CommonKeys {
  readonly source_key?: readonly string[];
  readonly business_key: readonly string[];
  readonly absence?: Absence;
}

const keyOf = ({ source_key, business_key }: CommonKeys) => source_key ?? business_key;

/** Every column has a place in the object, and the key is its id. */
function placeFaults(columns: readonly Column[], key: string | undefined): Fault[] {
  const without = columns.filter(({ place }) => place === undefined).map(({ name }) => name);
  const id = columns.find(({ name }) => name === key)?.place?.pointer;
  return [
    ...(without.length === 0
      ? []
      : [
          {
            at: ["contract"],
            says: `nothing says where in the object ${without.join(", ")} stands`,
            next: "add the custom property path to it: a JSON pointer such as /period/start",
          },
        ]),
    ...(id === "/id" || id === undefined
      ? []
      : [{ at: ["contract"], says: `the key ${key} is ${id}, not /id`, next: "take the column that holds the object's id" }]),
  ];
}

/** A contract says of rows that stand in a list inside objects where that list is, and of no others. */
function rowsFaults({ rows }: Contract, line: Listed | Nested): Fault[] {
  const fault = (stand: string, next: string): Fault => {
    return { at: ["contract"], says: `rows of this feed ${stand}; the contract says ${rows ?? "nothing of that"}`, next };
  };
  if (line.changes !== "parents") {
    const next = "take the custom property rows out of the contract's object";
    return rows === undefined ? [] : [fault("are objects of their own", next)];
  }
  const where = `${line.inside}/data`;
  const next = `add the custom property rows: ${where} to the contract's object`;
  return rows === where ? [] : [fault(`stand in the list ${where} of ${line.parent}`, next)];
}

function coverageText(line: Listed | Nested): string {
  if (line.changes === "parents") return `with each of their ${line.parent} that is read`;
  return line.changes === "events"
    ? "new ones by lists, changed and deleted ones by events"
    : "new ones by lists; they do not change";
}

/** What the nets read again of a kind of objects. */
function netsOf(name: Covered): Nets {
  const { listed } = listedFor(name);
  const { keeps, pending, changes } = listed;
  const says = [
    "each day, a day and three days after it",
    ...(pending === null ? [] : [pending.says]),
    ...(keeps ? ["a thirtieth of history"] : []),
  ];
  return { says, immutable: changes === "immutable" };
}

function linkFeed(entry: FeedEntry & CommonKeys, feedOf: (object: Covered) => string | undefined): LinkedFeed {
  const line = COVERAGE[entry.object];
  const [key = ""] = keyOf(entry);
  const inside = line.changes === "parents" ? feedOf(line.parent) : undefined;
  const reading: StripeReading = { kind: KIND, object: entry.object, version: API_VERSION, key };
  return {
    reading,
    reads: "changes",
    origin: entry.object,
    how: line.changes === "parents" ? `with its ${line.parent}` : line.changes,
    needs: [],
    uses: [],
    beside: (contract) => [...placeFaults(contract.columns, key), ...rowsFaults(contract, line)],
    lands: [...(line.changes === "parents" ? (["_scope"] as const) : []), "_fault", "_payload", "_unconverted"],
    deletes: line.changes === "events",
    ...(inside !== undefined && { inside }),
    nets: netsOf(entry.object),
    coverage: { changes: coverageText(line), unseen: line.unseen },
    absence: COVERAGE[entry.object].absence,
    namesRecords: true,
    settlesDeletes: true,
    structured: true,
  };
}

function faultsOf(name: string, entry: FeedEntry & CommonKeys): Fault[] {
  const at = ["feeds", name];
  const { absence } = COVERAGE[entry.object];
  const faults: Fault[] = [];
  if (keyOf(entry).length !== 1) {
    const says = "an object has one key, its id";
    faults.push({ at: [...at, "business_key"], says, next: "declare source_key: the column whose path is /id" });
  }
  if ((entry.absence ?? absence) !== absence) {
    const says = `${entry.object} that a complete read does not have are ${absence === "vanished" ? "gone" : `"${absence}"`}`;
    faults.push({ at: [...at, "absence"], says, next: `write absence: ${absence}` });
  }
  return faults;
}

function link({ source, feeds, absolute }: SourceEntries<typeof SOURCE, typeof FEED>): LinkedSource<StripeSettings> {
  const entries = [...feeds] as [string, FeedEntry & CommonKeys][];
  const feedOf = (object: Covered) => entries.find(([, entry]) => entry.object === object)?.[0];
  const { per_second: perSecond, per_endpoint: perEndpoint, concurrency } = source.rate;
  return {
    settings: {
      key: linkSecret(source.api_key, absolute),
      address: source.address.replace(/\/*$/, "/"),
      rate: { perSecond, perEndpoint, concurrency },
    },
    feeds: new Map(entries.map(([name, entry]) => [name, linkFeed(entry, feedOf)])),
    faults: entries.flatMap(([name, entry]) => faultsOf(name, entry)),
  };
}

/** Objects of one Stripe account. */
export const stripeKind: SourceKind<typeof SOURCE, typeof FEED, StripeSettings> = {
  kind: KIND,
  key: ["id"],
  source: SOURCE,
  feed: FEED,
  link,
};

/** How a feed of this kind is read. @throws Error for a feed of another kind: the program mixed up its readers. */
export function stripeReading(feed: Pick<Feed, "id" | "reading">): StripeReading {
  return readingOf<StripeReading>(KIND, feed);
}

/** Where a source of this kind is. @throws Error for a source of another kind: the program mixed up its readers. */
export function stripeSettings(source: Pick<Source, "id" | "kind" | "settings">): StripeSettings {
  return settingsOf<StripeSettings>(KIND, source);
}

/** The column that says to the second when objects were created; null where the contract has none, or days alone. */
export function createdColumn({ contract }: Pick<Feed, "contract">): string | null {
  return contract.columns.find(({ place, type }) => place?.pointer === "/created" && type.kind === "timestamp")?.name ?? null;
}

/** Whether a part of a list can say which published objects of a feed are gone, or nobody needs to know. */
export function showsGone(feed: Feed): boolean {
  return !isInside(stripeReading(feed).object) && (createdColumn(feed) !== null || feed.absence === "nothing");
}
