import { nearest } from "../kernel/nearest.ts";
import { type Position, type Problem, problem } from "../kernel/problem.ts";

const SYNTAX: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: "the file holds more than one YAML document",
  TAB_AS_INDENT: "a tab is used as indentation",
  BAD_INDENT: "the indentation does not fit the lines around it",
  BAD_ALIAS: "an alias names an anchor that does not exist",
  MISSING_CHAR: "a closing quote, bracket or separator is missing",
  BAD_DQ_ESCAPE: "a double-quoted text holds an unknown escape",
};

/** "did you mean …" when a spelling is close, then everything that is allowed. */
function suggestion(written: string, allowed: readonly string[]): string {
  const close = nearest(written, allowed);
  const all = allowed.length > 0 ? `allowed here: ${allowed.join(", ")}` : "remove it";
  return close ? `did you mean "${close}"? ${all}` : all;
}

export function invalidYaml(at: Position, code: string): Problem {
  const says = SYNTAX[code] ?? `this is not valid YAML (${code.toLowerCase().replaceAll("_", " ")})`;
  return problem({ code: "yaml.syntax", at, says, next: "correct the YAML at this position" });
}

export function reservedKey(at: Position, key: string): Problem {
  return problem({
    code: "yaml.reserved_key",
    at,
    says: `nothing can be called "${key}"`,
    next: "give it another name",
  });
}

export function duplicateKey(at: Position, key: string): Problem {
  return problem({
    code: "yaml.duplicate_key",
    at,
    says: `the key "${key}" stands twice in one map`,
    next: "keep one of the two",
  });
}

export function aliasBomb(at: Position, tooMany: boolean): Problem {
  const says = tooMany ? "the aliases of this file expand to more than 100 copies" : "the YAML values cannot be resolved";
  return problem({ code: "yaml.aliases", at, says, next: "write the values out, or use fewer aliases" });
}

export function missingVariable(at: Position, name: string): Problem {
  return problem({
    code: "yaml.variable",
    at,
    says: `the environment variable ${name} is not set and has no default`,
    next: `export ${name}=…, or write \${${name}:-default}`,
  });
}

/** Its value would stand where a name is expected, and names are printed. */
export function nameSubstituted(at: Position, key: string): Problem {
  return problem({
    code: "yaml.name_substituted",
    at,
    says: `"${key}" is the name of a variable; \${…} would put its value there`,
    next: `write the name alone: ${key}: STRIPE_KEY`,
  });
}

export function unknownKey(at: Position, key: string, allowed: readonly string[]): Problem {
  return problem({ code: "yaml.unknown_key", at, says: `unknown key "${key}"`, next: suggestion(key, allowed) });
}

/** A key that another alternative of a union has: `by` tells the alternatives apart, `here` is the one that is written. */
export function keyOfAnother(
  at: Position,
  { key, by, of, what, here }: { key: string; by: string; of: readonly string[]; what: string; here: string },
  allowed: readonly string[],
): Problem {
  const says = `"${key}" is a key of ${by} ${of.join(" or ")}; this ${what} is of ${by} ${here}`;
  return problem({ code: "yaml.unknown_key", at, says, next: `remove it; allowed here: ${allowed.join(", ")}` });
}

export function missingKey(at: Position, key: string, expected: string): Problem {
  return problem({ code: "yaml.missing_key", at, says: `the key "${key}" is missing`, next: `add ${key}: ${expected}` });
}

export function wrongValue(at: Position, key: string, expected: string): Problem {
  return problem({ code: "yaml.wrong_value", at, says: `"${key}" must be ${expected}`, next: `write ${expected} here` });
}

/** A value outside a closed list; `written` is the text in the file, never a substituted one. */
export function notAllowed(at: Position, what: { key: string; written: string }, allowed: readonly string[]): Problem {
  return problem({
    code: "yaml.not_allowed",
    at,
    says: `"${what.written}" is not a value of ${what.key}`,
    next: suggestion(what.written, allowed),
  });
}

/** The standard knows it, this engine would silently not do it: so it is refused. */
export function notExecuted(at: Position, what: string, instead = "remove it"): Problem {
  return problem({ code: "contract.not_executed", at, says: `${what} is not executed by ledgerloop`, next: instead });
}

export function unknownColumn(at: Position, column: string, columns: readonly string[]): Problem {
  const close = nearest(column, columns);
  return problem({
    code: "contract.unknown_column",
    at,
    says: `there is no column "${column}"`,
    next: `${close ? `did you mean "${close}"? ` : ""}columns: ${columns.join(", ")}`,
  });
}

/** A name that the engine gives to columns of its own. */
export function reservedName(at: Position, name: string): Problem {
  return problem({
    code: "contract.reserved_name",
    at,
    says: `a column cannot be named "${name}": rowid and names with a leading _ are the engine's own`,
    next: "read the column under another name, through a view at the source, or leave it out",
  });
}

export function sameButForCase(at: Position, name: string, other: string): Problem {
  return problem({
    code: "contract.same_but_for_case",
    at,
    says: `the columns "${other}" and "${name}" differ in case alone, which a warehouse may not tell apart`,
    next: "read one of them under another name, through a view at the source, or leave it out",
  });
}

export function duplicateName(at: Position, what: string, name: string): Problem {
  return problem({ code: "contract.duplicate", at, says: `the ${what} "${name}" is used twice`, next: `rename one of the two` });
}

/** A rule or a type that cannot be understood; `says` is a whole sentence of this catalogue's callers. */
export function badRule(at: Position, says: string, next: string): Problem {
  return problem({ code: "contract.rule", at, says, next });
}

export function badType(at: Position, says: string, next: string): Problem {
  return problem({ code: "contract.type", at, says, next });
}

/** A column that a template makes, which it cannot. */
export function badDerived(at: Position, { name, says, next }: { name: string; says: string; next: string }): Problem {
  return problem({ code: "contract.derived", at, says: `the derived column "${name}" ${says}`, next });
}

export function missingOwner(at: Position): Problem {
  return problem({
    code: "contract.owner",
    at,
    says: "the contract names no owner",
    next: "add team: {name: <a team of pipeline.yaml owners>}",
  });
}

export function badPattern(at: Position, reason: string): Problem {
  return problem({
    code: "contract.pattern",
    at,
    says: `the pattern ${reason}`,
    next: "write it in the part of the syntax that ECMA-262 and RE2 share (no lookaround, no backreference)",
  });
}
