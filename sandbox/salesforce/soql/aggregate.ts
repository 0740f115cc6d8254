import { malformed, Refusal } from "../api/refusal.ts";
import { type Decimal, decimal, divided, plus, textOfDecimal } from "../decimals.ts";
import type { Seen, Sight } from "../sight.ts";
import { asJson, type Fields, type FieldType, isNumeric, type Value } from "../values.ts";
import { type Column, columnOf } from "./columns.ts";
import { matching, orderedBy, type Plan, type Reach, sorted } from "./execute.ts";
import type { Selected, Soql } from "./syntax.ts";
import { comparerOf } from "./where.ts";

/** Whether a query asks for more, or for less, than rows. */
export function isAggregate({ selected, groupBy }: Soql): boolean {
  return groupBy.length > 0 || selected.some(({ kind }) => kind === "aggregate");
}

/** Whether a query is `SELECT COUNT() FROM …`. */
export function isBareCount({ selected }: Soql): boolean {
  const [only] = selected;
  return selected.length === 1 && only?.kind === "aggregate" && only.of === "COUNT" && only.field === null;
}

const PLACES = 10;

/** A value in the org's own currency: aggregates of a currency field are always in that. */
function inCorporate(column: Column, sight: Sight): (row: Fields) => Value {
  if (column.field.type !== "currency" || sight.corporate === null || column.through) return column.read;
  return (row) => {
    const [value, currency] = [column.read(row), String(row["CurrencyIsoCode"])];
    if (value === null || currency === sight.corporate) return value;
    return textOfDecimal(divided(decimal(String(value)), decimal(sight.rate(currency)), PLACES));
  };
}

const ZERO: Decimal = { units: 0n, scale: 0 };

const sum = (values: readonly Value[]) => values.reduce((total, value) => plus(total, decimal(String(value))), ZERO);

function average(values: readonly Value[]): string {
  return textOfDecimal(divided(sum(values), { units: BigInt(values.length), scale: 0 }, PLACES));
}

/** What a query answers with for a group, beside its name. */
interface Output {
  readonly name: string;
  json(rows: readonly Fields[]): string;
  /** The value by which groups are sorted. */
  readonly column: Column | null;
}

function extreme(values: readonly Value[], type: FieldType, sign: 1 | -1): Value {
  const compare = comparerOf(type);
  return values.reduce((best, value) => (best === null || compare(value, best) * sign > 0 ? value : best), null);
}

function aggregateOf(of: string, values: readonly Value[], type: FieldType): string {
  switch (of) {
    case "COUNT":
      return String(values.length);
    case "COUNT_DISTINCT":
      return String(new Set(values).size);
    case "MIN":
    case "MAX":
      return asJson(type, extreme(values, type, of === "MAX" ? 1 : -1));
    default: {
      if (values.length === 0) return "null";
      return of === "SUM" ? asJson(type, textOfDecimal(sum(values))) : asJson("double", average(values));
    }
  }
}

function outputOf(one: Selected, name: string, { object, sight, soql }: Plan): Output {
  if (one.kind === "field") {
    const column = columnOf(one.field, object, sight);
    if (!soql.groupBy.some((group) => group.toLowerCase() === one.field.toLowerCase())) {
      throw malformed(`Field must be grouped or aggregated: ${column.name}`);
    }
    return { name, column, json: ([row]) => (row ? asJson(column.field.type, column.read(row)) : "null") };
  }
  const { of } = one;
  if (one.field === null) return { name, column: null, json: (rows) => String(rows.length) };
  const column = columnOf(one.field, object, sight);
  const { type } = column.field;
  const isSum = of === "SUM" || of === "AVG";
  if ((isSum && !isNumeric(type)) || type === "address" || (!isSum && of !== "COUNT" && type === "boolean")) {
    throw malformed(`field ${column.name} does not support aggregate operator ${of}`);
  }
  const read = inCorporate(column, sight);
  return {
    name,
    column: null,
    json: (rows) =>
      aggregateOf(
        of,
        rows.map(read).filter((value) => value !== null),
        type,
      ),
  };
}

function outputsOf(plan: Plan): Output[] {
  let unnamed = 0;
  return plan.soql.selected.map((one) => {
    if (one.alias !== null) return outputOf(one, one.alias, plan);
    if (one.kind === "aggregate") return outputOf(one, `expr${unnamed++}`, plan);
    return outputOf(one, columnOf(one.field, plan.object, plan.sight).field.name, plan);
  });
}

function groupsOf(rows: readonly Fields[], columns: readonly Column[]): Fields[][] {
  if (columns.length === 0) return [[...rows]];
  const groups = new Map<string, Fields[]>();
  for (const row of rows) {
    const key = JSON.stringify(columns.map(({ read }) => read(row)));
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}

function groupOrder(plan: Plan, columns: readonly Column[]): ((a: Fields[], b: Fields[]) => number)[] {
  return plan.soql.orderBy.map(({ field, descending, nullsLast }) => {
    const { name, read, field: sortedBy } = columnOf(field, plan.object, plan.sight);
    if (!columns.some((column) => column.name === name)) throw malformed(`Ordered field must be grouped or aggregated: ${name}`);
    const compare = orderedBy({ descending, nullsLast }, sortedBy.type);
    return ([left], [right]) => compare(left ? read(left) : null, right ? read(right) : null);
  });
}

const MOST_GROUPS = 2000;

function groupable(columns: readonly Column[], object: Seen): void {
  for (const { field, name } of columns) {
    if (["textarea", "address", "datetime", "currency", "double", "percent"].includes(field.type)) {
      throw malformed(`field '${name}' can not be grouped in a query call on ${object.name}`);
    }
  }
}

/** The records of an aggregate query as JSON. Refuses what cannot be aggregated or grouped, and more than 2,000 groups. */
export function aggregated(plan: Plan, reach: Reach): string[] {
  const { soql, object, sight } = plan;
  const columns = soql.groupBy.map((field) => columnOf(field, object, sight));
  groupable(columns, object);
  const outputs = outputsOf(plan);
  const order = groupOrder(plan, columns);
  const groups = sorted(groupsOf(matching(plan, reach), columns), order).slice(soql.offset ?? 0);
  const shown = soql.limit === null ? groups : groups.slice(0, soql.limit);
  if (shown.length > MOST_GROUPS) {
    throw new Refusal(500, "EXCEEDED_MAX_AGGREGATE", {
      message: "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch",
    });
  }
  return shown.map((rows) => {
    const cells = outputs.map(({ name, json }) => `${JSON.stringify(name)}:${json(rows)}`);
    return `{"attributes":{"type":"AggregateResult"},${cells.join(",")}}`;
  });
}
