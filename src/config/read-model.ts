import { checkShape } from "../contract/schema-problems.ts";
import { readYaml, type YamlDocument } from "../contract/yaml-document.ts";
import type { Position, Problem } from "../kernel/problem.ts";
import { selectFault } from "../sql/tokens.ts";
import { type ModelHeader, ModelHeaderSchema } from "./model-schema.ts";
import { inconsistent } from "./problems.ts";

/** A model file: its header and its SELECT. */
export interface ModelFile {
  readonly header: ModelHeader;
  readonly document: YamlDocument;
  readonly select: string;
  readonly selectAt: Position;
}

const HEADER = /^\s*\/\*\s*ledgerloop[^\n]*\n([\s\S]*?)\*\//;

/** Splits `models/*.sql` into the YAML of its first comment and one plain SELECT. */
export function readModel(input: { readonly file: string; readonly text: string }): { model?: ModelFile; problems: Problem[] } {
  const match = HEADER.exec(input.text);
  if (!match) {
    const at = { file: input.file, line: 1, column: 1 };
    return {
      problems: [
        inconsistent(
          at,
          "the file does not start with a /* ledgerloop … */ comment",
          "add the comment with table, key, contract and touched_by",
        ),
      ],
    };
  }
  const body = match[1] ?? "";
  const start = match[0].length - "*/".length - body.length;
  // Blank lines in front of the YAML keep the line numbers of the file.
  const padding = "\n".repeat(input.text.slice(0, start).split("\n").length - 1);
  const { document, problems } = readYaml({ file: input.file, text: padding + body });
  const select = input.text.slice(match[0].length).trim();
  const selectAt = { file: input.file, line: lineOf(input.text, match[0].length), column: 1 };
  const fault = selectFault(select);
  if (fault !== undefined) problems.push(inconsistent(selectAt, `the query ${fault}`, "write one SELECT after the header"));
  if (!document) return { problems };
  const shape = checkShape(ModelHeaderSchema, document);
  problems.push(...shape.problems);
  if (!shape.value || fault !== undefined) return { problems };
  return { model: { header: shape.value, document, select, selectAt }, problems };
}

/** Where a model's SELECT has its n-th character. */
export function placeIn({ select, selectAt }: Pick<ModelFile, "select" | "selectAt">, n: number): Position {
  const lines = select.slice(0, n).split("\n");
  const [last = ""] = lines.slice(-1);
  return {
    ...selectAt,
    line: selectAt.line + lines.length - 1,
    column: (lines.length === 1 ? selectAt.column : 1) + last.length,
  };
}

/** The line on which the first text after an offset stands. */
function lineOf(text: string, offset: number): number {
  const rest = text.slice(offset);
  return text.slice(0, offset + rest.length - rest.trimStart().length).split("\n").length;
}
