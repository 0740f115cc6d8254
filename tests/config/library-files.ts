import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SOURCE_KINDS } from "../../src/app/sources.ts";
import { type Assembled, assemble, type PipelineFiles, type TextFile } from "../../src/config/assemble.ts";
import type { SourceKind } from "../../src/config/source-kind.ts";
import { formatProblem } from "../../src/kernel/problem.ts";

const LIBRARY = "tests/fixtures/pipelines/library";

/** An edit of one file of the library pipeline: every occurrence of a text is replaced. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

function folder(name: string): TextFile[] {
  return readdirSync(join(LIBRARY, name)).map((file) => read(`${name}/${file}`));
}

function read(file: string): TextFile {
  return { file, text: readFileSync(join(LIBRARY, file), "utf8") };
}

interface Beside {
  readonly kinds?: readonly SourceKind[];
  /** Files beside the library's own. */
  readonly more?: Partial<Pick<PipelineFiles, "sources" | "contracts" | "ties">>;
}

/** The library pipeline after some edits; fails when an edit does not apply. */
export function assembleLibrary(
  edits: readonly Edit[] = [],
  env: Record<string, string> = {},
  { kinds = SOURCE_KINDS, more = {} }: Beside = {},
): Assembled {
  const edited = (file: TextFile): TextFile => {
    const mine = edits.filter((e) => e.file === file.file);
    for (const e of mine) if (!file.text.includes(e.from)) throw new Error(`${e.from} is not in ${e.file}`);
    return { file: file.file, text: mine.reduce((text, e) => text.replaceAll(e.from, e.to), file.text) };
  };
  const files: PipelineFiles = {
    pipeline: edited(read("pipeline.yaml")),
    sources: [...folder("sources").map(edited), ...(more.sources ?? [])],
    contracts: [...folder("contracts").map(edited), ...(more.contracts ?? [])],
    models: folder("models").map(edited),
    ties: more.ties ?? null,
  };
  return assemble(files, { kinds, directory: LIBRARY, environment: "local", env, absolute: (path) => `/root/${path}` });
}

/** Problems (or warnings) as one line each. */
export function lines(problems: Assembled["problems"]): string[] {
  return problems.map((p) => formatProblem(p).replace("\n  next: ", " > "));
}
