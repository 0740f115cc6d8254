import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { readIn, writeIn } from "../yaml-files.ts";

const OWN = join(import.meta.dirname, "..", "..", "pipeline");
const TABLES = ["customers", "subscriptions", "invoices", "payments"] as const;

interface Property {
  readonly name: string;
  readonly relationships?: unknown;
  readonly [key: string]: unknown;
}

interface Contract {
  readonly schema: readonly { readonly name: string; readonly properties: readonly Property[] }[];
  readonly [key: string]: unknown;
}

interface PipelineFile {
  groups: { company: { feeds: string[]; models: string[]; gates?: unknown } };
}

function copied(folder: string, name: string): string {
  const made = join(folder, `pipeline-${name}`);
  mkdirSync(made);
  cpSync(OWN, made, { recursive: true, filter: (path) => !path.includes("inbox") && !path.includes(".state") });
  return made;
}

/** LedgerLoop's own pipeline; a simulator that nobody shares needs no rates. */
export function fourSystems(folder: string): string {
  const made = copied(folder, "four");
  const stripe = readIn<object>(made, "sources", "stripe.yaml");
  writeIn({ ...stripe, rate: { per_second: 100_000, per_endpoint: 100_000, concurrency: 8 } }, made, "sources", "stripe.yaml");
  return made;
}

const singular = (table: string) => table.slice(0, -1);

/** A curated table with the columns of a feed. */
function projection(pipeline: string, table: string): void {
  const feed = readIn<Contract>(pipeline, "contracts", `billing.${table}.odcs.yaml`);
  const [object] = feed.schema;
  if (!object) throw new Error(`the contract of ${table} has no schema`);
  const properties = object.properties.map(({ relationships: _, quality: __, ...property }) => property);
  const id = singular(table);
  writeIn(
    { ...feed, id, slaProperties: [], schema: [{ name: id, logicalType: "object", properties }] },
    pipeline,
    "contracts",
    `${id}.odcs.yaml`,
  );
  const key = `${id}_id`;
  const about = { table: id, key: [key], contract: id, touched_by: { [`billing.${table}`]: [key] } };
  const columns = properties.map(({ name }) => name).join(", ");
  writeFileSync(
    join(pipeline, "models", `${id}.sql`),
    `/* ledgerloop\n${stringify(about)}*/\nselect ${columns} from staging.billing_${table}\n`,
  );
}

/** Billing's four feeds alone, each with a curated table of its columns. */
export function billingAlone(folder: string): string {
  const made = copied(folder, "billing");
  for (const file of readdirSync(join(made, "sources"))) if (file !== "billing.yaml") rmSync(join(made, "sources", file));
  for (const file of readdirSync(join(made, "contracts")))
    if (!file.startsWith("billing.")) rmSync(join(made, "contracts", file));
  for (const file of readdirSync(join(made, "models"))) rmSync(join(made, "models", file));
  rmSync(join(made, "ties.yaml"), { force: true });
  for (const table of TABLES) projection(made, table);
  const file = readIn<PipelineFile>(made, "pipeline.yaml");
  file.groups.company = {
    ...file.groups.company,
    feeds: TABLES.map((table) => `billing.${table}`),
    models: TABLES.map(singular),
  };
  writeIn(file, made, "pipeline.yaml");
  return made;
}
