import type { Column, ColumnType, Contract } from "./contract.ts";
import { type ContractChange, change } from "./contract-change.ts";
import { diffRules } from "./diff-rules.ts";

/**
 * Compares two versions of a contract. A change is compatible when every row that was fit for publication stays fit and every
 * reader finds what it read before; a change that needs either side to act is breaking.
 * @returns the changes, sorted by element and kind; the last word on the version number comes first.
 */
export function diffContracts(before: Contract, after: Contract): ContractChange[] {
  const changes = [...diffColumns(before, after), ...diffKey(before, after), ...diffRules(before, after)];
  const sorted = changes.sort((a, b) => compare(a.element, b.element) || compare(a.change, b.change));
  return [...diffVersion(before, after, sorted), ...sorted];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function diffColumns(before: Contract, after: Contract): ContractChange[] {
  const old = new Map(before.columns.map((c) => [c.name, c]));
  const now = new Map(after.columns.map((c) => [c.name, c]));
  const removed = before.columns
    .filter((c) => !now.has(c.name))
    .map((c) => change("column_removed", c.name, { compatible: false, says: `column ${c.name} was removed` }));
  const rest = after.columns.flatMap((c) => {
    const was = old.get(c.name);
    return was ? diffColumn(was, c) : added(c);
  });
  return [...removed, ...rest, ...diffDerived(before, after)];
}

function diffDerived(before: Contract, after: Contract): ContractChange[] {
  const now = new Map(after.derived.map(({ name, template }) => [name, template]));
  const old = new Set(before.derived.map(({ name }) => name));
  const changed = before.derived.flatMap(({ name, template }) => {
    const is = now.get(name);
    const says =
      is === undefined ? `derived column ${name} was removed` : `derived column ${name} changed from ${template} to ${is}`;
    return is === template ? [] : [change("derived_changed", name, { compatible: false, says })];
  });
  const fresh = after.derived.filter(({ name }) => !old.has(name));
  return [
    ...changed,
    ...fresh.map(({ name, template }) =>
      change("derived_added", name, { compatible: true, says: `derived column ${name}, made as ${template}, was added` }),
    ),
  ];
}

function added(column: Column): ContractChange[] {
  const says = `${column.required ? "required" : "nullable"} column ${column.name} was added`;
  return [change("column_added", column.name, { compatible: !column.required, says })];
}

function diffType(before: Column, after: Column): ContractChange[] {
  const [was, is] = [typeText(before.type), typeText(after.type)];
  if (was === is) return [];
  const says = `column ${after.name} changed from ${was} to ${is}`;
  if (!isWider(before.type, after.type)) return [change("column_retyped", after.name, { compatible: false, says })];
  const otherScale = isWidenedInPlace(before.type, after.type) ? {} : OTHER_SCALE;
  return [change("column_widened", after.name, { compatible: true, says, ...otherScale })];
}

function diffColumn(before: Column, after: Column): ContractChange[] {
  const changes = diffType(before, after);
  const { name } = after;
  if (before.required !== after.required) {
    const says = `column ${name} became ${after.required ? "required" : "nullable"}`;
    changes.push(change("nullability_changed", name, { compatible: !after.required, says }));
  }
  if (before.pii !== after.pii || before.classification !== after.classification) {
    const says = `column ${name} changed classification from ${before.classification ?? "none"} to ${after.classification ?? "none"}`;
    // Values that were masked would become readable.
    changes.push(change("classification_changed", name, { compatible: !before.pii || after.pii, says }));
  }
  return [...changes, ...diffInFiles(before, after)];
}

/** What the contract says of the column's texts: how files call it, how its values are spelled, and what its amounts are. */
function diffInFiles(before: Column, after: Column): ContractChange[] {
  const { name } = after;
  const [wasHeader, header] = [before.physicalName ?? name, after.physicalName ?? name];
  const [wasMoney, money] = [moneyText(before), moneyText(after)];
  const headerSays = `column ${name} was called ${wasHeader} in files and is called ${header}`;
  const moneySays = `amounts of column ${name} changed from ${wasMoney ?? "none"} to ${money ?? "none"}`;
  const [wasFormat, format] = [formatText(before), formatText(after)];
  const formatSays = `the format of column ${name} changed from ${wasFormat ?? "none"} to ${format ?? "none"}`;
  return [
    ...(wasFormat === format ? [] : [change("format_changed", name, { compatible: false, says: formatSays })]),
    ...(wasHeader === header ? [] : [change("header_changed", name, { compatible: false, says: headerSays })]),
    ...(wasMoney === money ? [] : [change("money_changed", name, { compatible: wasMoney === null, says: moneySays })]),
  ];
}

/** A format as it is written: `dd.MM.yyyy`, `Y/N`. */
function formatText({ format }: Column): string | null {
  if (!format) return null;
  if (format.kind === "boolean") return `${format.true.join("|")}/${format.false.join("|")}`;
  return format.parts.map((part) => part.field ?? part.text).join("");
}

function moneyText({ money }: Column): string | null {
  return money ? `${money.unit} units of ${money.currency}` : null;
}

function typeText(type: ColumnType): string {
  if (type.kind === "integer") return `integer(${type.bits})`;
  if (type.kind === "decimal") return `decimal(${type.precision},${type.scale})`;
  return type.kind === "string" && type.maxLength !== undefined ? `string(${type.maxLength})` : type.kind;
}

const OTHER_SCALE = {
  effect: "stops",
  consequence: "the run stops: not every engine changes the scale of a published column; give the new type a new column",
} as const;

/** Both engines change the published column to the wider type without rewriting or losing a value. */
function isWidenedInPlace(before: ColumnType, after: ColumnType): boolean {
  return before.kind !== "decimal" || after.kind !== "decimal" || before.scale === after.scale;
}

/** Every value of the old type is a value of the new one. */
function isWider(before: ColumnType, after: ColumnType): boolean {
  if (before.kind === "string" && after.kind === "string") {
    return (after.maxLength ?? Number.POSITIVE_INFINITY) >= (before.maxLength ?? Number.POSITIVE_INFINITY);
  }
  if (before.kind === "integer" && after.kind === "integer") return after.bits >= before.bits;
  if (before.kind === "decimal" && after.kind === "decimal") {
    return after.scale >= before.scale && after.precision - after.scale >= before.precision - before.scale;
  }
  return false;
}

function diffKey(before: Contract, after: Contract): ContractChange[] {
  if (before.primaryKey.join("\n") === after.primaryKey.join("\n")) return [];
  const says = `the key changed from (${before.primaryKey.join(", ")}) to (${after.primaryKey.join(", ")})`;
  return [change("key_changed", after.object, { compatible: false, says })];
}

/** Breaking changes ask for a new major version, any other change for a higher version. */
function diffVersion(before: Contract, after: Contract, changes: readonly ContractChange[]): ContractChange[] {
  if (changes.length === 0) return [];
  const old = parts(before.version);
  const now = parts(after.version);
  const breaking = changes.some((c) => !c.compatible);
  const enough = breaking ? (now[0] ?? 0) > (old[0] ?? 0) : isHigher(now, old);
  if (enough) return [];
  const needed = breaking
    ? `a breaking change needs a major version above ${old[0] ?? 0}`
    : `a change needs a version above ${before.version}`;
  return [change("version_not_raised", after.object, { compatible: false, says: `${needed}; it is ${after.version}` })];
}

function parts(version: string): number[] {
  return version
    .replace(/^v/, "")
    .split(".")
    .map((part) => Number.parseInt(part, 10) || 0);
}

function isHigher(a: readonly number[], b: readonly number[]): boolean {
  const index = [0, 1, 2].find((i) => (a[i] ?? 0) !== (b[i] ?? 0));
  return index !== undefined && (a[index] ?? 0) > (b[index] ?? 0);
}
