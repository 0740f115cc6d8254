import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readIn, writeIn } from "../yaml-files.ts";

const COMPANY = join(import.meta.dirname, "..", "..", "examples", "company");
/** How a provider's records become columns, which tables have as they are. */
const OF_RECORDS = ["path", "conversion"];

interface Property {
  name: string;
  physicalName?: string;
  customProperties?: { property: string }[];
}

interface Contract {
  schema: { properties: Property[] }[];
}

interface Source {
  source: string;
  owner: string;
  feeds: Record<string, Record<string, unknown>>;
}

function ofTable({ physicalName: _, customProperties, ...property }: Property): Property {
  const kept = (customProperties ?? []).filter((custom) => !OF_RECORDS.includes(custom.property));
  return kept.length > 0 ? { ...property, customProperties: kept } : property;
}

/** A feed's contract over a table that has its columns, and when each row was stamped. */
function tableContract(contract: Contract): Contract {
  const [object] = contract.schema;
  if (!object) throw new Error("the contract has no schema");
  const properties = object.properties.map(ofTable);
  const stamp = { name: "updated_at", logicalType: "timestamp", physicalType: "timestamptz", required: true };
  if (!properties.some(({ name }) => name === stamp.name)) properties.push(stamp);
  return { ...contract, schema: [{ ...object, properties }] };
}

function tableSource({ source, owner, feeds }: Source): Record<string, unknown> {
  const tables = Object.entries(feeds).map(([name, feed]) => {
    const { contract, source_key, business_key, money, posting_date } = feed;
    // No trigger stamps the rows: the bench's own statements do.
    const cursor = { mode: "updated_at", column: "updated_at", trusted: "each statement of the bench stamps its rows" };
    return [
      name,
      { table: `${source}.${name}`, contract, source_key: business_key ?? source_key, business_key, cursor, money, posting_date },
    ];
  });
  return {
    ...{ source, kind: "postgres", owner, connection: { url: `\${BENCH_URL}` } },
    ...{ parallel: 4, statement_timeout_seconds: 900, feeds: Object.fromEntries(tables) },
  };
}

/**
 * `examples/company` with each of its four systems as tables of PostgreSQL, in a schema of its name: its models, rules and keys as they are. How
 * records of the other kinds are landed has benches of its own.
 */
export function companyPipeline(folder: string): string {
  const made = join(folder, "company");
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made);
  cpSync(COMPANY, made, { recursive: true });
  for (const file of readdirSync(join(made, "sources"))) {
    const source = readIn<Source>(made, "sources", file);
    writeIn(tableSource(source), made, "sources", file);
    for (const feed of Object.keys(source.feeds)) {
      const contract = `${source.source}.${feed}.odcs.yaml`;
      writeIn(tableContract(readIn<Contract>(made, "contracts", contract)), made, "contracts", contract);
    }
  }
  return made;
}
