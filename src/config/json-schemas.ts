import { z } from "zod";
import { ModelHeaderSchema } from "./model-schema.ts";
import { PipelineSchema } from "./pipeline-schema.ts";
import type { SourceKind } from "./source-kind.ts";
import { sourceSchema } from "./source-schema.ts";
import { TiesSchema } from "./ties-schema.ts";

/** JSON Schemas for editors, by file name in `schemas/`; draft 7 is what YAML language servers understand fully. */
export function jsonSchemas(kinds: readonly SourceKind[]): Record<string, string> {
  const schemas: Record<string, z.ZodType> = {
    "pipeline.schema.json": PipelineSchema,
    "source.schema.json": sourceSchema(kinds),
    "model.schema.json": ModelHeaderSchema,
    "ties.schema.json": TiesSchema,
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([file, schema]) => {
      const json = z.toJSONSchema(schema, { io: "input", target: "draft-7" });
      return [file, `${JSON.stringify(json, null, 2)}\n`];
    }),
  );
}
