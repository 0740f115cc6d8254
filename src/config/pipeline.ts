import type { Contract } from "../contract/contract.ts";
import type { Position } from "../kernel/problem.ts";
import type { HealableClass } from "./healable.ts";
import type { FeedFacts } from "./source-kind.ts";

/** The columns that carry money. `minor` amounts are integers; `major` amounts are decimals scaled by the currency's exponent. */
export interface Money {
  readonly amount: string;
  readonly currency?: string;
  readonly unit: "minor" | "major";
}

/** What it means when a published row is not in a complete extract: it is gone, the extract is not whole, or nothing. */
export type Absence = "vanished" | "incomplete" | "nothing";

/** One extractable thing of a source, with everything that decides its rows' way. */
export interface Feed extends FeedFacts {
  /** `<source>.<name>`, e.g. `billing.invoices`. */
  readonly id: string;
  readonly source: string;
  readonly name: string;
  readonly contract: Contract;
  /** The physical row in the source; equals `businessKey` where the source has no key of its own. */
  readonly sourceKey: readonly string[];
  readonly businessKey: readonly string[];
  readonly version?: string;
  readonly money?: Money;
  /** Amounts beside it that must be readable too. */
  readonly moneyBeside?: readonly Money[];
  /** Decides the accounting period; never changes for a published key. */
  readonly postingDate?: string;
  readonly required: boolean;
  readonly absence: Absence;
  /** Limits that the feed has in place of its group's: `gateLimits`. */
  readonly gates: Partial<GateLimits>;
  /** Extracts say of parts of the feed that they are complete; rows then carry their part as `_scope`. */
  readonly scoped: boolean;
  readonly group: string;
  readonly at: Position;
}

/** A source system and how to reach it. */
export interface Source {
  readonly id: string;
  readonly kind: string;
  readonly owner: string;
  /** Known to the kind alone; may hold secrets and is never printed. */
  readonly settings: unknown;
  /** The settings name the embedded cluster and not yet its address. */
  readonly embedded: boolean;
  /** How long an extract of it may take; null for as long as it takes. */
  readonly deadlineSeconds: number | null;
  /** What one extract of it may use; what is complete by then is published. Null for as much as is needed. */
  readonly budget: { readonly requests: number | null; readonly seconds: number | null };
}

/** What a model is made of: the rows of a feed in staging, or a curated table that is made before it. */
export type ModelInput = { readonly feed: string } | { readonly table: string };

/** A step from a row of one input to the rows of another that have the same values. */
export interface JoinStep {
  readonly to: ModelInput;
  readonly on: readonly { readonly own: string; readonly other: string }[];
}

/** Columns that are the key in its order, or texts in quotes (`textOf`): of the changed row, or of the rows that its joins lead to. */
export interface ByColumns {
  readonly columns: readonly string[];
  readonly through?: readonly JoinStep[];
}

/** How a changed row of an input (old and new values) reaches the business keys of a model. */
export type Touch = ModelInput &
  (
    | ByColumns
    /** A SELECT of the key columns in which `changed` names the changed rows of the input. */
    | { readonly select: string }
  );

/** A curated table: one plain SELECT over staging and curated tables before it, and how changes reach its keys. */
export interface Model {
  readonly table: string;
  readonly key: readonly string[];
  readonly contract: Contract;
  readonly select: string;
  readonly touches: readonly Touch[];
  /** A date or timestamp of the table by which its rows are compared in parts; says nothing of what they are. */
  readonly postingDate?: string;
  /** Its rows are to be read from staging instead of being stored: nothing is in the way (`config/as-view.ts`). */
  readonly asView?: boolean;
  /** Published columns that the contract does not name any more; no file says so, the warehouse does. */
  readonly retired?: readonly string[];
  readonly group: string;
  readonly fingerprint: string;
  readonly at: Position;
}

/** Limits of the blocking gates; shares are fractions between 0 and 1, money is minor units as text. */
export interface GateLimits {
  readonly validShare: number;
  readonly heldShare: number;
  readonly sample: number;
  /** Newly quarantined money allowed per currency and run; `*` is every other currency. */
  readonly quarantinedMinor: Readonly<Record<string, string>>;
  /** Largest share of a feed's live rows that may vanish in one key pass. */
  readonly vanishedShare: number;
  /** Keys at the source that a key pass may find to be neither published nor waiting. */
  readonly missingKeys: number;
  /** `ignore`: each spelling of a business key is a key of its own. */
  readonly respelledKeys: "warn" | "ignore";
}

export type DriftAction = "report" | "stop";

/** What a change of a feed's columns at the source does. */
export interface DriftPolicy {
  readonly added: DriftAction;
  readonly removed: DriftAction;
  readonly retyped: DriftAction;
  readonly renamed: DriftAction;
}

/** Ages by which things are removed, and the share, between 0 and 1, from which the warehouse file is compacted. */
export interface Retention {
  readonly failedRunsDays: number;
  readonly samplesDays: number;
  readonly evidenceYears: number;
  readonly warehouseFreeShare: number;
}

/** How much is compared in one night; the whole of what has no more than `segmentRows`. */
export interface ReconcilePace {
  /** Cron text of a night; null where none is written. */
  readonly schedule: string | null;
  readonly segmentRows: number;
  /** Within so many nights every row is compared. */
  readonly nights: number;
}

export interface ReconcileSettings extends ReconcilePace {
  readonly heal: HealLimits;
}

