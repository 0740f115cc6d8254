import type { z } from "zod";
import type { OdcsProperty } from "./odcs-schema.ts";
import { duplicateName } from "./problems.ts";
import type { Scope } from "./rule-draft.ts";
import { checkShape } from "./schema-problems.ts";
import type { YamlPath } from "./yaml-document.ts";

/** Where a property stands in its document, and what the parser shares. */
export interface PropertyPlace {
  readonly path: YamlPath;
  readonly scope: Scope;
}

/** The value of one custom property and where it stands; undefined where it is not said, or wrong and reported. */
export function customValue<T>(
  of: Pick<OdcsProperty, "customProperties">,
  { name, schema }: { name: string; schema: z.ZodType<T> },
  { path, scope }: PropertyPlace,
): { readonly value: T; readonly at: YamlPath } | undefined {
  const said = (of.customProperties ?? []).flatMap((custom, i) =>
    custom.property === name ? [{ value: custom.value, path: [...path, "customProperties", i] }] : [],
  );
  const [entry, again] = said;
  if (again) scope.problems.push(duplicateName(scope.document.at([...again.path, "property"]), "custom property", name));
  if (!entry) return undefined;
  const at = [...entry.path, "value"];
  const shape = checkShape(schema, scope.document, { value: entry.value, path: at, what: name });
  scope.problems.push(...shape.problems);
  return shape.value === undefined ? undefined : { value: shape.value, at };
}
