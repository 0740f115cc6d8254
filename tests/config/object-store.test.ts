import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { SOURCE_KINDS } from "../../src/app/sources.ts";
import { jsonSchemas } from "../../src/config/json-schemas.ts";
import { assembleLibrary, lines } from "./library-files.ts";

const WRITTEN = `{ kind: file, path: "\${LEDGERLOOP_STATE:-.state}/objects" }`;
const withStore = (store: string, env: Record<string, string> = {}) =>
  assembleLibrary([{ file: "pipeline.yaml", from: WRITTEN, to: store }], env);

describe("object_store", () => {
  test("S3 with little, and with everything", () => {
    expect(withStore("{ kind: s3, path: s3://bucket }").pipeline?.environment.objectStore).toEqual({
      kind: "s3",
      path: "s3://bucket",
      pathStyle: false,
      compression: "gzip",
    });
    const all = `{ kind: s3, path: "s3://b-1.x/some/prefix/", endpoint: "http://127.0.0.1:7070", region: eu-central-1, path_style: false,
      encryption: { kind: "aws:kms", key_id: "alias/k" }, retention: { mode: compliance, days: 2557 }, compress: none }`;
    expect(withStore(all).pipeline?.environment.objectStore).toEqual({
      kind: "s3",
      path: "s3://b-1.x/some/prefix/",
      endpoint: "http://127.0.0.1:7070",
      region: "eu-central-1",
      pathStyle: false,
      encryption: { kms: "alias/k" },
      retention: { mode: "compliance", days: 2557 },
      compression: null,
    });
  });

  test("at an endpoint of its own the bucket stands in the path; variables are filled", () => {
    const store = `{ kind: s3, path: "s3://\${BUCKET}/l", endpoint: "\${S3:-https://s3.example}", encryption: AES256 }`;
    expect(withStore(store, { BUCKET: "b" }).pipeline?.environment.objectStore).toMatchObject({
      path: "s3://b/l",
      endpoint: "https://s3.example",
      pathStyle: true,
      encryption: "AES256",
    });
  });

  const at = "^pipeline.yaml:8:";
  test.each([
    [
      "a folder has no endpoint",
      "{ kind: file, path: x, endpoint: y }",
      `${at}42: "endpoint" is a key of kind s3; this object_store is of kind file > remove it; allowed here: kind, path$`,
    ],
    [
      "compression of a folder",
      "{ kind: file, path: x, compress: gzip }",
      `${at}42: "compress" is a key of kind s3; this object_store is of kind file > remove it; allowed here: kind, path$`,
    ],
    ["misspelt", "{ kind: s3, path: s3://b, regoin: x }", `${at}45: unknown key "regoin" > did you mean "region"`],
    ["no kind", "{ path: x }", `${at}5: the key "kind" is missing > add kind: file \\| s3`],
    ["another kind", "{ kind: gcs, path: x }", `${at}27: "gcs" is not a value of kind`],
    ["no bucket", "{ kind: s3, path: .state/objects }", `${at}37: "path" must be a bucket and a prefix`],
    ["another scheme", "{ kind: s3, path: https://b/x }", `${at}37: "path" must be a bucket`],
    ["a hidden prefix", "{ kind: s3, path: s3://b//x }", `${at}37: "path" must be a bucket`],
    ["no address", "{ kind: s3, path: s3://b, endpoint: minio }", `${at}55: "endpoint" must be an address https://`],
    ["days", "{ kind: s3, path: s3://b, retention: { mode: governance, days: 0 } }", `${at}82: "days" must be at least 1 day`],
    ["mode", "{ kind: s3, path: s3://b, retention: { mode: legal, days: 1 } }", `${at}64: "legal" is not a value of mode`],
    ["key of KMS", '{ kind: s3, path: s3://b, encryption: { kind: "aws:kms" } }', `${at}45: the key "key_id" is missing`],
    [
      "cipher",
      "{ kind: s3, path: s3://b, encryption: rot13 }",
      `${at}57: "rot13" is not a value of encryption > allowed here: AES256`,
    ],
  ])("%s", (_, store, says) => {
    expect(lines(withStore(store).problems)).toEqual([expect.stringMatching(new RegExp(says))]);
  });

  test("credentials in an address are refused and not shown", () => {
    const { problems } = withStore("{ kind: s3, path: s3://b, endpoint: 'https://key:hunter2@s3.example' }");
    expect(lines(problems)).toEqual([expect.stringMatching(/"endpoint" must be an address https:\/\/… without credentials/)]);
    expect(lines(problems)[0]).not.toContain("hunter2");
  });

  test("an editor's schema knows both kinds", () => {
    const schema = JSON.parse(jsonSchemas(SOURCE_KINDS)["pipeline.schema.json"] ?? "");
    const store = schema.properties.environments.additionalProperties.properties.object_store;
    const validate = new Ajv({ strict: false }).compile(store);
    expect(validate({ kind: "file", path: "x" })).toBe(true);
    expect(validate({ kind: "s3", path: `s3://\${BUCKET}/l`, retention: { mode: "governance", days: 1 } })).toBe(true);
    expect(validate({ kind: "file", path: "x", endpoint: "http://x" })).toBe(false);
    expect(validate({ kind: "s3", path: "x" })).toBe(false);
  });
});
