/**
 * Does something for each of many items, so many at once; what comes of them stands in their order. After an error nothing more is begun.
 * @throws the first error, once everything that was begun has ended.
 */
export async function eachAtOnce<T, R>(items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  const left = items.entries();
  let failed: { readonly error: unknown } | null = null;
  const worker = async () => {
    for (const [i, item] of left) {
      try {
        results[i] = await work(item);
      } catch (error) {
        failed ??= { error };
      }
      if (failed) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  if (failed) throw (failed as { readonly error: unknown }).error;
  return results;
}
