import { fingerprint } from "../kernel/fingerprint.ts";
import type { Position, Problem } from "../kernel/problem.ts";
import { columnMoney } from "./column-money.ts";
import { columnPlace, rowsPlace } from "./column-place.ts";
import { columnType } from "./column-type.ts";
import type { Column, ColumnType, Contract, Lineage, ServiceLevel } from "./contract.ts";
import { contractRules, PROPERTIES } from "./contract-rules.ts";
import type { PropertyPlace } from "./custom-property.ts";
import { derivedColumns } from "./derived-column.ts";
import { ContractSchema, type OdcsObject, type OdcsProperty } from "./odcs-schema.ts";
import { present } from "./present.ts";
import { badRule, duplicateName, missingOwner, reservedName, sameButForCase } from "./problems.ts";
import type { Rule } from "./rule.ts";
import { type Scope, sealRule } from "./rule-draft.ts";
import { checkShape } from "./schema-problems.ts";
import { textFormat } from "./text-format.ts";
import { readYaml, type YamlDocument } from "./yaml-document.ts";

/** Values of `classification` that mean personal data; such columns are masked in every output. */
const PII_CLASSIFICATIONS: readonly string[] = ["pii", "personal", "sensitive"];

/**
 * Reads one ODCS v3.1 document with one schema object.
 * @returns the contract when nothing is wrong with it, else every problem found.
 */
export function parseContract(input: { readonly file: string; readonly text: string }): {
  contract?: Contract;
  problems: Problem[];
} {
  const { document, problems } = readYaml(input);
  if (!document) return { problems };
  const shape = checkShape(ContractSchema, document);
  const object = shape.value?.schema[0];
  if (!shape.value || !object) return { problems: [...problems, ...shape.problems] };
  const { id, version, status, slaProperties = [] } = shape.value;
  const owner = ownerOf(shape.value.team);
  if (owner === undefined) problems.push(missingOwner(document.at(["team"], "key")));
  const scope = scopeOf(object, { document, owner: owner ?? "", problems });
  const primaryKey = primaryKeyOf(object, scope);
  const columns = columnsOf(object, scope);
  const rules = contractRules(object, primaryKey, scope).map((rule) => withFormat(rule, columns));
  const place = { path: ["schema", 0], scope };
  const rows = rowsPlace(object, place);
  const derived = derivedColumns(object, columns, place);
  if (problems.length > 0) return { problems };
  const serviceLevels = slaProperties.map(serviceLevel);
  const named = { id, version, status, owner: scope.owner, object: object.name, primaryKey, serviceLevels, file: document.file };
  const parts = { ...named, ...present({ rows }) };
  return { contract: sealContract({ ...parts, columns, derived, rules }), problems };
}

/** A type rule by which spellings of a format are read, so that a mended format is another rule. */
function withFormat(rule: Rule, columns: readonly Column[]): Rule {
  const format = rule.kind === "type" ? columns.find(({ name }) => name === rule.columns[0])?.format : undefined;
  return rule.kind === "type" && format ? sealRule({ ...rule, format }) : rule;
}

/** Adds (or renews) the fingerprint: everything that decides the labels of rows. */
export function sealContract(contract: Omit<Contract, "fingerprint">): Contract {
  const columns = contract.columns.map(({ name, type, required, pii, format }) => ({
    name,
    type,
    required,
    pii,
    ...present({ format }),
  }));
  const rules = contract.rules.map((rule) => ({ id: rule.id, fingerprint: rule.fingerprint }));
  const derived = contract.derived.map(({ name, template }) => ({ name, template }));
  const made = derived.length === 0 ? {} : { derived };
  return { ...contract, fingerprint: fingerprint({ columns, key: contract.primaryKey, rules, ...made }) };
}

function ownerOf(team: unknown): string | undefined {
  const name = typeof team === "object" && team !== null && "name" in team ? team.name : undefined;
  return typeof name === "string" && name !== "" ? name : undefined;
}

function serviceLevel(sla: {
  property: string;
  value: unknown;
  unit?: string | undefined;
  element?: string | undefined;
}): ServiceLevel {
  return { property: sla.property, value: String(sla.value), ...present({ unit: sla.unit, element: sla.element }) };
}

