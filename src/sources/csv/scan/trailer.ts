import type { CellPlan } from "./cell-plan.ts";
import type { DecimalSum } from "./decimal-sum.ts";
import { decimalSum } from "./decimal-sum.ts";
import type { Codec } from "./encoding.ts";
import type { Stopped, Trailer } from "./file-facts.ts";
import type { Out } from "./number-text.ts";

/** A regular expression of a whole line. */
export function lineTest(pattern: string): (line: string) => RegExpExecArray | null {
  const whole = new RegExp(`^(?:${pattern})$`, "u");
  return (line) => whole.exec(line);
}

/** What was read of a file, for its trailer to be compared with. */
interface Read {
  readonly records: number;
  readonly unreadable: number;
  readonly sum: DecimalSum | null;
  readonly amount: CellPlan | undefined;
  readonly places: number;
  readonly codec: Codec;
}

/** The sum of a trailer in the text of the amount's type; null where it is none. */
function sumOf(text: string, { amount, codec }: Read): string | null {
  const units = codec.unitsOf(text);
  if (units === null || !amount?.convert) return null;
  const field = { units: codec.unitBytes === 1 ? Uint8Array.from(units) : Uint16Array.from(units), from: 0, to: units.length };
  const out: Out = { bytes: new Uint8Array(2 * units.length + 16), at: 0 };
  return amount.convert(field, out) ? Buffer.from(out.bytes.subarray(0, out.at)).toString("latin1") : null;
}

/** A decimal with all places of the sum, so that equal ones have one text; null where it has more. */
function withPlaces(text: string, places: number): string | null {
  const alone = decimalSum(places);
  const bytes = Buffer.from(text);
  alone.add(bytes, 0, bytes.length);
  return alone.refused() > 0 ? null : alone.text();
}

/** Where a file says something of itself: in its last line, or in a file beside it. */
const PLACES = { trailer: "its last line", manifest: "its manifest" } as const;

/** What is said of a file. */
type Said = Readonly<Record<string, string | undefined>>;

/** The sum that is said of a file, with all places of the sum of its records; null where there is none, or none as the layout writes them. */
export function saidSum({ sum: written }: Said, read: Read): string | null {
  const text = written === undefined || read.sum === null ? null : sumOf(written, read);
  return text === null ? null : withPlaces(text, read.places);
}

/** What is said of a file, and why the file cannot be taken where that is not what was read. */
export function trailerOf(groups: Said, read: Read, said: keyof typeof PLACES): Trailer | Stopped {
  const { records, unreadable, sum } = read;
  const stop = (says: string): Stopped => ({ reason: said, says });
  const place = PLACES[said];
  const { count, sum: written } = groups;
  if (count !== undefined && !/^\d+$/.test(count)) return stop(`the count in ${place} is no number`);
  if (count !== undefined && BigInt(count) !== BigInt(records))
    return stop(`${place} counts ${BigInt(count)} records where it has ${records}`);
  const counted = { count: count ?? null, unreadable };
  if (written === undefined || sum === null) return { ...counted, sum: null };
  const stated = saidSum(groups, read);
  if (stated === null) return stop(`the sum in ${place} is no number as the layout writes them`);
  if (unreadable === 0 && stated !== sum.text()) return stop(`the sum in ${place} is not that of its records`);
  return { ...counted, sum: stated };
}
