import { readFileSync } from "node:fs";

type Shape = string | readonly Shape[] | { readonly [name: string]: Shape };

/** The shapes of `docs/json.md` by command. */
export function documentedShapes(): Map<string, Shape> {
  const sections = readFileSync("docs/json.md", "utf8").split(/^## /m).slice(1);
  return new Map(
    sections.flatMap((section) => {
      const json = /```json\n([\s\S]*?)```/.exec(section)?.[1];
      return json === undefined ? [] : [[section.split("\n")[0] ?? "", JSON.parse(json) as Shape] as const];
    }),
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function fitsOne(type: string, value: unknown): boolean {
  if (type === "any") return true;
  if (type === "null") return value === null;
  if (type === "text") return typeof value === "string";
  if (type === "amount") return typeof value === "number" || (typeof value === "string" && /^-?\d+$/.test(value));
  if (type.startsWith("'")) return value === type.slice(1, -1);
  return typeof value === type;
}

function members(shape: Readonly<Record<string, Shape>>, value: Record<string, unknown>, at: string): string[] {
  const any = shape["*"];
  if (any !== undefined) return Object.entries(value).flatMap(([name, member]) => misfits(any, member, `${at}.${name}`));
  const of = new Map(
    Object.entries(shape).map(([name, inner]) => [name.replace(/[?]$/, ""), { inner, mayBeNull: name.endsWith("?") }]),
  );
  const missing = [...of.keys()].filter((name) => !(name in value));
  const surplus = Object.keys(value).filter((name) => !of.has(name));
  return [
    ...missing.map((name) => `${at}.${name} is documented and missing`),
    ...surplus.map((name) => `${at}.${name} is not documented`),
    ...[...of].flatMap(([name, { inner, mayBeNull }]) =>
      !(name in value) || (mayBeNull && value[name] === null) ? [] : misfits(inner, value[name], `${at}.${name}`),
    ),
  ];
}

/** Where a document is not what the page says; an empty list when it fits. */
export function misfits(shape: Shape, value: unknown, at = "$"): string[] {
  if (typeof shape === "string") {
    return shape.split(" | ").some((type) => fitsOne(type, value)) ? [] : [`${at} is ${JSON.stringify(value)}, not ${shape}`];
  }
  if (Array.isArray(shape)) {
    const [element = "any"] = shape as readonly Shape[];
    return Array.isArray(value) ? value.flatMap((item, i) => misfits(element, item, `${at}[${i}]`)) : [`${at} is no list`];
  }
  return isObject(value) ? members(shape as Readonly<Record<string, Shape>>, value, at) : [`${at} is no object`];
}
