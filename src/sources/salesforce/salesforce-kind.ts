import { z } from "zod";
import type { Absence, Feed, Money, Source } from "../../config/pipeline.ts";
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
import type { Column } from "../../contract/contract.ts";
import { linkSecret, type Secret, SecretSchema } from "../secret.ts";

const KIND = "salesforce";

/** The version that requests name: a job's results are only given out in the version that it was made in. */
const API_VERSION = "66.0";

/** The record's own name for ever, and the stamp that every change of a record moves. */
export const ID = "Id";
export const STAMP = "SystemModstamp";
export const CURRENCY = "CurrencyIsoCode";

const LOGIN = z
  .discriminatedUnion("flow", [
    z.strictObject({ flow: z.literal("client_credentials"), client_id: SecretSchema, client_secret: SecretSchema }),
    z.strictObject({
      flow: z.literal("jwt_bearer"),
      client_id: SecretSchema,
      username: z.string().min(1).describe("Of the integration user"),
      private_key: SecretSchema.describe("PEM of the key whose certificate the connected app has"),
    }),
  ])
  .describe("OAuth 2.0 of the connected app: docs/salesforce.md");

const SOURCE = z.strictObject({
  address: z
    .string()
    .regex(/^(?:https?:\/\/[^@?#\s]+|\$\{.*)$/, "an address https://… without credentials")
    .describe("The org's My Domain, https://NAME.my.salesforce.com; another one for a simulator"),
  login: LOGIN,
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, "three capital letters")
    .optional()
    .describe("Of an org with a single currency, whose records name none"),
  api_share: z
    .number()
    .gt(0)
    .max(1)
    .default(0.6)
    .describe("Share of the org's API requests of 24 hours, whoever made them, at which a run ends"),
  rest_up_to: z
    .int()
    .min(0)
    .max(50_000)
    .default(2_000)
    .describe("Records up to which a read is asked of REST; more of them the Bulk API brings sooner, and in fewer requests"),
  concurrency: z.int().min(1).max(10).default(4).describe("Requests on their way at once"),
});

const FEED = z.strictObject({
  object: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9_]*$/, "the API name of an object: Account, Usage__c")
    .describe("Whose records the feed is of"),
  records: z
    .enum(["current", "merged"])
    .default("current")
    .describe("Those that are there, or those that were merged into others (MasterRecordId)"),
  volatile: z
    .literal("nightly")
    .optional()
    .describe("Formulas and fields of other objects are loaded; they change without a stamp, and `run --nets` reads all of them"),
});

type FeedEntry = z.output<typeof FEED>;

export interface SalesforceReading extends Reading {
  readonly object: string;
  readonly records: FeedEntry["records"];
  readonly isVolatile: boolean;
}

export type Login =
  | { readonly flow: "client_credentials"; readonly clientId: Secret; readonly clientSecret: Secret }
  | { readonly flow: "jwt_bearer"; readonly clientId: Secret; readonly username: string; readonly privateKey: Secret };

export interface SalesforceSettings {
  /** With a slash at its end. */
  readonly address: string;
  readonly version: string;
  readonly login: Login;
  /** What amounts of an org with a single currency are in; null where nobody says. */
  readonly currency: string | null;
  readonly apiShare: number;
  readonly restUpTo: number;
  readonly concurrency: number;
}

/** What of the keys that all kinds have matters here. */
interface CommonKeys {
  readonly source_key?: readonly string[];
  readonly business_key: readonly string[];
  readonly version?: string;
  readonly money?: Money;
  readonly absence?: Absence;
}

/** The field of a record that a column is. */
export const fieldOf = ({ name, physicalName }: Pick<Column, "name" | "physicalName">): string => physicalName ?? name;

const keyOf = ({ source_key, business_key }: CommonKeys) => source_key ?? business_key;

/** The key must be the record's id, and the version its stamp. */
function columnFaults(columns: readonly Column[], entry: FeedEntry & CommonKeys): Fault[] {
  const [key = ""] = keyOf(entry);
  const fieldAt = (name: string | undefined) => columns.filter((column) => column.name === name).map(fieldOf)[0];
  const faults: Fault[] = [];
  if (fieldAt(key) !== undefined && fieldAt(key) !== ID) {
    const says = `the key ${key} is the field ${fieldAt(key)}, not ${ID}`;
    faults.push({ at: ["source_key"], says, next: `take the column whose physicalName is ${ID}` });
  }
  if (entry.version !== undefined && fieldAt(entry.version) !== undefined && fieldAt(entry.version) !== STAMP) {
    const says = `the version ${entry.version} is the field ${fieldAt(entry.version)}, not ${STAMP}`;
    faults.push({ at: ["version"], says, next: `take the column whose physicalName is ${STAMP}` });
  }
  if (entry.records === "merged" && !columns.some((column) => fieldOf(column) === "MasterRecordId")) {
    const next = "add a column with physicalName: MasterRecordId";
    faults.push({ at: ["contract"], says: "no column says into which record one was merged", next });
  }
  return faults;
}

