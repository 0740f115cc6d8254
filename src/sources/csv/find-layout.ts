import { inconsistent, unknownName } from "../../config/problems.ts";
import type { Column } from "../../contract/contract.ts";
import { checkShape } from "../../contract/schema-problems.ts";
import { readYaml, type YamlDocument, type YamlPath } from "../../contract/yaml-document.ts";
import { Failure, type Problem } from "../../kernel/problem.ts";
import type { PartnersLayout } from "./files/partners-layout.ts";
import { LayoutSchema, layoutFaults, layoutLacks, layoutOf, layoutUses } from "./layout-schema.ts";

/** A layout as it stands in a source file. */
interface Place {
  /** `feed.layout` */
  readonly full: string;
  readonly name: string;
  readonly path: YamlPath;
  readonly value: unknown;
}

function membersOf(value: unknown, key: string): [string, unknown][] {
  const member = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return typeof member === "object" && member !== null ? Object.entries(member) : [];
}

/** Every layout of every feed of a source file. Nothing else of it is looked at. */
function placesIn(document: YamlDocument): Place[] {
  return membersOf(document.value, "feeds").flatMap(([feed, entry]) =>
    membersOf(entry, "layouts").map(([name, value]) => ({
      full: `${feed}.${name}`,
      name,
      path: ["feeds", feed, "layouts", name],
      value,
    })),
  );
}

function onlyPlace(document: YamlDocument, written: string): Place | Problem {
  const places = placesIn(document);
  const found = places.filter(({ name, full }) => name === written || full === written);
  const exact = found.find(({ full }) => full === written);
  const [only, ...more] = exact ? [exact] : found;
  if (!only) {
    const known = places.map(({ name, full }) => (places.filter((other) => other.name === name).length > 1 ? full : name));
    return unknownName(document.at(["feeds"], "key"), { kind: "layout", written }, known);
  }
  if (more.length === 0) return only;
  const says = `several feeds have a layout "${written}"`;
  const next = `say whose: ${found.map(({ full }) => `--layout ${full}`).join(" or ")}`;
  return inconsistent(document.at(only.path, "key"), says, next);
}

/** Columns that the layout names must be the contract's, and of the types that it speaks of. */
function checkUses(document: YamlDocument, uses: ReturnType<typeof layoutUses>, columns: readonly Column[]): Problem[] {
  return uses.flatMap(({ name, at, types }) => {
    const column = columns.find((c) => c.name === name);
    if (!column)
      return [
        unknownName(
          document.at(at),
          { kind: "column", written: name },
          columns.map((c) => c.name),
        ),
      ];
    if (!types || types.includes(column.type.kind)) return [];
    const says = `the column "${name}" is of type ${column.type.kind}, and the layout writes it as ${types.join(" or ")}`;
    return [inconsistent(document.at(at), says, "name another column, or correct the contract")];
  });
}

/** A layout, and the file that it wants beside each file; null for none. */
export type FoundLayout = Pick<PartnersLayout, "layout" | "manifest">;

/**
 * A layout of a source file by its name, `layout` or `feed.layout`, for the columns of a contract.
 * @throws Failure `usage` where there is no such layout or something is wrong with it, at its line.
 */
export function findLayout(
  source: { readonly file: string; readonly text: string },
  name: string,
  columns: readonly Column[],
): FoundLayout {
  const { document, problems } = readYaml(source);
  if (!document) throw new Failure("usage", problems);
  const place = onlyPlace(document, name);
  if ("code" in place) throw new Failure("usage", place);
  const { path, value } = place;
  const shape = checkShape(LayoutSchema, document, { value, path, what: "layout" });
  if (!shape.value) throw new Failure("usage", shape.problems);
  const lacks = layoutLacks({ name: place.name, entry: shape.value, at: path }, columns);
  const faults = [...layoutFaults(shape.value, path), ...lacks].map(({ at, says, next }) =>
    inconsistent(document.at(at), says, next),
  );
  const wrong = [...faults, ...checkUses(document, layoutUses(shape.value, path), columns)];
  if (wrong.length > 0) throw new Failure("usage", wrong);
  return { layout: layoutOf(place.name, shape.value, columns), manifest: shape.value.manifest ?? null };
}
