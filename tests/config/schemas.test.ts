import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { SOURCE_KINDS } from "../../src/app/sources.ts";
import { jsonSchemas } from "../../src/config/json-schemas.ts";

test("schemas/ is what the zod schemas say", () => {
  const onDisk = Object.fromEntries(readdirSync("schemas").map((name) => [name, readFileSync(join("schemas", name), "utf8")]));
  expect(onDisk).toEqual(jsonSchemas(SOURCE_KINDS));
});

const files = ["pipeline", "tests/fixtures/pipelines/library"].flatMap((directory) => [
  join(directory, "pipeline.yaml"),
  ...readdirSync(join(directory, "sources")).map((name) => join(directory, "sources", name)),
]);

test.each(files)("%s names its schema and is valid under it", (file) => {
  const text = readFileSync(file, "utf8");
  const named = /^# yaml-language-server: \$schema=(\S+)/.exec(text)?.[1] ?? "";
  const schema = JSON.parse(readFileSync(join(dirname(file), named), "utf8"));
  const validate = new Ajv({ strict: false }).compile(schema);
  validate(parse(text));
  expect(validate.errors ?? []).toEqual([]);
});
