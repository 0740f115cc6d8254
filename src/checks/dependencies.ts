import type { CheckPlan } from "../contract/check-plan.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { rowNumber, stagingRows } from "../warehouse/relations.ts";
import { and, asText, column, columns, exactSum, sameKey } from "../warehouse/sql-text.ts";
import { stands } from "./claims.ts";
import { butLeaving, label, type Scope } from "./verdict-parts.ts";

export type Dependency = CheckPlan["dependencies"][number];

/** SQL over a verdict row `v` (which may be missing): the row breaks the contract's dependency of that number. */
export function breaksDependency(dialect: Dialect, index: number): string {
  return dialect.hasBit("COALESCE(v._dependent, 0)", index);
}

/** What a row says of the columns that a rule determines, as one value; NULL differs from every other value. */
export function dependentValue(dialect: Dialect, { determines }: Dependency, alias: string): string {
  return dialect.rowHash(determines.map((name) => asText(column(dialect, alias, name))));
}

/** True where a row has values in all determinants. */
export function isDetermined(dialect: Dialect, { determinants }: Dependency, alias: string): string {
  return and(determinants.map((name) => `${column(dialect, alias, name)} IS NOT NULL`));
}

/**
 * Groups of one rule whose rows differ, of a query that gives the determinants of rows and their `_value`. `_usual` is what the strict
 * majority says; NULL where there is none.
 */
export function differingGroups(dialect: Dialect, { determinants }: Dependency, values: string): string {
  const names = (alias: string) => columns(dialect, alias, determinants);
  return `SELECT ${names("n")}, MAX(CASE WHEN 2 * n._rows > n._all THEN n._value END) AS _usual
  FROM (
    SELECT ${names("c")}, c._value, c._rows, ${exactSum(dialect, "c._rows")} OVER (PARTITION BY ${names("c")}) AS _all
    FROM (
      SELECT ${names("r")}, r._value, COUNT(*) AS _rows
      FROM (
        ${values}
      ) r GROUP BY ${names("r")}, r._value
    ) c
  ) n GROUP BY ${names("n")} HAVING COUNT(*) > 1`;
}

/** Conditions under which a row of a differing group breaks its rule: none, but where only those outside its majority do. */
export function outlierConditions(dialect: Dialect, rule: Dependency, { row, group }: { row: string; group: string }): string[] {
  return rule.majority ? [`(${group}._usual IS NULL OR ${dependentValue(dialect, rule, row)} <> ${group}._usual)`] : [];
}

/** `FROM … WHERE …`: the rows of a relation that break a rule among themselves, under its alias; `among` narrows the groups that are looked at. */
export function rowsThatDiffer(
  dialect: Dialect,
  rule: Dependency,
  { relation, live, among = "" }: { relation: string; live: (alias: string) => string; among?: string },
): string {
  const values = `SELECT ${columns(dialect, "g", rule.determinants)}, ${dependentValue(dialect, rule, "g")} AS _value FROM ${relation} g${among}
        WHERE ${live("g")} AND ${isDetermined(dialect, rule, "g")}`;
  const broken = and([live("c"), ...outlierConditions(dialect, rule, { row: "c", group: "d" })]);
  return `FROM ${relation} c JOIN (
  ${differingGroups(dialect, rule, values)}
  ) d ON ${sameKey(dialect, rule.determinants, ["d", "c"])} WHERE ${broken}`;
}

function isUsed({ input }: Scope): boolean {
  return input.plan.dependencies.length > 0;
}

/** A further column of a feed that has dependencies; nothing for any other. */
export function dependentColumn(s: Scope, text: string): string {
  return isUsed(s) ? `, ${text}` : "";
}

/** The column that says a row is bad before its dependents are compared; `_own_bad` says so afterwards. */
export function ownBadColumn(s: Scope): string {
  return isUsed(s) ? "_bad_alone" : "_own_bad";
}

/**
 * Groups of one rule that labelled and published rows together say different things of, whatever of them counts in the end: no others
 * are looked at closely. Published rows are read for the determinants of labelled rows only.
 */
function divided(s: Scope, rule: Dependency): string {
  const { dialect: d, feed } = s;
  const names = (alias: string) => columns(d, alias, rule.determinants);
  return `SELECT ${names("r")} FROM (
    SELECT ${names("l")}, ${dependentValue(d, rule, "l")} AS _value FROM ${label(s)} l WHERE ${isDetermined(d, rule, "l")}
    UNION ALL
    SELECT ${names("s")}, ${dependentValue(d, rule, "s")} AS _value FROM ${stagingRows(d, feed)} s
    JOIN (SELECT DISTINCT ${names("l")} FROM ${label(s)} l) t ON ${sameKey(d, rule.determinants, ["t", "s"])}
    WHERE s._deleted_at IS NULL
  ) r GROUP BY ${names("r")} HAVING MIN(r._value) <> MAX(r._value)`;
}

