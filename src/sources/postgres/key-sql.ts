import pg from "pg";
import type { Feed } from "../../config/pipeline.ts";
import type { ColumnType } from "../../contract/contract.ts";
import { Failure } from "../../kernel/problem.ts";
import type { KeyTexts } from "../contents.ts";
import { keyNotTellable } from "../problems.ts";
import { baseType, type Relation } from "./catalog.ts";

const identifier = pg.escapeIdentifier;
const literal = pg.escapeLiteral;

const INSTANT = /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?(?:[+-]\d\d(?::\d\d)?)?$/;

/** Types of the server's, the type in which their values are compared with texts, and which texts have a value of it. */
const FORMS: readonly { readonly base: RegExp; readonly type: string; readonly texts: RegExp }[] = [
  { base: /^(?:smallint|integer|bigint)$/, type: "bigint", texts: /^-?\d{1,18}$/ },
  { base: /^numeric/, type: "numeric", texts: /^-?\d{1,100}(?:\.\d{1,100})?$/ },
  { base: /^double precision$/, type: "double precision", texts: /^-?\d{1,100}(?:\.\d{1,100})?$/ },
  { base: /^date$/, type: "date", texts: /^\d{4,6}-\d\d-\d\d$/ },
  { base: /^timestamp.* without/, type: "timestamp without time zone", texts: INSTANT },
  { base: /^timestamp.* with /, type: "timestamp with time zone", texts: INSTANT },
  { base: /^boolean$/, type: "boolean", texts: /^(?:t|f|true|false)$/ },
  { base: /^uuid$/, type: "uuid", texts: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i },
  { base: /^(?:text|character varying(?:\(\d+\))?)$/, type: "text", texts: /^/ },
];

/**
 * The condition of rows whose keys are among some: by value, so that another way to write a number or an instant is the same key, and an index over
 * the key can answer it; as texts where a text has no value of the column's type.
 */
function isAmong(feed: Feed, found: Relation, keys: KeyTexts): string {
  const columns = feed.sourceKey.map((name, i) => {
    const base = baseType(found, name);
    const texts = keys.map((key) => key[i] ?? "");
    const form = FORMS.find((one) => one.base.test(base) && texts.every((text) => one.texts.test(text)));
    const own = form ? identifier(name) : `concat(${identifier(name)})`;
    return { own, values: `array[${texts.map(literal).join(", ")}]::${form?.type ?? "text"}[]` };
  });
  const own = columns.map((c) => c.own).join(", ");
  return `(${own}) in (select * from unnest(${columns.map((c) => c.values).join(", ")}))`;
}

/** The condition of rows that have some keys. */
export function hasOneOf(feed: Feed, found: Relation, keys: KeyTexts): string {
  const complete = keys.filter((key) => !key.includes(null));
  const isNull = feed.sourceKey.map((name) => `${identifier(name)} is null`).join(" or ");
  const wanted = [
    ...(complete.length > 0 ? [isAmong(feed, found, complete)] : []),
    ...(complete.length < keys.length ? [isNull] : []),
  ];
  return wanted.length === 0 ? "false" : `(${wanted.join(" or ")})`;
}

/** Types of the server's in which a key of a contract's type is found by its value, however the source writes it; a text is what was landed. */
const TELLABLE: Readonly<Record<Exclude<ColumnType["kind"], "string">, RegExp>> = {
  integer: /^(?:smallint|integer|bigint|numeric.*)$/,
  decimal: /^(?:smallint|integer|bigint|numeric.*|double precision)$/,
  date: /^date$/,
  timestamp: /^timestamp/,
  boolean: /^boolean$/,
};

/**
 * Refuses to read by keys where a key that is not found need not be gone: where the source writes texts of which the contract makes numbers or instants,
 * nobody knows what it has written.
 * @throws Failure `incomplete`.
 */
export function requireTellable(feed: Feed, found: Relation): void {
  for (const name of feed.sourceKey) {
    const type = feed.contract.columns.find((c) => c.name === name)?.type ?? { kind: "string" as const };
    const base = baseType(found, name);
    if (type.kind !== "string" && !TELLABLE[type.kind].test(base)) {
      throw new Failure("incomplete", keyNotTellable({ feed: feed.id, column: name, base, type: type.kind }));
    }
  }
}
