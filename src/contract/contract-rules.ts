import type { OdcsObject } from "./odcs-schema.ts";
import { duplicateName } from "./problems.ts";
import { primaryKeyRule, propertyRules } from "./property-rules.ts";
import { qualityRules } from "./quality-rules.ts";
import { relationshipRule } from "./relationship-rules.ts";
import type { Rule } from "./rule.ts";
import { type RuleDraft, type Scope, sealRule } from "./rule-draft.ts";

const OBJECT = ["schema", 0];

/** Where the properties of the one schema object stand in a document. */
export const PROPERTIES = [...OBJECT, "properties"];

/**
 * Kinds without parameters: an explicit entry on the same columns replaces what a key implies, with its own severity. One that compares
 * keys by their normal form stands beside it.
 */
const REPLACEABLE: ReadonlySet<Rule["kind"]> = new Set(["required", "unique"] as const);

/** All rules of a schema object, implied ones first, with fingerprints; reports ids that are used twice. */
export function contractRules(object: OdcsObject, primaryKey: readonly string[], scope: Scope): Rule[] {
  const implied = impliedRules(object, primaryKey, scope);
  const explicit = explicitRules(object, scope);
  return uniqueIds([...withoutReplaced(implied, explicit), ...explicit], scope).map(sealRule);
}

function impliedRules(object: OdcsObject, primaryKey: readonly string[], scope: Scope): RuleDraft[] {
  const ofProperties = object.properties.flatMap((property, i) => {
    const path = [...PROPERTIES, i];
    const key = primaryKey[0] === property.name ? primaryKeyRule(primaryKey, path, scope) : [];
    const references = (property.relationships ?? []).flatMap((r, k) =>
      relationshipRule(r, { path: [...path, "relationships", k], scope, column: property.name }),
    );
    return [...propertyRules(property, path, scope), ...key, ...references];
  });
  const references = (object.relationships ?? []).flatMap((r, k) =>
    relationshipRule(r, { path: [...OBJECT, "relationships", k], scope }),
  );
  return [...ofProperties, ...references];
}

function explicitRules(object: OdcsObject, scope: Scope): RuleDraft[] {
  const ofProperties = object.properties.flatMap((property, i) =>
    (property.quality ?? []).flatMap((q, k) =>
      qualityRules(q, { path: [...PROPERTIES, i, "quality", k], scope, column: property.name }),
    ),
  );
  const ofObject = (object.quality ?? []).flatMap((q, k) => qualityRules(q, { path: [...OBJECT, "quality", k], scope }));
  return [...ofProperties, ...ofObject];
}

function withoutReplaced(implied: readonly RuleDraft[], explicit: readonly RuleDraft[]): RuleDraft[] {
  const sameRule = (a: RuleDraft, b: RuleDraft): boolean =>
    a.kind === b.kind &&
    REPLACEABLE.has(a.kind) &&
    !(a.kind === "unique" && a.normalise) &&
    [...a.columns].sort().join("\n") === [...b.columns].sort().join("\n");
  return implied.filter(
    (rule, i) => !explicit.some((e) => sameRule(e, rule)) && !implied.slice(0, i).some((e) => sameRule(e, rule)),
  );
}

function uniqueIds(drafts: RuleDraft[], scope: Scope): RuleDraft[] {
  const seen = new Set<string>();
  for (const draft of drafts) {
    if (seen.has(draft.id) && draft.at) scope.problems.push(duplicateName(draft.at, "rule id", draft.id));
    seen.add(draft.id);
  }
  return drafts;
}
