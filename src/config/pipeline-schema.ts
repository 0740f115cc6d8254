import { z } from "zod";
import { GroupGates, MinorByCurrency } from "./gates-schema.ts";
import { HEALABLE_CLASSES } from "./healable.ts";
import { PostgresUrl } from "./postgres-url.ts";
import { S3_SERVICE } from "./s3-schema.ts";

const Name = z.string().regex(/^[a-z][a-z0-9_-]*$/, "a name of lower-case letters, digits, - and _");
const TableName = z.string().regex(/^[a-z][a-z0-9_]*$/, "a name of lower-case letters, digits and _");
const FeedId = z.string().regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, "a feed id such as billing.invoices");
const Currency = z.string().regex(/^[A-Z]{3}$/, "a currency code of three capital letters");

const Cron = z.string().regex(/^\S+(?: +\S+){4}$/, "five cron fields such as 5 * * * *");

const Duckdb = z.strictObject({
  kind: z.literal("duckdb"),
  path: z.string().min(1).describe("DuckDB file, relative to this folder"),
  memory_limit: z
    .string()
    .regex(/^\d+(?:\.\d+)?(?:MB|GB)$/, "a size such as 700MB")
    .default("700MB"),
});

const Text = z.string().min(1);

const SignIn = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("key_pair"),
    key_path: Text.describe("PKCS#8 private key in PEM form, relative to this folder"),
    passphrase: z.string().optional().describe("Of an encrypted key; give a variable; empty for none"),
  }),
  z.strictObject({ kind: z.literal("oauth"), token: Text.describe("Access token; give a variable") }),
  z.strictObject({ kind: z.literal("pat"), token: Text.describe("Programmatic access token; give a variable") }),
  z.strictObject({ kind: z.literal("password"), password: Text.describe("For an emulator on this machine only") }),
]);

const Snowflake = z.strictObject({
  kind: z.literal("snowflake"),
  account: Text.describe("Account identifier such as myorg-myaccount"),
  user: Text,
  role: Text.optional().describe("Role of runs; it owns nothing"),
  deploy_role: Text.optional().describe("Role of `ledgerloop warehouse apply`, which owns the tables"),
  warehouse: Text.optional().describe("Compute warehouse of runs"),
  database: Text,
  sign_in: SignIn,
  access_url: z
    .string()
    .regex(/^https?:\/\/|^\$\{/, "an address such as https://host")
    .optional()
    .describe("In place of the address that the account's name makes"),
  load: z
    .enum(["stage", "upload"])
    .optional()
    .describe("How landed files get in: by the external stage over S3 (default with an s3 object store), or by PUT"),
  statement_timeout_seconds: z.int().min(10, "at least 10 seconds").default(1800),
  lock_timeout_seconds: z
    .int()
    .min(1, "at least 1 second")
    .default(660)
    .describe("Longer than the ten minutes after which Snowflake gives up a dead session's transaction"),
});

/** `${…}` stands for a value in the schemas. */
const S3Path = z
  .string()
  .regex(
    /^s3:\/\/(?:[a-z0-9.-]|\$\{[^}]*\})+(?:\/(?:[A-Za-z0-9_.=-]|\$\{[^}]*\})+)*\/?$/,
    "a bucket and a prefix such as s3://my-bucket/landing",
  )
  .describe("Bucket and prefix: s3://bucket/prefix");

const ObjectLock = z
  .strictObject({
    mode: z.enum(["governance", "compliance"]),
    days: z.int().min(1, "at least 1 day").max(36_500, "at most 36500 days"),
  })
  .describe("Object lock of each landed object; the bucket must have been made with it");

const ObjectStore = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("file"), path: z.string().min(1).describe("Folder, relative to this one") }),
  z.strictObject({
    kind: z.literal("s3"),
    path: S3Path,
    ...S3_SERVICE,
    encryption: z
      .union([z.literal("AES256"), z.strictObject({ kind: z.literal("aws:kms"), key_id: z.string().min(1) })])
      .optional()
      .describe("How the service encrypts what is written; the bucket's default where it is absent"),
    retention: ObjectLock.optional(),
    compress: z.enum(["gzip", "none"]).default("gzip").describe("How landed files are stored"),
  }),
]);

