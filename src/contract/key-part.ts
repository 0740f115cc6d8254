/** The text that a part of a key stands for where it is written in quotes, as in `'stripe'`; undefined for the name of a column. */
export function textOf(part: string): string | undefined {
  return /^'([^']*)'$/.exec(part)?.[1];
}
