import type { Position } from "../kernel/problem.ts";
import type { OdcsQuality } from "./odcs-schema.ts";
import type { Rule, Severity } from "./rule.ts";
import type { Scope } from "./rule-draft.ts";
import type { YamlPath } from "./yaml-document.ts";

interface DraftBase {
  readonly id: string;
  readonly columns: readonly string[];
  readonly severity: Severity;
  readonly nulls: "pass";
  readonly owner: string;
  readonly description?: string;
  readonly at: Position;
}

/** One `quality` entry on its way to a rule. */
export interface Entry {
  readonly value: OdcsQuality;
  readonly path: YamlPath;
  readonly scope: Scope;
  /** The property the entry stands under; absent for entries of the object. */
  readonly column?: string;
  /** What every rule has; reports a missing id where none can be derived. */
  readonly base: (kind: Rule["kind"], columns: readonly string[]) => DraftBase;
  readonly refuse: (at: YamlPath, says: string, next: string) => void;
}