const Environment = z.strictObject({
  embedded: z.boolean().default(false).describe("Use the PostgreSQL clusters that `ledgerloop up` starts"),
  warehouse: z.discriminatedUnion("kind", [Duckdb, Snowflake]),
  control_store: z.strictObject({ url: PostgresUrl }),
  object_store: ObjectStore,
  lease_seconds: z.int().min(5, "at least 5 seconds").max(3600, "at most 3600 seconds").default(60),
  full_refresh_rows: z
    .int()
    .min(1, "at least 1 row")
    .optional()
    .describe("A full refresh over more published rows than this needs --allow-cost with a reason"),
});

const Group = z.strictObject({
  owner: z.string(),
  schedule: Cron.optional(),
  feeds: z.array(FeedId).min(1, "a list of at least one feed id"),
  models: z.array(TableName).default([]),
  gates: GroupGates.prefault({}),
});

const Retention = z.strictObject({
  failed_runs_days: z
    .int()
    .min(1, "at least 1 day")
    .default(7)
    .describe("Landed bytes of runs that published nothing are kept this long; longer while the run can be repeated"),
  samples_days: z
    .int()
    .min(1, "at least 1 day")
    .default(90)
    .describe("Masked sample rows in the control store are kept this long"),
  evidence_years: z
    .int()
    .min(1, "at least 1 year")
    .default(7)
    .describe("Landed bytes of published batches are kept at least this long"),
  warehouse_free_share: z
    .number()
    .min(0.05, "a share between 0.05 and 1")
    .max(1, "a share between 0.05 and 1")
    .default(0.5)
    .describe("The DuckDB file is compacted when this share of it is free"),
});

const Heal = z.strictObject({
  deletes: z
    .int()
    .min(0, "a whole number of rows")
    .default(10)
    .describe("Published rows that one heal takes out without a reason, because their source has them no more"),
  deleted_minor: MinorByCurrency.default({ "*": 1_000_000 }).describe(
    "Their money allowed per currency and heal, in minor units",
  ),
  automatic: z
    .array(z.enum(HEALABLE_CLASSES))
    .default([])
    .describe("Classes of breaks that `ledgerloop reconcile run` heals by itself as soon as it finds them"),
});

const Reconcile = z.strictObject({
  schedule: Cron.optional().describe("When a night is due; kept for schedulers and shown by `ledgerloop reconcile show`"),
  segment_rows: z
    .int()
    .min(1, "at least 1 row")
    .default(250_000)
    .describe("Feeds and tables of more rows are not compared whole each night"),
  nights: z
    .int()
    .min(1, "at least 1 night")
    .max(366, "at most 366 nights")
    .default(28)
    .describe("Within so many nights every row is compared, whether or not anything of it changed"),
  heal: Heal.prefault({}).describe("What `ledgerloop reconcile heal` may do without a reason"),
});

const DriftAction = z.enum(["report", "stop"]);

/** `pipeline.yaml` as a user writes it. */
export const PipelineSchema = z.strictObject({
  name: Name,
  environments: z.record(Name, Environment),
  owners: z.record(Name, z.string()).describe("Teams, and what they answer for"),
  default_group: Name.optional().describe(
    "What `run` and `plan` load where no --group is named; needless where there is one group",
  ),
  groups: z.record(Name, Group),
  drift: z
    .strictObject({
      added: DriftAction.default("report"),
      removed: DriftAction.default("stop"),
      retyped: DriftAction.default("stop"),
      renamed: DriftAction.default("stop"),
    })
    .prefault({}),
  retention: Retention.prefault({}).describe("Ages by which `ledgerloop clean` removes things"),
  reconcile: Reconcile.prefault({}).describe("How much `ledgerloop reconcile run` compares in one night"),
  currencies: z.record(Currency, z.int().min(0, "0 to 6").max(6, "0 to 6")).describe("Digits after the decimal point"),
});

export type EnvironmentEntry = z.output<typeof Environment>;
export type PipelineFile = z.output<typeof PipelineSchema>;
