/** A value of JSON. What is of this type belongs to an adapter: nobody else reads it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** A count or an amount in JSON: a number while it is exact as one, else decimal text. */
export type JsonAmount = number | string;

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);

/** Exact in JSON: decimal text beyond 2^53. */
export function jsonAmount(value: bigint): JsonAmount {
  return value > LARGEST || value < -LARGEST ? value.toString() : Number(value);
}
