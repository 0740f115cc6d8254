import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from "yaml";
import { messageOf, type Position, type Problem } from "../kernel/problem.ts";
import { aliasBomb, duplicateKey, invalidYaml, missingVariable, nameSubstituted, reservedKey } from "./problems.ts";

/** Keys and indexes that lead from the top of a document to a value. */
export type YamlPath = readonly PropertyKey[];

/** A parsed YAML file that remembers where everything was written. */
export interface YamlDocument {
  readonly file: string;
  readonly value: unknown;
  /** Where a key or a value stands; for a path that does not exist, its nearest existing ancestor. */
  at(path: YamlPath, part?: "key" | "value"): Position;
  /** A scalar exactly as it was written (before substitution), so that numbers keep every digit. */
  written(path: YamlPath): string | undefined;
}

/** What to read, and how `${VAR}` is filled. Without `env` nothing is substituted. */
export interface YamlInput {
  readonly file: string;
  readonly text: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Paths whose missing variables do not matter, such as environments that are not in use. */
  readonly unused?: (path: YamlPath) => boolean;
}

/** Keys whose value is the name of a variable and is never substituted: what it holds may be a secret. */
const NAMES = new Set<PropertyKey>(["env"]);

/** Guards against documents that grow exponentially through aliases. */
const MAX_ALIASES = 100;

/**
 * Parses one YAML 1.2 document.
 * @returns the document when the text is valid YAML, and every problem found on the way.
 */
export function readYaml(input: YamlInput): { document?: YamlDocument; problems: Problem[] } {
  const lines = new LineCounter();
  const parsed = parseDocument(input.text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file: input.file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  // An unknown tag is only a warning to the parser, but what it was meant to do would not happen.
  const faults = [...parsed.errors, ...parsed.warnings];
  if (faults.length > 0) {
    const problems = faults.map((e) =>
      e.code === "DUPLICATE_KEY"
        ? duplicateKey(position(e.pos[0]), wordAt(input.text, e.pos[0]))
        : invalidYaml(position(e.pos[0]), e.code),
    );
    return { problems };
  }
  const reserved = reservedKeys(parsed).map((offset) => reservedKey(position(offset), RESERVED));
  if (reserved.length > 0) return { problems: reserved };
  const written = new Map<Node, string>();
  const problems = input.env ? substitute(parsed, { ...input, env: input.env }, { position, written }) : [];
  let value: unknown;
  try {
    value = parsed.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    return { problems: [...problems, aliasBomb(position(0), /alias/i.test(messageOf(error)))] };
  }
  return { document: { file: input.file, value, ...locate({ parsed, position, written }) }, problems };
}

/** Objects would lose such a key, and schemas pass over it. */
const RESERVED = "__proto__";

/** Where keys stand that cannot be. */
function reservedKeys(parsed: Document): number[] {
  const found: number[] = [];
  visit(parsed, {
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value === RESERVED) found.push(key.range?.[0] ?? 0);
    },
  });
  return found;
}

interface Located {
  readonly parsed: Document;
  readonly position: (offset: number) => Position;
  readonly written: ReadonlyMap<Node, string>;
}

function locate({ parsed, position, written }: Located): Pick<YamlDocument, "at" | "written"> {
  return {
    at(path, part = "value") {
      const { key, value } = find(parsed, path);
      const node = part === "key" ? (key ?? value) : (value ?? key);
      return position(node?.range?.[0] ?? 0);
    },
    written(path) {
      const { value, complete } = find(parsed, path);
      if (!complete || !isScalar(value)) return undefined;
      return written.get(value) ?? value.source ?? String(value.value);
    },
  };
}

interface Found {
  key?: Node | undefined;
  value?: Node | undefined;
  complete: boolean;
}

/** Walks as far as the path exists, so that a missing key is reported at the object that lacks it. */
function find(parsed: Document, path: YamlPath): Found {
  let found: Found = { value: isNode(parsed.contents) ? parsed.contents : undefined, complete: true };
  for (const step of path) {
    const next = child(parsed, found.value, step);
    if (!next) return { ...found, complete: false };
    found = { ...next, complete: true };
  }
  return found;
}

function child(parsed: Document, parent: Node | undefined, step: PropertyKey): Omit<Found, "complete"> | undefined {
  const node = isAlias(parent) ? parent.resolve(parsed) : parent;
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return isNode(item) ? { value: item } : undefined;
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((p) => isScalar(p.key) && String(p.key.value) === String(step));
  if (!pair) return undefined;
  return { key: isNode(pair.key) ? pair.key : undefined, value: isNode(pair.value) ? pair.value : undefined };
}

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

interface Substitution {
  readonly position: (offset: number) => Position;
  readonly written: Map<Node, string>;
}

/** Replaces variables in the document's own scalars; keys are left alone. */
function substitute(
  parsed: Document,
  input: YamlInput & { env: Readonly<Record<string, string | undefined>> },
  { position, written }: Substitution,
): Problem[] {
  const problems: Problem[] = [];
  const visitScalar = (node: Node, path: YamlPath): void => {
    if (!isScalar(node) || typeof node.value !== "string" || !node.value.includes("${")) return;
    const key = path.at(-1) ?? "";
    if (NAMES.has(key)) {
      problems.push(nameSubstituted(position(node.range?.[0] ?? 0), String(key)));
      return;
    }
    written.set(node, node.source ?? node.value);
    node.value = node.value.replace(VARIABLE, (whole, name: string, fallback: string | undefined) => {
      const value = input.env[name];
      if (value !== undefined && value !== "") return value;
      if (fallback !== undefined) return fallback;
      if (!input.unused?.(path)) problems.push(missingVariable(position(node.range?.[0] ?? 0), name));
      return whole;
    });
  };
  const walk = (node: unknown, path: YamlPath): void => {
    if (isMap(node)) for (const pair of node.items) walk(pair.value, [...path, keyText(pair.key)]);
    else if (isSeq(node)) for (const [i, item] of node.items.entries()) walk(item, [...path, i]);
    else if (isNode(node)) visitScalar(node, path);
  };
  walk(parsed.contents, []);
  return problems;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function wordAt(text: string, offset: number): string {
  return /^["']?([^\s:"',{}[\]]+)/.exec(text.slice(offset))?.[1] ?? "";
}
