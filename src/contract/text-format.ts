import { z } from "zod";
import type { ColumnType } from "./contract.ts";
import { customValue, type PropertyPlace } from "./custom-property.ts";
import type { OdcsProperty } from "./odcs-schema.ts";
import { badType } from "./problems.ts";

/** A part of a date or an instant: so many digits, or the characters that stand between them. */
export type FormatPart =
  | { readonly field: "yyyy" | "MM" | "dd" | "HH" | "mm" | "ss" }
  | { readonly field: null; readonly text: string };

/** How a source spells values of a column that are no texts; every other spelling breaks the column's `type` rule. */
export type TextFormat =
  | { readonly kind: "boolean"; readonly true: readonly string[]; readonly false: readonly string[] }
  | { readonly kind: "calendar"; readonly parts: readonly FormatPart[] };

const FIELDS = ["yyyy", "MM", "dd", "HH", "mm", "ss"] as const;
const spellings = z.array(z.string()).min(1);
const BooleanSchema = z.strictObject({ true: spellings, false: spellings });
const CalendarSchema = z.string().min(1);

/** The parts of a format as it is written: `dd.MM.yyyy`, `yyyyMMdd HH:mm:ss`. */
function partsOf(written: string): FormatPart[] {
  const pieces = written.split(/(yyyy|MM|dd|HH|mm|ss)/).filter((piece) => piece !== "");
  const isField = (piece: string): piece is (typeof FIELDS)[number] => (FIELDS as readonly string[]).includes(piece);
  return pieces.map((piece) => (isField(piece) ? { field: piece } : { field: null, text: piece }));
}

/** Why a format is none for a type; undefined where it is one. */
function calendarFault(parts: readonly FormatPart[], type: "date" | "timestamp"): string | undefined {
  const count = (field: string) => parts.filter((part) => part.field === field).length;
  const letters = parts.find((part) => part.field === null && /[A-Za-z]/.test(part.text.replace(/[TZ]/g, "")));
  if (letters?.field === null) return `"${letters.text}" is no part of a format`;
  if (FIELDS.some((field) => count(field) > 1)) return "a part stands in it twice";
  if (["yyyy", "MM", "dd"].some((field) => count(field) === 0)) return "yyyy, MM and dd have to stand in it";
  const [hours, minutes, seconds] = [count("HH"), count("mm"), count("ss")];
  if (type === "date" && hours + minutes + seconds > 0) return "a date has no hours, minutes or seconds";
  if (minutes > hours || seconds > minutes) return "seconds need minutes, and minutes hours";
  return undefined;
}

function booleanFormat(property: OdcsProperty, place: PropertyPlace): TextFormat | undefined {
  const said = customValue(property, { name: "format", schema: BooleanSchema }, place);
  const both = said?.value.true.find((text) => said.value.false.includes(text));
  if (said && both !== undefined) {
    const says = `"${both}" spells true and false of "${property.name}"`;
    place.scope.problems.push(badType(place.scope.document.at(said.at), says, "write each spelling once"));
  }
  return said && { kind: "boolean", ...said.value };
}

function calendarFormat(property: OdcsProperty, type: "date" | "timestamp", place: PropertyPlace): TextFormat | undefined {
  const said = customValue(property, { name: "format", schema: CalendarSchema }, place);
  if (!said) return undefined;
  const parts = partsOf(said.value);
  const fault = calendarFault(parts, type);
  if (fault !== undefined) {
    const says = `the format "${said.value}" of "${property.name}" is none of a ${type}: ${fault}`;
    const next = `write it of yyyy, MM, dd${type === "date" ? "" : ", HH, mm, ss"} and what stands between them: dd.MM.yyyy`;
    place.scope.problems.push(badType(place.scope.document.at(said.at), says, next));
  }
  return { kind: "calendar", parts };
}

/** How a property's values are spelled at the source, by the custom property `format`; undefined where nothing is said of it. */
export function textFormat(property: OdcsProperty, type: ColumnType, place: PropertyPlace): TextFormat | undefined {
  if (type.kind === "boolean") return booleanFormat(property, place);
  if (type.kind === "date" || type.kind === "timestamp") return calendarFormat(property, type.kind, place);
  const said = customValue(property, { name: "format", schema: z.unknown() }, place);
  if (said) {
    const says = `"${property.name}" is of type ${type.kind}, which has no format`;
    const next = "formats are of boolean, date and timestamp; take it out, or correct the column's logicalType";
    place.scope.problems.push(badType(place.scope.document.at(said.at), says, next));
  }
  return undefined;
}
