import { filePattern, piecesOf } from "./file-pattern.ts";

/** One character of a path, or any number of them. */
interface Step {
  /** A character that fits. */
  readonly sample: string;
  readonly fits: "only it" | "digits" | "all but /";
  readonly repeats: boolean;
}

const DIGITS = { yyyy: "2026", MM: "01", dd: "01" } as const;

const literal = (text: string): Step[] => [...text].map((sample) => ({ sample, fits: "only it", repeats: false }));
const ANY: Step = { sample: "a", fits: "all but /", repeats: false };
const MORE: Step = { ...ANY, repeats: true };

function dateSteps(format: string): Step[] {
  return format.split(/(yyyy|MM|dd)/).flatMap((piece) => {
    const digits = DIGITS[piece as keyof typeof DIGITS] as string | undefined;
    if (digits === undefined) return literal(piece);
    return [...digits].map((sample): Step => ({ sample, fits: "digits", repeats: false }));
  });
}

/** A pattern as rows of steps, one for each choice of its texts. */
function rowsOf(pattern: string): Step[][] {
  return piecesOf(pattern).reduce<Step[][]>(
    (rows, { part, date, choices }) => {
      const ways =
        part === "{partner}"
          ? [[ANY, MORE]]
          : date !== undefined
            ? [dateSteps(date)]
            : part === "*"
              ? [[MORE]]
              : (choices?.split(",") ?? [part]).map(literal);
      return rows.flatMap((row) => ways.map((way) => [...row, ...way]));
    },
    [[]],
  );
}

function takes({ sample, fits }: Step, character: string): boolean {
  if (fits === "all but /") return character !== "/";
  return fits === "digits" ? /\d/.test(character) : character === sample;
}

/** A character that both steps take; undefined where none is. */
function shared(a: Step, b: Step): string | undefined {
  if (a.fits === "all but /" && takes(a, b.sample)) return b.sample;
  if (takes(b, a.sample)) return a.sample;
  return takes(a, b.sample) ? b.sample : undefined;
}

/** The places in two rows that a character, or none, leads to. */
function ways([i, j]: readonly [number, number], a: Step | undefined, b: Step | undefined) {
  const both = a && b && shared(a, b);
  const taken = a?.repeats && !b?.repeats ? ([i, j + 1] as const) : b?.repeats && !a?.repeats ? ([i + 1, j] as const) : undefined;
  return [
    ...(both === undefined ? [] : [{ to: taken ?? ([i + 1, j + 1] as const), by: both }]),
    ...(a?.repeats ? [{ to: [i + 1, j] as const, by: "" }] : []),
    ...(b?.repeats ? [{ to: [i, j + 1] as const, by: "" }] : []),
  ];
}

/** A text that two rows of steps both are; null where there is none. */
function sharedText(a: readonly Step[], b: readonly Step[]): string | null {
  const seen = new Set<string>();
  const from = (at: readonly [number, number]): string | null => {
    const [i, j] = at;
    if (i === a.length && j === b.length) return "";
    if (seen.has(at.join())) return null;
    seen.add(at.join());
    for (const { to, by } of ways(at, a[i], b[j])) {
      const rest = from(to);
      if (rest !== null) return by + rest;
    }
    return null;
  };
  return from([0, 0]);
}

/**
 * A path that fits two patterns; null where none was found. What is found does fit both. Missed are paths that agree in days of the
 * calendar alone, such as those of two dates that are written in another order of their parts.
 */
export function sharedPath(one: string, other: string): string | null {
  const both = [one, other].map(filePattern);
  const [rows, others] = [rowsOf(one), rowsOf(other)];
  for (const a of rows) {
    for (const b of others) {
      const path = sharedText(a, b);
      if (path !== null && both.every((pattern) => pattern?.match(path))) return path;
    }
  }
  return null;
}
