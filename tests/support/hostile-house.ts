import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { stringify } from "yaml";
import { type House, openHouse } from "./engine.ts";
import { loadPipeline } from "./load-pipeline.ts";

/** A column of a hostile table: how the source declares it, and what the contract says about it. */
export interface HostileColumn {
  readonly name: string;
  /** Type at the source; null for a column that the source does not have. */
  readonly type: string | null;
  readonly contract: Readonly<Record<string, unknown>>;
}

/** One table with one column `id bigint` before the given ones, its contract, and a model that copies it. */
export interface HostileTable {
  readonly columns: readonly HostileColumn[];
  /** Rules of the whole table. */
  readonly quality?: readonly unknown[];
  /** Settings of the feed. */
  readonly feed?: Readonly<Record<string, unknown>>;
  /** Version of the contract. */
  readonly version?: string;
  /** Name of the table at the source. */
  readonly table?: string;
  /** How the source's database differs from a usual one. */
  readonly like?: string;
}

const GATES = { valid_share: 0, held_share: 1, sample: 10, quarantined_minor: { "*": 1_000_000_000_000 }, vanished_share: 1 };

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

function contract(of: { id: string; version: string }, properties: readonly unknown[], quality: readonly unknown[] = []): string {
  const { id, version } = of;
  const table = id.replace("app.", "");
  const schema = [{ name: table, logicalType: "object", properties, ...(quality.length > 0 ? { quality } : {}) }];
  return stringify(
    { apiVersion: "v3.1.0", kind: "DataContract", id, version, status: "active", team: { name: "desk" }, schema },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}

/** Writes the pipeline of a hostile table into a folder. */
export function writeHostilePipeline(folder: string, hostile: HostileTable): void {
  const { columns, quality, feed, table = "things", version = "1.0.0" } = hostile;
  for (const sub of ["sources", "contracts", "models"]) mkdirSync(join(folder, sub), { recursive: true });
  const key = {
    name: "id",
    logicalType: "integer",
    physicalType: "bigint",
    required: true,
    primaryKey: true,
    primaryKeyPosition: 1,
  };
  const own = columns.map(({ name, contract: rules }) => ({ name, ...rules }));
  const plain = columns.map(({ name, contract: { logicalType, physicalType } }) => ({ name, logicalType, physicalType }));
  writeFileSync(
    join(folder, "pipeline.yaml"),
    stringify({
      name: "hostile",
      environments: {
        local: {
          embedded: true,
          warehouse: { kind: "duckdb", path: "$" + "{LEDGERLOOP_STATE:-.state}/warehouse.duckdb", memory_limit: "512MB" },
          control_store: { url: "$" + "{CONTROL_URL:-embedded}" },
          object_store: { kind: "file", path: "$" + "{LEDGERLOOP_STATE:-.state}/objects" },
        },
      },
      owners: { desk: "Everything" },
      groups: { desk: { owner: "desk", feeds: ["app.things"], models: ["thing"], gates: GATES } },
      currencies: { USD: 2 },
    }),
  );
  const things = {
    table: `app.${table}`,
    contract: "app.things",
    source_key: ["id"],
    business_key: ["id"],
    cursor: { mode: "whole" },
    ...feed,
  };
  writeFileSync(
    join(folder, "sources", "app.yaml"),
    stringify({
      source: "app",
      kind: "postgres",
      owner: "desk",
      connection: { url: "$" + "{APP_URL:-embedded}" },
      feeds: { things },
    }),
  );
  writeFileSync(join(folder, "contracts", "things.odcs.yaml"), contract({ id: "app.things", version }, [key, ...own], quality));
  writeFileSync(join(folder, "contracts", "thing.odcs.yaml"), contract({ id: "thing", version }, [key, ...plain]));
  const names = ["id", ...columns.map((c) => c.name)].map(quoted).join(", ");
  writeFileSync(
    join(folder, "models", "thing.sql"),
    `/* ledgerloop\ntable: thing\nkey: [id]\ncontract: thing\ntouched_by:\n  app.things: [id]\n*/\nselect ${names} from staging.app_things\n`,
  );
}

/** Loads the pipeline of a hostile table without running it; throws what loading throws. */
export function loadHostile(table: HostileTable) {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-hostile-"));
  try {
    writeHostilePipeline(folder, table);
    return loadPipeline({ directory: folder, env: {} }).pipeline;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The whole spine over a hostile table; its source table is empty. */
export async function openHostileHouse(table: HostileTable): Promise<House> {
  const directory = mkdtempSync(join(tmpdir(), "ledgerloop-hostile-"));
  writeHostilePipeline(directory, table);
  const atSource = table.columns.filter((c) => c.type !== null);
  const list = ["id bigint", ...atSource.map((c) => `${pg.escapeIdentifier(c.name)} ${c.type}`)].join(", ");
  const ddl = join(directory, "source.sql");
  writeFileSync(ddl, `create schema app; create table app.${pg.escapeIdentifier(table.table ?? "things")} (${list})`);
  const house = await openHouse({ directory, ddl, urlVariable: "APP_URL", ...(table.like ? { like: table.like } : {}) });
  return {
    ...house,
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true });
    },
  };
}
