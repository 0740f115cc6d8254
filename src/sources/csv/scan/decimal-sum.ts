/** Sums decimals exactly, of which the texts stand in bytes. */
export interface DecimalSum {
  /** Adds the decimal `-?digits[.digits]`; one of more places than the sum has is counted and not added. */
  add(bytes: Uint8Array, from: number, to: number): void;
  /** Decimals that were not added. */
  refused(): number;
  /** The sum as a decimal of all its places. */
  text(): string;
}

const [MINUS, POINT, ZERO] = [45, 46, 48];
/** Whole numbers below this are exact in a double, and so is the sum of two. */
const SAFE = 2 ** 52;
const SAFE_DIGITS = 15;

function unscaled(text: string, places: number): bigint | null {
  const [whole = "", fraction = ""] = text.split(".");
  if (/[1-9]/.test(fraction.slice(places))) return null;
  return BigInt(whole + fraction.slice(0, places).padEnd(places, "0"));
}

/** A decimal text of so many places. */
export function decimalText(value: bigint, places: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(places + 1, "0");
  const sign = value < 0n ? "-" : "";
  return places === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** The digits of a short decimal as a whole number, and how many of them are places. */
function shortDecimal(bytes: Uint8Array, from: number, to: number): { value: number; places: number } {
  let [value, places] = [0, -1];
  for (let i = from; i < to; i += 1) {
    const unit = bytes[i] as number;
    if (unit === POINT) places = 0;
    else {
      value = value * 10 + unit - ZERO;
      if (places >= 0) places += 1;
    }
  }
  return { value, places: Math.max(places, 0) };
}

/** An empty sum of so many places. Short decimals are added as doubles, which costs no object a row. */
export function decimalSum(places: number): DecimalSum {
  let [small, large, refused] = [0, 0n, 0];
  const addSmall = (value: number) => {
    small += value;
    if (Math.abs(small) < SAFE) return;
    large += BigInt(small);
    small = 0;
  };
  const addText = (text: string) => {
    const value = unscaled(text, places);
    if (value === null) refused += 1;
    else large += value;
  };
  return {
    add: (bytes, from, to) => {
      const isNegative = bytes[from] === MINUS;
      if (to - from + places <= SAFE_DIGITS) {
        const short = shortDecimal(bytes, isNegative ? from + 1 : from, to);
        const value = short.value * 10 ** (places - short.places);
        if (short.places <= places) return addSmall(isNegative ? -value : value);
      }
      addText(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1"));
    },
    refused: () => refused,
    text: () => decimalText(large + BigInt(small), places),
  };
}
