import { readFileSync, writeFileSync } from "node:fs";

/** A part of a page that is written from code: it stands between `<!-- name -->` and `<!-- /name -->`. */
export interface Marked {
  readonly file: string;
  readonly name: string;
  readonly text: string;
  /** What it is written from, and the script that does it. */
  readonly from: string;
  readonly script: string;
}

/** Writes a part of a page; with `--check` only says whether it is behind, by the exit code too. */
export function writeMarked({ file, name, text, from, script }: Marked): void {
  const page = readFileSync(file, "utf8");
  const part = new RegExp(`<!-- ${name} -->[\\s\\S]*<!-- /${name} -->`);
  if (!part.test(page)) throw new Error(`${file} has no part between <!-- ${name} --> and <!-- /${name} -->`);
  const updated = page.replace(part, () => `<!-- ${name} -->\n${text}\n<!-- /${name} -->`);
  if (!process.argv.includes("--check")) writeFileSync(file, updated);
  else if (updated !== page) {
    console.error(`${file} is behind ${from}; run \`npx tsx ${script}\``);
    process.exitCode = 1;
  }
}
