/** Names of account objects; a grant and a configuration file refer to the same ones. */
export const ROLES = {
  loader: "LEDGERLOOP_LOADER",
  deployer: "LEDGERLOOP_DEPLOYER",
  reader: "LEDGERLOOP_READER",
  finance: "LEDGERLOOP_FINANCE",
  auditor: "LEDGERLOOP_AUDITOR",
} as const;

export const WAREHOUSES = { load: "LEDGERLOOP_LOAD", audit: "LEDGERLOOP_AUDIT" } as const;

/** Schemas that hold data, and who sees them. */
export const SCHEMAS = ["RAW", "STAGING", "CURATED", "HISTORY", "OPS", "REPORTING"] as const;

/** Statements of one file, named after it and their place. */
export function numbered(file: string, texts: readonly string[]): { name: string; sql: string }[] {
  return texts.map((sql, i) => ({ name: `${file}.${i + 1}`, sql }));
}