/** What a heal may do without a reason, and what is healed unasked. */
export interface HealLimits {
  /** Published rows that one heal takes out. */
  readonly deletes: number;
  /** Their money in minor units by currency; `*` for every other one. */
  readonly deletedMinor: Readonly<Record<string, number>>;
  readonly automatic: readonly HealableClass[];
}

/** Feeds and models that are published together, or not at all. */
export interface Group {
  readonly name: string;
  /** Feed ids, parents first. */
  readonly feeds: readonly string[];
  /** Curated tables, parents first. */
  readonly models: readonly string[];
  readonly gates: GateLimits;
  /** Cron text; kept for schedulers and shown by `plan`. */
  readonly schedule?: string;
  readonly owner: string;
}

/** What a side takes of a feed's files: the total that each says of itself, or the rows that came of those that say one, published or waiting. */
export interface SideOfFiles {
  readonly feed: Feed;
  readonly takes: "said" | "rows";
}

/** One system's, or one table's, account of what is tied. */
export interface TieSide {
  readonly name: string;
  /** A query that gives the tie's key, `id`, `currency`, `amount_minor`, `on_day` and perhaps `fee_minor`, or a feed's files. */
  readonly gives: string | SideOfFiles;
  /** Rows of a key are parts of one amount. */
  readonly addsUp: boolean;
  /** So many days a row of the other sides may be missing here. */
  readonly lagsDays: number;
  readonly hasFee: boolean;
  readonly at: Position;
}

/** What several systems say of one thing: two or three sides that should be the same, key by key. */
export interface Tie {
  readonly name: string;
  readonly about: string;
  readonly owner: string;
  readonly group: string;
  /** Ids of the feeds and curated tables that its sides read. */
  readonly reads: ReadonlySet<string>;
  readonly key: readonly string[];
  readonly sides: readonly TieSide[];
}

export interface DuckdbSettings {
  readonly kind: "duckdb";
  readonly path: string;
  /** Resident memory is this plus 0.4–0.8 GB (DuckDB 1.5.5). */
  readonly memoryLimit: string;
}

/** How a Snowflake session proves who it is. Values are secrets and never printed. */
export type SignIn =
  | { readonly kind: "key_pair"; readonly keyPath: string; readonly passphrase?: string }
  | { readonly kind: "oauth"; readonly token: string }
  | { readonly kind: "pat"; readonly token: string }
  /** Emulators only: refused where the account's address is not of this machine. */
  | { readonly kind: "password"; readonly password: string };

export interface SnowflakeSettings {
  readonly kind: "snowflake";
  readonly account: string;
  readonly user: string;
  /** The role of runs; it owns nothing. */
  readonly role?: string;
  /** The role of `warehouse apply`, which owns the tables. */
  readonly deployRole?: string;
  /** The compute warehouse. */
  readonly warehouse?: string;
  readonly database: string;
  readonly signIn: SignIn;
  /** In place of the address that the account's name makes. */
  readonly accessUrl?: string;
  /** `stage`: COPY reads the S3 landing through the external stage; `upload`: files are PUT first. */
  readonly load: "stage" | "upload";
  readonly statementTimeoutSeconds: number;
  readonly lockTimeoutSeconds: number;
}

export type WarehouseSettings = DuckdbSettings | SnowflakeSettings;

/** Object lock of what is landed. */
export interface ObjectLock {
  readonly mode: "governance" | "compliance";
  readonly days: number;
}

/** A bucket and how it is written to. Credentials are found by the driver and never stand here. */
export interface S3Place {
  readonly kind: "s3";
  /** `s3://bucket/prefix` */
  readonly path: string;
  /** Absent: AWS. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly pathStyle: boolean;
  /** Absent: the bucket's default. `kms` holds the id of a key. */
  readonly encryption?: "AES256" | { readonly kms: string };
  readonly retention?: ObjectLock;
  readonly compression: "gzip" | null;
}

export interface FolderPlace {
  readonly kind: "file";
  readonly path: string;
}

export interface Environment {
  readonly name: string;
  readonly warehouse: WarehouseSettings;
  /** `url` absent: the embedded cluster that `ledgerloop up` starts. */
  readonly controlStore: { readonly url?: string };
  readonly objectStore: FolderPlace | S3Place;
  readonly embedded: boolean;
  readonly leaseSeconds: number;
  /** A full refresh over more published rows than this needs `--allow-cost`; absent: no limit. */
  readonly fullRefreshRows?: number;
}

/** Everything under `pipeline/`, checked, linked and ordered: the only configuration the engine sees. */
export interface Pipeline {
  readonly directory: string;
  readonly name: string;
  readonly environment: Environment;
  readonly sources: ReadonlyMap<string, Source>;
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly models: ReadonlyMap<string, Model>;
  readonly groups: ReadonlyMap<string, Group>;
  /** What commands load where nobody names a group; null where there are several and none of them is it. */
  readonly defaultGroup: string | null;
  readonly drift: DriftPolicy;
  readonly retention: Retention;
  readonly reconcile: ReconcileSettings;
  /** By name. */
  readonly ties: ReadonlyMap<string, Tie>;
  /** Minor-unit exponent by currency, e.g. JPY 0, KWD 3. */
  readonly currencies: Readonly<Record<string, number>>;
  readonly owners: Readonly<Record<string, string>>;
}
