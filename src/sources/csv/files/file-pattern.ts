/** What a file's name says by a pattern. */
export interface Named {
  readonly partner: string | null;
  /** The day of `{date:…}`, ISO 8601. */
  readonly date: string | null;
}

/** A pattern of files, ready to be compared with paths. */
export interface FilePattern {
  /** What stands before the first part that may vary, up to a `/`: nothing else need be listed. */
  readonly base: string;
  /** What a path below the location says; null where it does not fit. */
  match(path: string): Named | null;
}

const DATE_PARTS: readonly (readonly [name: string, pattern: string])[] = [
  ["yyyy", "(?<year>\\d{4})"],
  ["MM", "(?<month>\\d{2})"],
  ["dd", "(?<day>\\d{2})"],
];

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** `yyyy-MM-dd` as a regular expression; null where a part is missing or stands twice. */
function datePattern(format: string): string | null {
  if (!DATE_PARTS.every(([name]) => format.split(name).length === 2)) return null;
  return format
    .split(/(yyyy|MM|dd)/)
    .map((piece) => DATE_PARTS.find(([name]) => name === piece)?.[1] ?? escaped(piece))
    .join("");
}

/** One part of a pattern: `{partner}`, `{date:…}`, `{a,b}`, `*` or text. */
const PART = /\{partner\}|\{date:([^{}]+)\}|\{([^{}:]*,[^{}:]*)\}|\*|[^{}*]+|./g;

/** One part of a pattern as it is written. */
interface Piece {
  readonly part: string;
  /** The format of a `{date:…}`. */
  readonly date: string | undefined;
  /** The texts of `{a,b}`, with commas between. */
  readonly choices: string | undefined;
}

/** The parts of a pattern, in their order. */
export function piecesOf(text: string): Piece[] {
  return [...text.matchAll(PART)].map(([part, date, choices]) => ({ part, date, choices }));
}

function partPattern({ part, date, choices }: Piece): string | null {
  if (part === "{partner}") return "(?<partner>[^/]+?)";
  if (date !== undefined) return datePattern(date);
  if (choices !== undefined) return `(?:${choices.split(",").map(escaped).join("|")})`;
  if (part === "*") return "[^/]*";
  return part === "{" || part === "}" ? null : escaped(part);
}

function isDay(year: string, month: string, day: string): boolean {
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${year}-${month}-${day}`);
}

/** Buckets take any text as a key: `a//b.csv`, `../b.csv`. */
const NO_PATH = /(?:^|\/)\.{0,2}(?:\/|$)/;

/**
 * Reads a pattern such as `remittances/{partner}/{date:yyyy-MM-dd}*.csv{,.gz}`.
 * @returns null where it is none: a brace that does not close, a part that stands twice, a date without year, month and day.
 */
export function filePattern(text: string): FilePattern | null {
  const patterns = piecesOf(text).map(partPattern);
  const isTwice = (named: RegExp) => text.split(named).length > 2;
  const bad = text.startsWith("/") || text.split("/").includes("..") || patterns.includes(null);
  if (bad || isTwice(/\{partner\}/) || isTwice(/\{date:/)) return null;
  const whole = new RegExp(`^${patterns.join("")}$`, "u");
  const [literal = ""] = /^[^{*]*/.exec(text) ?? [];
  return {
    base: literal.slice(0, literal.lastIndexOf("/") + 1),
    match: (path) => {
      if (NO_PATH.test(path)) return null;
      const groups = whole.exec(path)?.groups ?? (whole.test(path) ? {} : null);
      if (groups === null) return null;
      const { partner = null, year, month, day } = groups;
      if (year === undefined || month === undefined || day === undefined) return { partner, date: null };
      return isDay(year, month, day) ? { partner, date: `${year}-${month}-${day}` } : null;
    },
  };
}
