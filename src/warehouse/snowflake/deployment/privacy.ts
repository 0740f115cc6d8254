import type { ColumnType } from "../../../contract/contract.ts";
import type { DdlFile, DeploymentFacts } from "../../deployment.ts";
import { snowflakeDialect as d } from "../dialect.ts";
import { numbered, ROLES } from "./names.ts";

const TAG = "OPS.PERSONAL";

/** The type name that a policy's signature takes, and what stands for a value of it. */
function signature(type: ColumnType): { name: string; type: string; mask: string } {
  switch (type.kind) {
    case "string":
      return { name: "TEXT", type: "VARCHAR", mask: "'•••'" };
    case "integer":
    case "decimal":
      return { name: "NUMBER", type: "NUMBER", mask: "NULL" };
    case "boolean":
      return { name: "BOOLEAN", type: "BOOLEAN", mask: "NULL" };
    case "date":
      return { name: "DATE", type: "DATE", mask: "NULL" };
    case "timestamp":
      return { name: "TIMESTAMP", type: "TIMESTAMP_NTZ", mask: "NULL" };
  }
}

/** Who sees values as they are: runs, which compare them, and finance, who answers for them. */
const SEES = [ROLES.loader, ROLES.finance].map((role) => `IS_ROLE_IN_SESSION('${role}')`).join(" OR ");

function policy({ name, type, mask }: ReturnType<typeof signature>): string[] {
  return [
    `CREATE MASKING POLICY IF NOT EXISTS OPS.MASK_${name} AS (v ${type}) RETURNS ${type} -> CASE WHEN v IS NULL OR ${SEES} THEN v ELSE ${mask} END`,
    `ALTER TAG ${TAG} SET MASKING POLICY OPS.MASK_${name} FORCE`,
  ];
}

/**
 * Masking by contract classification. The tag is on every copy of a column: staging, curated, history, and quarantined payloads. Work
 * tables need none: they are temporary, so nobody but the loading session, which must see the values, can read them.
 */
export function privacy({ tables }: DeploymentFacts): DdlFile {
  const personal = tables.flatMap((table) => table.personal.map(({ column, type }) => ({ table, column, type })));
  const kinds = new Map([...personal.map((p) => signature(p.type)), signature({ kind: "string" })].map((s) => [s.name, s]));
  const tagged = personal.map(
    ({ table, column }) =>
      `ALTER TABLE ${d.table(table.schema, table.name)} MODIFY COLUMN ${d.identifier(column)} SET TAG ${TAG} = 'contract'`,
  );
  return {
    name: "070_privacy",
    about: `A tag on every column that a contract classifies as personal, and masking policies on the tag: ${ROLES.loader} and ${ROLES.finance} see
values, everybody else sees that there is one. Work tables are temporary: only the session that made them can read them.`,
    optional: "tag-based masking needs Enterprise Edition",
    statements: numbered("070_privacy", [
      `CREATE TAG IF NOT EXISTS ${TAG} COMMENT = 'Personal by contract; masked'`,
      ...[...kinds.values()].flatMap(policy),
      ...tagged,
      `ALTER TABLE OPS."QUARANTINE_ROW" MODIFY COLUMN "PAYLOAD_PII" SET TAG ${TAG} = 'contract'`,
    ]),
  };
}
