import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { checkShape } from "../../src/contract/schema-problems.ts";
import { readYaml } from "../../src/contract/yaml-document.ts";
import { linkSecret, readSecret, type Secret, SecretSchema } from "../../src/sources/secret.ts";
import { failureOf } from "./http-stub.ts";

const folder = mkdtempSync(join(tmpdir(), "ledgerloop-secret-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SECRET = "sk_test_hidden";
const found = (secret: Secret, env: Record<string, string> = {}) => readSecret(secret, { source: "stripe", env });

function written(text: string): Secret {
  const file = join(folder, "key");
  writeFileSync(file, text);
  return { file };
}

describe("a secret", () => {
  test("is a variable's value as it is", async () => {
    expect(await found({ env: "STRIPE_KEY" }, { STRIPE_KEY: ` ${SECRET}\n` })).toBe(` ${SECRET}\n`);
  });

  test.each([
    ["without a line break", SECRET, SECRET],
    ["with one at its end", `${SECRET}\n`, SECRET],
    ["with that of Windows", `${SECRET}\r\n`, SECRET],
    ["of several lines, of which only the last break goes", "-----BEGIN\nabc\n\n", "-----BEGIN\nabc\n"],
  ])("is a file's text, %s", async (_, text, expected) => {
    expect(await found(written(text))).toBe(expected);
  });

  test("lies relative to the pipeline folder; a variable stays as it is named", () => {
    const absolute = (path: string) => `/pipeline/${path}`;
    expect(linkSecret({ file: "key" }, absolute)).toEqual({ file: "/pipeline/key" });
    expect(linkSecret({ env: "STRIPE_KEY" }, absolute)).toEqual({ env: "STRIPE_KEY" });
  });

  test.each([
    ["a variable that is not set", () => ({ env: "STRIPE_KEY" }), "source.secret_variable", "export STRIPE_KEY=…"],
    ["a file that is not there", () => ({ file: join(folder, "none") }), "source.secret_file", "ENOENT"],
    ["a folder", () => ({ file: folder }), "source.secret_file", "EISDIR"],
    ["an empty file", () => written("\n"), "source.secret_empty", "key, in which sources/stripe.yaml"],
  ] as [string, () => Secret, ...string[]][])("that is missing is named: %s", async (_, secret, ...told) => {
    const failure = await failureOf(found(secret(), { STRIPE_KEY: "" }));
    expect(failure.kind).toBe("usage");
    for (const part of told) expect(`${failure.problems[0]?.code} ${failure.message}`).toContain(part);
    expect(failure.problems[0]?.next).toMatch(/`ledgerloop doctor`$/);
  });
});

describe("a source file", () => {
  /** What is wrong with it, when the variable holds the secret. */
  function faults(text: string) {
    const { document, problems } = readYaml({ file: "stripe.yaml", text, env: { STRIPE_KEY: SECRET, LOUD: "HIDDEN_KEY_1" } });
    const all = document ? [...problems, ...checkShape(z.strictObject({ api_key: SecretSchema }), document).problems] : problems;
    expect(inspect(all, { depth: 9 })).not.toMatch(/hidden|HIDDEN/);
    return all.map(({ code, says }) => [code, says]);
  }

  test.each(["api_key: { env: STRIPE_KEY }", "api_key: { file: secrets/stripe }", `api_key: { file: "\${STRIPE_KEY}/x" }`])(
    "names where it is: %s",
    (text) => expect(faults(text)).toEqual([]),
  );

  test.each([
    [`api_key: \${STRIPE_KEY}`, "yaml.wrong_value", '"api_key" must be { env: NAME } or { file: PATH }'],
    [`api_key: ${SECRET}`, "yaml.wrong_value", '"api_key" must be { env: NAME } or { file: PATH }'],
    ["api_key: { env: $STRIPE_KEY }", "yaml.wrong_value", '"env" must be the name of an environment variable'],
    [`api_key: { env: ${SECRET} }`, "yaml.wrong_value", '"env" must be the name of an environment variable'],
    [`api_key: { env: "\${STRIPE_KEY}" }`, "yaml.name_substituted", '"env" is the name of a variable'],
    [`api_key: { env: "\${LOUD}" }`, "yaml.name_substituted", '"env" is the name of a variable'],
    ["api_key: { env: STRIPE_KEY, file: x }", "yaml.unknown_key", 'unknown key "file"'],
    ["api_key: {}", "yaml.missing_key", "env"],
  ])("cannot have the secret itself, and no message shows it: %s", (text, code, says) => {
    const [first] = faults(text);
    expect(first?.[0]).toBe(code);
    expect(first?.[1]).toContain(says);
  });
});
