const plain = (line: string) => line.trim().replaceAll(/\s+/g, " ");

/** A line of a page as a pattern: `…` is anything. */
const patternOf = (line: string) =>
  new RegExp(
    `^${plain(line)
      .replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
      .replaceAll("…", ".*")}$`,
  );

/** The first line that a page shows and that the output does not have behind those before it; blanks do not count. */
export function missingLine(shown: readonly string[], output: readonly string[]): string | null {
  let at = 0;
  for (const line of shown.filter((one) => plain(one) !== "" && plain(one) !== "…")) {
    const found = output.slice(at).findIndex((one) => patternOf(line).test(plain(one)));
    if (found < 0) return line;
    at += found + 1;
  }
  return null;
}
