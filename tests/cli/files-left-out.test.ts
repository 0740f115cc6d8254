import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freshDatabase, type TestDatabase } from "../support/postgres.ts";
import { answersOf } from "./answers.ts";
import { ledgerloop } from "./small-run.ts";

/** One story: an optional feed is left out because of one of its files, and somebody rejects that. */

const FEED = "partners.remittances";
const [BAD, GOOD, LATE] = [11, 12, 13].map((nth) => `remittances/acme/2026-05-${nth}.csv`) as [string, string, string];
const rows = (id: string, count: number, amount: string) =>
  `remittance,invoice_id,amount,currency,paid_on\n${Array.from({ length: count }, (_, i) => `${id}${i},I-1,${amount},EUR,2026-05-11\n`).join("")}`;

const folder = mkdtempSync(join(tmpdir(), "ledgerloop-left-out-"));
const [pipeline, inbox] = [join(folder, "pipeline"), join(folder, "inbox")];
let control: TestDatabase;

function put(path: string, content: string, secondsAgo = 3600): void {
  const file = join(inbox, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  const writtenAt = new Date(Date.now() - secondsAgo * 1000);
  utimesSync(file, writtenAt, writtenAt);
}

function run(...args: string[]) {
  const env = { LEDGERLOOP_STATE: join(folder, "state"), CONTROL_URL: control.url, PARTNERS_FOLDER: inbox };
  return ledgerloop([...args, "--pipeline", pipeline], { ...env, LEDGERLOOP_ACTOR: "tester" });
}

const { told, json } = answersOf(run);

beforeAll(async () => {
  control = await freshDatabase();
  cpSync("tests/fixtures/pipelines/partners", pipeline, { recursive: true });
  const source = join(pipeline, "sources/partners.yaml");
  const keys = "    required: false\n    gates: { valid_share: 0.9, sample: 10 }\n    business_key:";
  writeFileSync(source, readFileSync(source, "utf8").replace("    business_key:", keys));
  await told("up");
});

afterAll(async () => {
  await control[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

test("the run that leaves the feed out says what to type, and files lists what is there", async () => {
  put(BAD, rows("b", 60, "-1.00"));
  put(GOOD, rows("g", 5, "1.00"));
  put(LATE, rows("l", 5, "1.00"), -86_400);
  const { code, err } = await run("run");
  expect([code, err]).toEqual([0, expect.stringMatching(/left_out.*`ledgerloop files --feed partners\.remittances` lists/)]);
  const { files, states } = await json("files", "files", "--feed", FEED);
  expect(files).toMatchObject([
    { path: BAD, state: "new", publication_id: null, since: null, sha256: "", may: ["reject"] },
    { path: GOOD, state: "new" },
  ]);
  expect(states).toEqual([{ state: "new", files: 2, gone: 0 }]);
  expect(await told("files")).toMatch(
    /2026-05-11\.csv +new +nothing of it is published: 1776 bytes, written at 20\S+Z +reject\n/,
  );
});

test("the story of such a file ends with what to type", async () => {
  expect(await json("files show", "files", "show", BAD)).toMatchObject({ state: "new", versions: [], evidence: null });
  expect(await told("files", "show", BAD)).toMatch(
    /in force {4}nothing of it\n[\s\S]*next: `ledgerloop run` looks at it; or `ledgerloop files reject remittances\/acme\/2026-05-11\.csv --reason "…"`\n$/,
  );
});

test.each([
  {
    args: ["accept", BAD, "--reason", "x"],
    says: /is new .*: there is nothing to accept\n {2}next: `ledgerloop run` .*files reject/,
  },
  { args: ["reject", BAD], says: /is a recorded decision\n {2}next: `ledgerloop files reject .* --reason "…"`/ },
  { args: ["reject", LATE, "--reason", "x"], says: /no run has looked at .*\n {2}next: did you mean .*`ledgerloop files --all`/ },
  { args: ["report", BAD], says: /no run has looked at .*\n {2}next: `ledgerloop files --all`.*`ledgerloop plan`/ },
])("files $args is exit code 2, with what to type", async ({ args, says }) => {
  const { code, out, err } = await run("files", ...args);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toMatch(says);
});

test("rejected, it is left by the next run, which publishes the others", async () => {
  expect(await told("files", "reject", BAD, "--reason", "amounts are negative")).toBe(
    `${BAD} of ${FEED}, which is new: recorded. Another version of the file is not meant by it.\nnext: \`ledgerloop run\` leaves it, then \`ledgerloop files show ${BAD}\`\n`,
  );
  const text = await told("files");
  expect(text).toMatch(/2026-05-11\.csv +new .* rejected by tester: the next run follows it\n/);
  expect(text).toContain("next: `ledgerloop run` follows what was decided");
  expect((await run("run")).err).not.toContain("left_out");
  expect((await json("files", "files", "--all")).files).toMatchObject([
    { path: BAD, state: "rejected", sha256: "" },
    { path: GOOD, state: "in_force", records: 5 },
  ]);
});

test("corrected it is taken, and other content of a published file is rejected as it lies there", async () => {
  put(BAD, rows("b", 60, "1.00"));
  put(GOOD, rows("g", 60, "-1.00"));
  expect((await run("run")).err).toContain("left_out");
  expect((await json("files", "files")).files).toMatchObject([
    { path: BAD, state: "changed", records: null },
    { path: GOOD, state: "changed", records: 5, publication_id: "desk-2", may: ["reject"] },
  ]);
  expect(await json("files accept", "files", "reject", GOOD, "--reason", "x")).toMatchObject({ was: "changed", sha256: "" });
  await told("run");
  expect((await json("files", "files", "--all")).files).toMatchObject([
    { path: BAD, state: "in_force", records: 60 },
    { path: GOOD, state: "rejected", records: 5 },
  ]);
});

test("a folder that is away hides what is there, and nothing of what runs know", async () => {
  renameSync(inbox, `${inbox}-away`);
  const { files, source_problem } = await json("files", "files", "--all");
  expect([files.length, source_problem]).toEqual([2, "The folder of the source partners is not there."]);
  expect(await told("files")).toContain(
    "not told: files that no run has looked at. The folder of the source partners is not there.\n",
  );
  expect(await run("files", "reject", LATE, "--reason", "x")).toMatchObject({
    code: 40,
    err: expect.stringContaining("mount it"),
  });
  expect(await told("files", "retry", GOOD, "--reason", "x")).toContain("which is rejected: recorded");
});
