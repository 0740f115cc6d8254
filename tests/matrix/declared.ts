import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { loadPipeline } from "../support/load-pipeline.ts";
import type { Kind, Mode } from "./kinds.ts";

const PIPELINE = join(import.meta.dirname, "pipeline");

/** How the feed is declared. */
export interface Declared {
  readonly kind: Kind;
  readonly mode: Mode;
  readonly table: string;
  readonly url: string;
  /** Somebody says why the cursor is trusted. */
  readonly trusted: boolean;
  /** A run may not read more published rows than this whole unasked. */
  readonly limit: number | null;
}

function cursorText({ mode, trusted }: Declared): string {
  if (mode === "whole") return "{ mode: whole }";
  const why = trusted ? ", trusted: the desk stamps by hand" : "";
  if (mode === "xid") return `{ mode: xid, column: chg${why} }`;
  return `{ mode: updated_at, column: updated_at${mode === "local" ? ", time_zone: America/New_York" : ""}${why} }`;
}

function sourceText(declared: Declared): string {
  const { kind, mode, table } = declared;
  const nightly =
    mode === "whole" || kind === "table" || kind === "partitioned" ? "" : "\n    unique_source_key: checked nightly";
  return `source: shop
kind: postgres
owner: desk
connection: { url: "\${SHOP_URL}" }
feeds:
  bills:
    table: ${table}
    contract: shop.bills
    source_key: [id]${nightly}
    business_key: [bill_id]
    cursor: ${cursorText(declared)}
    money: { amount: amount, currency: currency, unit: minor }
`;
}

/** A pipeline folder of one feed, to be removed by whoever asked for it. */
export function pipelineFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-matrix-"));
  cpSync(PIPELINE, folder, { recursive: true });
  mkdirSync(join(folder, "sources"));
  return folder;
}

/** Writes the feed down as it is declared and loads the folder. */
export function declare(folder: string, declared: Declared, env: Readonly<Record<string, string>>): Pipeline {
  writeFileSync(join(folder, "sources", "shop.yaml"), sourceText(declared));
  const { pipeline } = loadPipeline({ directory: folder, env: { ...env, SHOP_URL: declared.url } });
  if (declared.limit === null) return pipeline;
  return { ...pipeline, environment: { ...pipeline.environment, fullRefreshRows: declared.limit } };
}
