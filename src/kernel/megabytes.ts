/** A number of bytes for people, in millions with one digit behind the point: `1.2`. */
export function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}
