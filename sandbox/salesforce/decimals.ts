const PLAIN = /^(?:-?(?:[1-9]\d*|0\.\d*[1-9]|[1-9]\d*\.\d*[1-9])|0)$/;
const FORM = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/;

/** A number as a whole number and how many of its digits are behind the point. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** A number as plain decimal text. Throws for what is none. */
export function plain(value: number | string): string {
  const text = String(value).trim();
  if (PLAIN.test(text)) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = FORM.exec(text) ?? [];
  if (whole + fraction === "") throw new Error(`${text} is no number`);
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const left = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "";
  const right = point > 0 ? digits.slice(point) : "0".repeat(-point) + digits;
  const trimmed = `${left.replace(/^0+/, "") || "0"}.${right}`.replace(/\.?0*$/, "");
  return sign === "-" && trimmed !== "0" ? `-${trimmed}` : trimmed;
}

/** The number of a plain decimal text. */
export function decimal(text: string): Decimal {
  const point = text.indexOf(".");
  if (point < 0) return { units: BigInt(text), scale: 0 };
  return { units: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 };
}

/** A number as plain decimal text. */
export function textOfDecimal({ units, scale }: Decimal): string {
  return plain(`${units}e-${scale}`);
}

const unitsAt = ({ units, scale }: Decimal, wanted: number) => units * 10n ** BigInt(wanted - scale);

/** The sum of two numbers, exactly. */
export function plus(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: unitsAt(a, scale) + unitsAt(b, scale), scale };
}

/** A number divided by another, with so many digits behind the point, half away from zero. */
export function divided(a: Decimal, b: Decimal, scale: number): Decimal {
  const top = a.units * 10n ** BigInt(scale + b.scale);
  const bottom = b.units * 10n ** BigInt(a.scale);
  const [n, d] = bottom < 0n ? [-top, -bottom] : [top, bottom];
  const half = n < 0n ? -d / 2n : d / 2n;
  return { units: (n + half) / d, scale };
}

const SHORT = 15;

/** -1, 0 or 1 as the first of two plain decimal texts is less than, equal to or greater than the second. */
export function compareDecimals(a: string, b: string): number {
  if (a.length <= SHORT && b.length <= SHORT) return Math.sign(Number(a) - Number(b));
  const [left, right] = [decimal(a), decimal(b)];
  const scale = Math.max(left.scale, right.scale);
  const difference = unitsAt(left, scale) - unitsAt(right, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

const SMALL = 7;
const TINY = /^-?0\.000/;

function isWrittenOut(text: string): boolean {
  const point = text.indexOf(".");
  return point > 0 && point <= SMALL && text.length <= SHORT && !TINY.test(text);
}

/**
 * A number as Java writes a double: with a digit behind the point, and with an exponent from ten million on and below a thousandth. Beyond
 * what a double holds, digits are lost here as they are in the service.
 */
export function javaDouble(text: string): string {
  if (isWrittenOut(text)) return text;
  const exact = text.length <= SHORT ? text : plain(Number(text));
  const negative = exact.startsWith("-");
  const sign = negative ? "-" : "";
  const [whole = "0", fraction = ""] = (negative ? exact.slice(1) : exact).split(".");
  if (whole.length <= SMALL && (whole !== "0" || !fraction.startsWith("000"))) return `${sign}${whole}.${fraction || "0"}`;
  const digits = (whole + fraction).replace(/^0+/, "");
  const exponent = whole === "0" ? digits.length - fraction.length - 1 : whole.length - 1;
  return `${sign}${digits[0]}.${digits.slice(1).replace(/0+$/, "") || "0"}E${exponent}`;
}
