import { z } from "zod";
import type { ColumnPlace, ColumnType } from "./contract.ts";
import { CONVERSIONS } from "./contract.ts";
import { customValue, type PropertyPlace } from "./custom-property.ts";
import type { OdcsObject, OdcsProperty } from "./odcs-schema.ts";
import { badType } from "./problems.ts";

/** A JSON pointer (RFC 6901) below the record; the empty one is the record itself. */
const PointerSchema = z.string().regex(/^(\/([^~/]|~[01])*)*$/, "a JSON pointer such as /period/start");
const ConversionSchema = z.enum(CONVERSIONS);

/** The types of the columns that a conversion gives values for. */
const TYPES: Readonly<Record<(typeof CONVERSIONS)[number], readonly ColumnType["kind"][]>> = {
  epoch_seconds: ["timestamp", "date"],
  upper_case: ["string"],
  json: ["string"],
  "stripe@1": ["integer"],
};

/** Where in a record the list stands whose elements are the rows: a JSON pointer; undefined where a record is a row. */
export function rowsPlace(object: OdcsObject, place: PropertyPlace): string | undefined {
  return customValue(object, { name: "rows", schema: PointerSchema }, place)?.value;
}

/** Where a property's value stands in a record of JSON, and what is made of it; undefined where nothing is said of it. */
export function columnPlace(property: OdcsProperty, type: ColumnType, place: PropertyPlace): ColumnPlace | undefined {
  const pointer = customValue(property, { name: "path", schema: PointerSchema }, place);
  const conversion = customValue(property, { name: "conversion", schema: ConversionSchema }, place);
  const { problems, document } = place.scope;
  if (conversion && !TYPES[conversion.value].includes(type.kind)) {
    const says = `"${property.name}" is of type ${type.kind}; ${conversion.value} gives ${TYPES[conversion.value].join(" or ")}`;
    problems.push(badType(document.at(conversion.at), says, "correct the conversion, or the column's logicalType"));
  }
  if (conversion && !pointer) {
    const says = `"${property.name}" has a conversion, and no path says of what`;
    problems.push(badType(document.at(conversion.at), says, "add the custom property path: a JSON pointer such as /created"));
  }
  return pointer && { pointer: pointer.value, conversion: conversion?.value ?? null };
}
