import type { OdcsRelationship } from "./odcs-schema.ts";
import { badRule, notAllowed, notExecuted, unknownColumn } from "./problems.ts";
import { impliedId, type RuleDraft, type Scope } from "./rule-draft.ts";
import type { YamlPath } from "./yaml-document.ts";

/** A week: long enough for a late parent, short enough that an orphan is seen. */
const DEFAULT_HOLD_HOURS = 168;

/** One foreign key rule for a relationship; `column` is the property it stands under, if any. */
export function relationshipRule(
  relationship: OdcsRelationship,
  place: { readonly path: YamlPath; readonly scope: Scope; readonly column?: string },
): RuleDraft[] {
  const { path, scope, column } = place;
  const before = scope.problems.length;
  const from = column === undefined ? ownColumns(relationship, path, scope) : [column];
  if (column !== undefined && relationship.from !== undefined) {
    refuse(scope)([...path, "from"], "a relationship under a property starts at that property", "remove from");
  }
  const parent = target(relationship.to, [...path, "to"], scope);
  const options = holdOptions(relationship, path, scope);
  if (parent && from.length !== parent.columns.length) {
    refuse(scope)([...path, "to"], "from and to name different numbers of columns", "write as many columns on both sides");
  }
  if (!parent || scope.problems.length > before) return [];
  const base = { id: impliedId(from, "foreign_key"), columns: from, owner: scope.owner, at: scope.document.at(path) };
  return [{ ...base, kind: "foreign_key", severity: "quarantine", nulls: "pass", parent, ...options }];
}

function refuse(scope: Scope): (path: YamlPath, says: string, next: string) => void {
  return (path, says, next) => scope.problems.push(badRule(scope.document.at(path), says, next));
}

/** Columns on this contract's side of a schema-level relationship, written as `object.column`. */
function ownColumns(relationship: OdcsRelationship, path: YamlPath, scope: Scope): string[] {
  if (relationship.from === undefined) {
    refuse(scope)(path, "a relationship of the object names no from", `add from: ${scope.object}.<column>`);
    return [];
  }
  const own = target(relationship.from, [...path, "from"], scope);
  if (!own) return [];
  if (own.object !== scope.object) {
    refuse(scope)([...path, "from"], `from names "${own.object}", not this object`, `write ${scope.object}.<column>`);
  }
  const unknown = own.columns.filter((name) => !scope.names.includes(name));
  scope.problems.push(...unknown.map((name) => unknownColumn(scope.document.at([...path, "from"]), name, scope.names)));
  return own.columns;
}

/** The contract of another source's feed, by its file, which is called as the feed is: how ODCS refers to another document. */
const IN_OTHER_CONTRACT = /^(?:[\w./-]*\/)?(\w+)\.(\w+)\.odcs\.yaml#\/schema\/(\w+)\/properties\/(\w+)$/;

/** A reference into the contract of another source's feed as `source.object.column`; any other as it is. */
function shortened(reference: string): string {
  const [, source = "", feed = "", object, column] = IN_OTHER_CONTRACT.exec(reference) ?? [];
  return object === undefined || object !== feed ? reference : `${source}.${feed}.${column}`;
}

/** Splits `object.column` (or `source.object.column`) references that must all name one object. */
function target(to: string | readonly string[], path: YamlPath, scope: Scope): { object: string; columns: string[] } | undefined {
  const references = (typeof to === "string" ? [to] : to).map(shortened);
  if (references.some((r) => r.includes("/"))) {
    scope.problems.push(
      notExecuted(
        scope.document.at(path),
        "a reference by path",
        "write object.column, or source.object.odcs.yaml#/schema/object/properties/column",
      ),
    );
    return undefined;
  }
  const parts = references.map((r) => ({ object: r.slice(0, r.lastIndexOf(".")), column: r.slice(r.lastIndexOf(".") + 1) }));
  const object = parts[0]?.object;
  if (!object || parts.some((p) => p.object !== object || p.column === "")) {
    refuse(scope)(
      path,
      "a reference is object.column, and all columns of one key lie in one object",
      "write customers.customer_id",
    );
    return undefined;
  }
  return { object, columns: parts.map((p) => p.column) };
}

interface HoldOptions {
  readonly action: "hold" | "quarantine";
  readonly holdHours: number;
}

function holdOptions(relationship: OdcsRelationship, path: YamlPath, scope: Scope): HoldOptions {
  const options = (relationship.customProperties ?? []).map((custom, i) =>
    holdOption(custom, [...path, "customProperties", i], scope),
  );
  return Object.assign({ action: "hold", holdHours: DEFAULT_HOLD_HOURS }, ...options);
}

function holdOption(custom: { property: string; value: unknown }, path: YamlPath, scope: Scope): Partial<HoldOptions> {
  const { property, value } = custom;
  const at = scope.document.at([...path, "value"]);
  if (property === "action") {
    if (value === "hold" || value === "quarantine") return { action: value };
    const written = scope.document.written([...path, "value"]) ?? "this value";
    scope.problems.push(notAllowed(at, { key: "action", written }, ["hold", "quarantine"]));
  } else if (property === "holdHours") {
    if (typeof value === "number" && Number.isInteger(value) && value > 0) return { holdHours: value };
    scope.problems.push(badRule(at, "holdHours must be a whole number above 0", "write 168 for a week"));
  } else {
    const name = scope.document.at([...path, "property"]);
    scope.problems.push(
      notAllowed(name, { key: "a relationship's customProperties", written: property }, ["action", "holdHours"]),
    );
  }
  return {};
}
