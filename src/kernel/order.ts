/**
 * Orders names so that every name follows the ones it depends on (Kahn's algorithm, ties by input order).
 * @returns the order, or the names that lie on a cycle.
 */
export function dependencyOrder(
  names: readonly string[],
  dependsOn: (name: string) => readonly string[],
): { order: string[] } | { cycle: string[] } {
  const order: string[] = [];
  const left = new Set(names);
  while (left.size > 0) {
    const ready = names.filter((n) => left.has(n) && dependsOn(n).every((d) => d === n || !left.has(d)));
    if (ready.length === 0) return { cycle: [...left] };
    for (const name of ready) {
      left.delete(name);
      order.push(name);
    }
  }
  return { order };
}
