import { z } from "zod";
import type { Column, ColumnType, Contract, DerivedColumn, DerivedPart } from "./contract.ts";
import { customValue, type PropertyPlace } from "./custom-property.ts";
import type { OdcsObject } from "./odcs-schema.ts";
import { badDerived } from "./problems.ts";

const DerivedSchema = z.record(z.string(), z.string().min(1));

/** What may stand between two columns: it begins with one of these. */
const SEPARATORS = [":", "/", "|", "#"];

/** `stripe:{id}` → its texts and, between braces, names; null where braces do not close, or hold no name. */
function templateParts(template: string): DerivedPart[] | null {
  const parts = template.split(/(\{[^{}]*\})/).filter((part) => part !== "");
  const isNamed = (part: string | undefined) => part?.startsWith("{") === true;
  if (parts.some((part) => (isNamed(part) ? part === "{}" : /[{}]/.test(part)))) return null;
  return parts.map((part, i) => {
    if (!isNamed(part)) return { text: part };
    const isFollowed = parts.slice(i + 1).some(isNamed);
    return { column: part.slice(1, -1), ends: isFollowed ? (parts[i + 1] ?? "").slice(0, 1) : null };
  });
}

const namedIn = (parts: readonly DerivedPart[]) => parts.flatMap((part) => ("column" in part ? [part] : []));

/** What is wrong with the name of a derived column. */
function nameFault(name: string, columns: readonly Column[]): Fault | undefined {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) return { says: "has a name with more than a-z, 0-9 and _", next: "rename it" };
  if (name === "rowid") return { says: "has a name that is the engine's own", next: "rename it" };
  const isTaken = columns.some((c) => c.name.toLowerCase() === name);
  return isTaken ? { says: "is a column of the contract too", next: "rename it" } : undefined;
}

interface Fault {
  readonly says: string;
  readonly next: string;
}

const EXAMPLE = "write texts and names of columns between braces, as in stripe:{id}";

/** What is wrong with a template; undefined where nothing is. */
function templateFault(parts: readonly DerivedPart[] | null, columns: readonly Column[]): Fault | undefined {
  if (parts === null) return { says: "has braces that do not hold the name of a column", next: EXAMPLE };
  const named = namedIn(parts);
  if (named.length === 0) return { says: "names no column", next: EXAMPLE };
  const isFit = (name: string) => ["string", "integer"].includes(columns.find((c) => c.name === name)?.type.kind ?? "");
  const unfit = named.find(({ column }) => !isFit(column));
  if (unfit) {
    const says = `is made of "${unfit.column}", which is no column that is a string or an integer`;
    return { says, next: `name some of ${columns.map((c) => c.name).join(", ")}` };
  }
  const apart = named.every(({ ends }) => ends === null || SEPARATORS.includes(ends));
  return apart
    ? undefined
    : {
        says: "has columns side by side, and unlike rows could make one text",
        next: `put one of ${SEPARATORS.join(" ")} between them`,
      };
}

/** The columns that staging has beside those that a feed brings: texts made of others of the row, by a template each. */
export function derivedColumns(object: OdcsObject, columns: readonly Column[], place: PropertyPlace): DerivedColumn[] {
  const said = customValue(object, { name: "derived", schema: DerivedSchema }, place);
  return Object.entries(said?.value ?? {}).flatMap(([name, template]) => {
    const parts = templateParts(template);
    const at = place.scope.document.at([...(said?.at ?? []), name]);
    const fault = nameFault(name, columns) ?? templateFault(parts, columns);
    if (fault) place.scope.problems.push(badDerived(at, { name, ...fault }));
    if (fault || parts === null) return [];
    const named = namedIn(parts).map(({ column }) => column);
    return [{ name, template, parts, pii: columns.some((c) => c.pii && named.includes(c.name)), at }];
  });
}

/** A column of a staging table that people read. */
export interface StagedColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly pii: boolean;
}

/** The columns of a feed's staging table that people and models read: those that the feed brings, then those that are made of them. */
export function stagedColumns({ columns, derived }: Pick<Contract, "columns" | "derived">): StagedColumn[] {
  return [...columns, ...derived.map(({ name, pii }) => ({ name, pii, type: { kind: "string" } as const }))];
}
