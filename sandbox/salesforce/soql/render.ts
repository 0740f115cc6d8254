import type { Seen, Sight } from "../sight.ts";
import { asJson, type Fields } from "../values.ts";
import { type Column, readerOfField } from "./columns.ts";

/** Writes a row as a record of JSON. */
export type Writer = (row: Fields) => string;

const PARTS = ["City", "Country", "Latitude", "Longitude", "PostalCode", "State", "Street", "GeocodeAccuracy"];

function addressWriter(name: string, object: Seen): Writer {
  const prefix = name.replace(/Address$/, "");
  const parts = PARTS.map((part) => ({ key: part[0]?.toLowerCase() + part.slice(1), field: `${prefix}${part}` }));
  const own = object.fields.filter(({ compound }) => compound === name).map((field) => field.name);
  return (row) => {
    if (own.every((field) => (row[field] ?? null) === null)) return "null";
    return `{${parts.map(({ key, field }) => `"${key}":${asJson("string", row[field])}`).join(",")}}`;
  };
}

/** Where a record is, and of which object. */
export function attributesOf(object: string, version: string, id: string): string {
  return `{"type":"${object}","url":"/services/data/v${version}/sobjects/${object}/${id}"}`;
}

interface Cell {
  readonly key: string;
  readonly write: Writer;
}

function ownCell({ field, read }: Column, object: Seen): Cell {
  const write = field.type === "address" ? addressWriter(field.name, object) : (row: Fields) => asJson(field.type, read(row));
  return { key: field.name, write };
}

/** The cell of a row that is referred to, with the fields of it that are asked for. */
function relatedCell(key: string, columns: readonly Column[], { sight, version }: { sight: Sight; version: string }): Cell {
  const [{ through, of } = { through: null, of: "" }] = columns;
  const inner = columns.map(({ field }) => ({ field, read: readerOfField(field, sight) }));
  const write = (row: Fields) => {
    const other = sight.store.find(String(row[through?.name ?? ""] ?? ""));
    if (!other) return "null";
    const cells = inner.map(({ field, read }) => `"${field.name}":${asJson(field.type, read(other))}`);
    return `{"attributes":${attributesOf(of, version, String(other["Id"]))},${cells.join(",")}}`;
  };
  return { key, write };
}

/** How rows of an object are written as records with some columns. */
export function writerOf(columns: readonly Column[], object: Seen, more: { sight: Sight; version: string }): Writer {
  const related = new Map<string, Column[]>();
  const cells: Cell[] = [];
  for (const column of columns) {
    if (!column.through) {
      cells.push(ownCell(column, object));
      continue;
    }
    const key = column.through.relationshipName ?? "";
    const group = related.get(key) ?? [];
    if (group.length === 0) cells.push({ key, write: (row) => relatedCell(key, group, more).write(row) });
    group.push(column);
    related.set(key, group);
  }
  return (row) => {
    let json = `{"attributes":${attributesOf(object.name, more.version, String(row["Id"]))}`;
    for (const { key, write } of cells) json += `,"${key}":${write(row)}`;
    return `${json}}`;
  };
}