function scopeOf(object: OdcsObject, parts: { document: YamlDocument; owner: string; problems: Problem[] }): Scope {
  const types = new Map<string, ColumnType>();
  const names: string[] = [];
  for (const [i, property] of object.properties.entries()) {
    const path = [...PROPERTIES, i];
    parts.problems.push(...nameProblems(property.name, names, parts.document.at([...path, "name"])));
    names.push(property.name);
    const type = columnType(property, path, parts);
    if (type) types.set(property.name, type);
  }
  checkHeaders(object, parts);
  return { ...parts, object: object.name, names, types };
}

/** The names by which files know the columns are a header: each stands there once. */
function checkHeaders({ properties }: OdcsObject, { document, problems }: Pick<Scope, "document" | "problems">): void {
  const headers = properties.map(({ name, physicalName }) => physicalName ?? name);
  for (const [i, { physicalName }] of properties.entries()) {
    if (physicalName === undefined || headers.filter((header) => header === physicalName).length === 1) continue;
    problems.push(duplicateName(document.at([...PROPERTIES, i, "physicalName"]), "physicalName", physicalName));
  }
}

/** A warehouse may not tell names apart by case, and the engine's own columns stand beside the contract's. */
function nameProblems(name: string, earlier: readonly string[], at: Position): Problem[] {
  if (name.startsWith("_") || name.toLowerCase() === "rowid") return [reservedName(at, name)];
  const same = earlier.find((other) => other.toLowerCase() === name.toLowerCase());
  if (same === undefined) return [];
  return [same === name ? duplicateName(at, "column", name) : sameButForCase(at, name, same)];
}

function columnsOf(object: OdcsObject, scope: Scope): Column[] {
  return object.properties.flatMap((property, i) => {
    const type = scope.types.get(property.name);
    return type ? [column(property, type, { path: [...PROPERTIES, i], scope })] : [];
  });
}

/** As the SQL standard reads it, a plain `timestamp` is one without a zone. */
function hasNoZone({ physicalType, logicalTypeOptions }: OdcsProperty): boolean {
  const plain = /^timestamp\s*(\(\d\))?(\s+without\s+time\s+zone)?$/i;
  return logicalTypeOptions?.timezone === false || plain.test((physicalType ?? "").trim());
}

function lineageOf({ transformSourceObjects }: OdcsProperty, { path, scope }: PropertyPlace): Lineage | undefined {
  const key = [...path, "transformSourceObjects"];
  const of = transformSourceObjects?.map((written, i) => ({ written, at: scope.document.at([...key, i]) }));
  return of && { of, at: scope.document.at(key, "key") };
}

function column(property: OdcsProperty, type: ColumnType, { path, scope }: PropertyPlace): Column {
  const { name, classification, description } = property;
  const pii = PII_CLASSIFICATIONS.includes((classification ?? "").toLowerCase());
  const isLocal = type.kind === "timestamp" && hasNoZone(property) ? (true as const) : undefined;
  const physicalName = property.physicalName === name ? undefined : property.physicalName;
  const money = columnMoney(property, type, { path, scope });
  const place = columnPlace(property, type, { path, scope });
  const format = textFormat(property, type, { path, scope });
  const at = scope.document.at(path);
  const lineage = lineageOf(property, { path, scope });
  const transformed = property.transformDescription;
  const said = present({ physicalName, classification, description, isLocal, money, place, format, lineage, transformed });
  return { name, type, required: property.required === true, pii, at, ...said };
}

function primaryKeyOf(object: OdcsObject, scope: Scope): string[] {
  const keyed = object.properties
    .map((property, i) => ({ property, path: [...PROPERTIES, i] }))
    .filter(({ property }) => property.primaryKey === true);
  for (const { property, path } of keyed) {
    const at = scope.document.at([...path, "primaryKey"], "key");
    if (!property.required)
      scope.problems.push(badRule(at, `the key column "${property.name}" is not required`, "add required: true"));
    if (keyed.length > 1 && (property.primaryKeyPosition ?? -1) < 1) {
      scope.problems.push(badRule(at, `"${property.name}" has no place in the key`, "add primaryKeyPosition: 1, 2, …"));
    }
  }
  const place = (p: OdcsProperty): number => p.primaryKeyPosition ?? 1;
  const places = keyed.map(({ property }) => place(property));
  const twice = keyed.find(({ property }, i) => places.indexOf(place(property)) < i);
  if (twice && place(twice.property) > 0) {
    const at = scope.document.at([...twice.path, "primaryKeyPosition"]);
    scope.problems.push(badRule(at, "two columns have the same place in the key", "number them 1, 2, …"));
  }
  return keyed.sort((a, b) => place(a.property) - place(b.property)).map(({ property }) => property.name);
}
