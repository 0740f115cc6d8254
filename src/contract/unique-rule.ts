import type { Implementation } from "./odcs-schema.ts";
import { present } from "./present.ts";
import { unknownColumn } from "./problems.ts";
import type { Entry } from "./quality-entry.ts";
import { NORMALISATIONS, type NormalForm } from "./rule.ts";
import type { RuleDraft } from "./rule-draft.ts";

type Unique = Extract<Implementation, { rule: "unique" }>;

/** A `unique` rule over columns that exist; empty (with a problem) where what else it names does not fit. */
export function uniqueRule(rule: Unique, columns: readonly string[], entry: Entry): RuleDraft[] {
  const by = rule.survivor?.by;
  if (by !== undefined && !entry.scope.names.includes(by)) {
    const at = entry.scope.document.at([...entry.path, "implementation", "survivor", "by"]);
    entry.scope.problems.push(unknownColumn(at, by, entry.scope.names));
    return [];
  }
  const base = entry.base("unique", columns);
  const normalise = rule.normalise && normalForm(rule.normalise, base.columns, entry);
  if (rule.normalise && !normalise) return [];
  // Beside the rule that a key implies on the same columns, which compares values.
  const id = normalise && entry.value.id === undefined ? { id: `${columns.join("_")}.unique_normalised` } : {};
  return [{ ...base, ...id, kind: "unique", ...present({ survivor: rule.survivor, normalise }) }];
}

/** The normal form of a rule's texts; undefined (with a problem) where it has none. */
function normalForm(written: readonly string[], columns: readonly string[], entry: Entry): NormalForm | undefined {
  const { types } = entry.scope;
  const texts = columns.filter((name) => types.get(name)?.kind === "string");
  if (texts.length > 0) return { forms: NORMALISATIONS.filter((form) => written.includes(form)), texts };
  const known = columns.flatMap((name) => types.get(name)?.kind ?? []);
  // A type that could not be read is a problem of its own.
  if (known.length < columns.length) return undefined;
  const named = columns.map((name, i) => `${name} (${known[i]})`).join(", ");
  entry.refuse(
    ["implementation", "normalise"],
    `"normalise" compares texts by their spelling, and there is none among ${named}`,
    "remove normalise: other types have one spelling; or give the column logicalType: string",
  );
  return undefined;
}