const netsOf = (): Nets => ({
  says: ["every record, since formulas and fields of other objects change without a stamp"],
  immutable: false,
});

/** A loser of a merge stays what it was. */
const absenceOf = ({ records }: FeedEntry): Absence => (records === "merged" ? "nothing" : "vanished");

function linkFeed(entry: FeedEntry & CommonKeys): LinkedFeed {
  const { object, records } = entry;
  const isVolatile = entry.volatile === "nightly";
  const reading: SalesforceReading = { kind: KIND, object, records, isVolatile };
  const isMerged = records === "merged";
  return {
    reading,
    reads: "changes",
    origin: isMerged ? `${object}, merged` : object,
    how: STAMP,
    needs: [],
    uses: [],
    beside: ({ columns }) => columnFaults(columns, entry),
    lands: ["_fault", "_payload", "_unconverted"],
    deletes: true,
    ...(isVolatile && { nets: netsOf() }),
    coverage: {
      changes: isMerged ? "records that a merge deleted, by their stamp" : `new, changed and deleted records by ${STAMP}`,
      unseen: isMerged
        ? "merges of which the losers left the recycle bin before a run"
        : `records that left the recycle bin before a run (\`run --keys\` finds them)${isVolatile ? "; formulas (`run --nets`)" : ""}`,
    },
    absence: absenceOf(entry),
    namesRecords: true,
    knowsPhysicalNames: true,
  };
}

function faultsOf(name: string, entry: FeedEntry & CommonKeys): Fault[] {
  const at = ["feeds", name];
  const faults: Fault[] = [];
  if (keyOf(entry).length !== 1) {
    const says = "a record has one key, its id";
    faults.push({ at: [...at, "business_key"], says, next: `declare source_key: the column whose physicalName is ${ID}` });
  }
  const absence = absenceOf(entry);
  if ((entry.absence ?? absence) !== absence) {
    const says = `${entry.records} records that a complete read does not have are ${absence === "vanished" ? "gone" : "what they were"}`;
    faults.push({ at: [...at, "absence"], says, next: `write absence: ${absence}` });
  }
  if (entry.records === "merged" && entry.volatile !== undefined) {
    faults.push({ at: [...at, "volatile"], says: "merged records do not change", next: "remove volatile" });
  }
  return faults;
}

type LoginEntry = z.output<typeof LOGIN>;

function linkLogin(login: LoginEntry, absolute: (path: string) => string): Login {
  const clientId = linkSecret(login.client_id, absolute);
  if (login.flow === "client_credentials") {
    return { flow: login.flow, clientId, clientSecret: linkSecret(login.client_secret, absolute) };
  }
  return { flow: login.flow, clientId, username: login.username, privateKey: linkSecret(login.private_key, absolute) };
}

function link({ source, feeds, absolute }: SourceEntries<typeof SOURCE, typeof FEED>): LinkedSource<SalesforceSettings> {
  const entries = [...feeds] as [string, FeedEntry & CommonKeys][];
  return {
    settings: {
      address: source.address.replace(/\/*$/, "/"),
      version: API_VERSION,
      login: linkLogin(source.login, absolute),
      currency: source.currency ?? null,
      apiShare: source.api_share,
      restUpTo: source.rest_up_to,
      concurrency: source.concurrency,
    },
    feeds: new Map(entries.map(([name, entry]) => [name, linkFeed(entry)])),
    faults: entries.flatMap(([name, entry]) => faultsOf(name, entry)),
  };
}

/** Records of one Salesforce org. */
export const salesforceKind: SourceKind<typeof SOURCE, typeof FEED, SalesforceSettings> = {
  kind: KIND,
  key: ["id"],
  source: SOURCE,
  feed: FEED,
  link,
};

/** How a feed of this kind is read. @throws Error for a feed of another kind: the program mixed up its readers. */
export function salesforceReading(feed: Pick<Feed, "id" | "reading">): SalesforceReading {
  return readingOf<SalesforceReading>(KIND, feed);
}

/** Where a source of this kind is. @throws Error for a source of another kind: the program mixed up its readers. */
export function salesforceSettings(source: Pick<Source, "id" | "kind" | "settings">): SalesforceSettings {
  return settingsOf<SalesforceSettings>(KIND, source);
}
