import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a page tells its reader to do with one file of the pipeline folder. */
export interface Step {
  readonly verb: string;
  readonly file: string;
  readonly text: string;
}

/** The files of a page with what is to be done with them. */
export function stepsOf(page: string): Step[] {
  return [...page.matchAll(/^(Create|Append to|Change) `pipeline\/([^`]+)`:\n\n```\w+\n([\s\S]*?)```/gm)].map(
    ([, verb = "", file = "", text = ""]) => ({ verb, file, text }),
  );
}

function changed(before: string, diff: string): string {
  const side = (sign: string) =>
    diff
      .split("\n")
      .filter((line) => line.startsWith(sign))
      .map((line) => `${line.slice(1)}\n`)
      .join("");
  if (!before.includes(side("-"))) throw new Error(`the page changes what is not there:\n${side("-")}`);
  return before.replace(side("-"), () => side("+"));
}

/** Does what a page says, in a pipeline folder. */
export function follow(pipeline: string, steps: readonly Step[]): void {
  for (const { verb, file, text } of steps) {
    const path = join(pipeline, file);
    if (verb === "Create") writeFileSync(path, text, { flag: "wx" });
    else if (verb === "Append to") writeFileSync(path, text, { flag: "a" });
    else writeFileSync(path, changed(readFileSync(path, "utf8"), text));
  }
}