/** Live published rows of divided groups, but for those that leave with the batch. */
function peers(s: Scope, rule: Dependency, index: number): string {
  const { dialect: d, feed } = s;
  const names = [...new Set([...feed.sourceKey, ...rule.determinants])];
  return `SELECT ${columns(d, "s", names)}, ${dependentValue(d, rule, "s")} AS _value
  FROM ${stagingRows(d, feed)} s JOIN divided_${index} t ON ${sameKey(d, rule.determinants, ["t", "s"])}
  WHERE s._deleted_at IS NULL${butLeaving(s)}`;
}

/** Common table expressions of the groups whose rows are to be compared; none where no rule asks for it. */
export function dividedGroups(s: Scope): string {
  return s.input.plan.dependencies
    .flatMap((rule, i) => [`divided_${i} AS (${divided(s, rule)})`, `peers_${i} AS (${peers(s, rule, i)})`])
    .map((expression) => `\n${expression},`)
    .join("");
}

/** Rows of divided groups, and those whose published rows are in one: by their new content they may be elsewhere. */
export function dividedRows(s: Scope): string {
  const { dialect: d, feed, input } = s;
  const row = `SELECT ${rowNumber(d, "l")} AS _row FROM ${label(s)} l`;
  return input.plan.dependencies
    .flatMap((rule, i) => [
      `${row} JOIN divided_${i} g ON ${sameKey(d, rule.determinants, ["g", "l"])}`,
      `${row} JOIN peers_${i} p ON ${sameKey(d, feed.sourceKey, ["p", "l"])}`,
    ])
    .map((select) => `\n  UNION\n  ${select}`)
    .join("");
}

/** Rows that stand for their source keys, each content once. */
function standing(s: Scope): string {
  const { dialect: d, feed, input } = s;
  const names = [...new Set([...feed.sourceKey, ...input.plan.dependencies.flatMap((rule) => rule.columns)])];
  return `SELECT DISTINCT ${columns(d, "j", names)}, j._hash FROM judged j WHERE ${stands(["j._bad_alone", "j._unreadable"])}`;
}

/** Groups of one rule whose rows differ: those that stand, and the published ones whose source keys none of them stands for. */
function groups(s: Scope, rule: Dependency, index: number): string {
  const { dialect: d, feed } = s;
  const names = (alias: string) => columns(d, alias, rule.determinants);
  const [key = ""] = feed.sourceKey;
  return differingGroups(
    d,
    rule,
    `SELECT ${names("t")}, ${dependentValue(d, rule, "t")} AS _value FROM standing t WHERE ${isDetermined(d, rule, "t")}
        UNION ALL
        SELECT ${names("p")}, p._value FROM peers_${index} p
        LEFT JOIN (SELECT DISTINCT ${columns(d, "t", feed.sourceKey)} FROM standing t) o ON ${sameKey(d, feed.sourceKey, ["o", "p"])}
        WHERE ${column(d, "o", key)} IS NULL`,
  );
}

function bitOf({ dialect: d }: Scope, rule: Dependency, index: number): string {
  const [first = ""] = rule.determinants;
  const alias = `g${index}`;
  const breaks = and([`${column(d, alias, first)} IS NOT NULL`, ...outlierConditions(d, rule, { row: "j", group: alias })]);
  return `CASE WHEN ${breaks} THEN ${(1n << BigInt(index)).toString()} ELSE 0 END`;
}

/**
 * Common table expressions behind `judged` that compare what rows say of the same determinants, and the relation that holds its rows
 * afterwards: with `_dependent`, a mask of the dependencies that a row breaks. A row that something else of its own keeps out is not compared.
 */
export function compareDependents(s: Scope): { readonly expressions: string; readonly relation: string } {
  const { dialect: d } = s;
  const rules = s.input.plan.dependencies;
  if (!isUsed(s)) return { expressions: "", relation: "judged" };
  const joins = rules.map((rule, i) => `\n    LEFT JOIN conflict_${i} g${i} ON ${sameKey(d, rule.determinants, [`g${i}`, "j"])}`);
  const bits = rules.map((rule, i) => bitOf(s, rule, i)).join(" + ");
  const bad = rules.reduce((mask, rule, i) => (rule.severity === "warn" ? mask : mask | (1n << BigInt(i))), 0n);
  const expressions = [
    `standing AS (${standing(s)})`,
    ...rules.map((rule, i) => `conflict_${i} AS (${groups(s, rule, i)})`),
    `compared AS (
  SELECT c.*, (c._bad_alone OR ${d.hasAnyBit("c._dependent", bad)}) AS _own_bad
  FROM (
    SELECT j.*, CAST(CASE WHEN ${stands(["j._bad_alone", "j._unreadable"])} THEN ${bits} ELSE 0 END AS BIGINT) AS _dependent
    FROM judged j${joins.join("")}
  ) c
)`,
  ];
  return { expressions: expressions.map((text) => `\n${text},`).join(""), relation: "compared" };
}
