import type { ColumnType } from "./contract.ts";
import type { OdcsProperty } from "./odcs-schema.ts";
import { badType, notAllowed, notExecuted } from "./problems.ts";
import type { Scope } from "./rule-draft.ts";
import type { YamlPath } from "./yaml-document.ts";

const EXECUTED = ["string", "integer", "number", "boolean", "date", "timestamp"];
const STANDARD_ONLY = ["time", "object", "array"];

const INTEGER_BITS: Readonly<Record<string, 16 | 32 | 64>> = {
  smallint: 16,
  int2: 16,
  smallserial: 16,
  int: 32,
  int4: 32,
  integer: 32,
  serial: 32,
  bigint: 64,
  int8: 64,
  bigserial: 64,
};

const DECIMAL_TYPE = /^(?:number|numeric|decimal)\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)$/i;

/** DuckDB and Snowflake both stop at 38 digits. */
const MAX_PRECISION = 38;

/** The engine-independent type of a property; reports why there is none. */
export function columnType(
  property: OdcsProperty,
  path: YamlPath,
  scope: Pick<Scope, "document" | "problems">,
): ColumnType | undefined {
  const { document, problems } = scope;
  const typeAt = document.at([...path, "logicalType"]);
  switch (property.logicalType) {
    case "string":
      return { kind: "string", ...maxLength(property) };
    case "integer":
      return { kind: "integer", bits: INTEGER_BITS[(property.physicalType ?? "").trim().toLowerCase()] ?? 64 };
    case "number":
      return decimal(property, path, scope);
    case "boolean":
    case "date":
    case "timestamp":
      return { kind: property.logicalType };
    default:
      problems.push(
        STANDARD_ONLY.includes(property.logicalType)
          ? notExecuted(typeAt, `logicalType "${property.logicalType}"`, `use one of ${EXECUTED.join(", ")}`)
          : notAllowed(typeAt, { key: "logicalType", written: property.logicalType }, EXECUTED),
      );
      return undefined;
  }
}

function maxLength(property: OdcsProperty): { maxLength?: number } {
  const length = property.logicalTypeOptions?.maxLength;
  return length === undefined ? {} : { maxLength: length };
}

function decimal(
  property: OdcsProperty,
  path: YamlPath,
  { document, problems }: Pick<Scope, "document" | "problems">,
): ColumnType | undefined {
  const match = DECIMAL_TYPE.exec((property.physicalType ?? "").trim());
  const at = document.at([...path, property.physicalType === undefined ? "logicalType" : "physicalType"]);
  const next = "write physicalType: NUMERIC(18,2), or use logicalType: integer for minor units";
  if (!match) {
    problems.push(badType(at, `the number "${property.name}" has no precision and scale`, next));
    return undefined;
  }
  const precision = Number(match[1]);
  const scale = Number(match[2] ?? 0);
  if (precision < 1 || precision > MAX_PRECISION || scale > precision) {
    problems.push(badType(at, `the precision of "${property.name}" must be 1 to ${MAX_PRECISION} and hold its scale`, next));
    return undefined;
  }
  return { kind: "decimal", precision, scale };
}
