const UNITS: Readonly<Record<string, number>> = { MB: 1_000_000, GB: 1_000_000_000 };

/**
 * Bytes of a `memory_limit` such as `700MB` or `1.5GB`, in powers of ten as DuckDB counts them.
 * @throws Error for any other text, which configuration refuses.
 */
export function memoryBytes(limit: string): number {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)(MB|GB)$/.exec(limit) ?? [];
  const size = UNITS[unit];
  if (size === undefined) throw new Error(`${JSON.stringify(limit)} is no size of memory`);
  return Math.round(Number(number) * size);
}
