import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freshDatabase, type TestDatabase } from "../support/postgres.ts";
import { answersOf } from "./answers.ts";
import { type Ended, ledgerloop } from "./small-run.ts";

/** One story: the tests of this file go on from each other, as a week of files does. */

const FEED = "partners.remittances";
const HEAD = "remittance,invoice_id,amount,currency,paid_on\n";
const row = (id: string, amount: string) => `${id},I-${id},${amount},EUR,2026-05-11\n`;
const day = (nth: number) => `remittances/acme/2026-05-${nth}.csv`;
const [ONE, STOPPED, LATE, COPY] = [day(11), day(12), day(13), day(14)];
const NORTH = "remittances/north/2026-05-11 (final).csv";
/** Stands in rows, and nowhere else. */
const SECRET = "secret-4711";
const MALFORMED = `r3,x,${SECRET}\n`;

const folder = mkdtempSync(join(tmpdir(), "ledgerloop-files-cli-"));
const pipeline = join(folder, "pipeline");
let control: TestDatabase;

/** A file that was written to an hour ago, unless told; one of tomorrow is never settled, however slow the test is. */
function put(path: string, content: string, secondsAgo = 3600): void {
  const file = join(folder, "inbox", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  const writtenAt = new Date(Date.now() - secondsAgo * 1000);
  utimesSync(file, writtenAt, writtenAt);
}

async function run(...args: string[]): Promise<Ended> {
  const env = {
    LEDGERLOOP_STATE: join(folder, "state"),
    CONTROL_URL: control.url,
    PARTNERS_FOLDER: join(folder, "inbox"),
    LEDGERLOOP_ACTOR: "tester",
  };
  const ended = await ledgerloop([...args, "--pipeline", pipeline], env);
  expect(`${ended.out}${ended.err}`).not.toContain(SECRET);
  return ended;
}

const { told, json } = answersOf(run);

const plannedFor = async () => (await json("plan", "plan")).feeds[0].pending;

beforeAll(async () => {
  control = await freshDatabase();
  cpSync("tests/fixtures/pipelines/partners", pipeline, { recursive: true });
  const source = join(pipeline, "sources/partners.yaml");
  const text = readFileSync(source, "utf8");
  writeFileSync(source, text.replace("    business_key:", "    redelivery: hold\n    business_key:"));
  mkdirSync(join(folder, "inbox/remittances"), { recursive: true });
  await told("up");
});

afterAll(async () => {
  await control[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

test("before anything came: plan and doctor say so", async () => {
  expect(await plannedFor()).toEqual([]);
  expect(await told("plan")).toContain(`${FEED}: no new file`);
  expect(await told("doctor")).toMatch(
    /warn {2}feed partners\.remittances +no file fits remittances.*\n +next: correct files in sources\/partners\.yaml, or wait/,
  );
  expect(await run("files")).toMatchObject({ code: 2, err: expect.stringContaining("next: load something first") });
});

test("plan lists what a run would take, without reading it", async () => {
  put(ONE, HEAD + row("r1", "10.00") + row("r2", "5.00") + MALFORMED + row("r4", "-1.00") + row("r4", "-1.00"));
  put(STOPPED, "remittance,amount\nr1,10.00\n");
  put(NORTH, "Beleg;Rechnung;Betrag;Bezahlt am\nn1;I-1;x;11.05.2026\nn2;I-2;1,00;11.05.2026\nSumme;2;1,00;\n");
  put(LATE, HEAD + row("r9", "1.00"), -86_400);
  expect(await plannedFor()).toEqual([
    { is: "new", files: 3, first: [ONE, NORTH, STOPPED] },
    { is: "unsettled", files: 1, first: [LATE] },
  ]);
  const text = await told("plan");
  expect(text).toContain(`${FEED}: 3 new: ${ONE}, ${NORTH}, ${STOPPED}\n`);
  expect(text).toContain(`${FEED}: 1 left for the next run: written to just now: ${LATE}\n`);
  expect(await told("doctor")).toContain(`its folder can be listed, and has 4 files of ${FEED}`);
});

test("files lists what needs somebody, and counts the rest", async () => {
  await told("run");
  const { files, states } = await json("files", "files");
  expect(files).toMatchObject([{ path: STOPPED, state: "stopped", records: null, may: ["retry", "reject"], pending: null }]);
  expect(states).toEqual([
    { state: "in_force", files: 2, gone: 0 },
    { state: "stopped", files: 1, gone: 0 },
  ]);
  const text = await told("files");
  expect(text).toMatch(/2026-05-12\.csv +stopped +none of its partner's layouts fits.*… +retry, reject\n/);
  expect(text).toContain(`\n3 files: 2 in_force, 1 stopped\nnext: \`ledgerloop files show ${STOPPED}\`\n`);
  expect((await json("files", "files", "--all")).files.map(({ path }: { path: string }) => path)).toEqual([STOPPED, ONE, NORTH]);
  expect((await json("files", "files", "--state", "in_force", "--feed", FEED)).files).toMatchObject([
    { path: ONE, records: 5, malformed: 1 },
    { path: NORTH, records: 2, malformed: 0 },
  ]);
  expect(await told("doctor")).toMatch(/1 file stopped.*\n +next: `ledgerloop files --feed partners\.remittances`/);
});

test("a file's story: what became of its rows, their money, and where its malformed records stand", async () => {
  const story = await json("files show", "files", "show", ONE);
  expect(story).toMatchObject({ state: "in_force", in_force: { records: 5, malformed: 1, layout: "acme" }, decisions: [] });
  expect(story.evidence).toEqual(story.in_force.evidence);
  expect(story.versions).toMatchObject([{ publication_id: "desk-1", state: "in_force", records: 5, sha256: story.sha256 }]);
  expect(story.versions[0].published_at).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  expect(story.rows.live).toEqual({ rows: 2, money: [{ currency: "EUR", minor: 1500 }] });
  expect(story.rows.waiting).toMatchObject({
    rows: 3,
    reasons: [
      { kind: "quarantined", reasons: ["amount.range"], rows: 2, money: [{ currency: "EUR", minor: -200 }] },
      { kind: "unreadable", reasons: ["record"], rows: 1 },
    ],
  });
  const says = "it has another number of fields than the header";
  expect(story.malformed_at).toEqual([{ record: 3, offset: 103, length: 16, says }]);
  const text = await told("files", "show", ONE);
  expect(text).toMatch(/ +2 {2}live +15\.00 EUR\n/);
  expect(text).toContain(`  record 3, bytes 103 to 118: ${says}\n`);
  expect(text).toContain(`next: \`ledgerloop files report ${ONE}\` for whoever sent it\n`);
});

test("the story of a file that was stopped says why, what helps, and where its bytes are kept", async () => {
  const story = await json("files show", "files", "show", STOPPED);
  expect(story).toMatchObject({ state: "stopped", in_force: null, rows: { live: { rows: 0 } } });
  expect(story.says).toContain('the header does not have "invoice_id", "currency", "paid_on"');
  expect(story.evidence).toMatchObject({ bytes: 27, sha256: story.sha256 });
  expect(await told("files", "show", STOPPED)).toMatch(
    /next: send the agreed columns .*`ledgerloop files retry remittances\/acme\S+ --reason "…"`/,
  );
});

test("what the sender is told: each record that is not published, in the sender's own words", async () => {
  expect(await told("files", "report", ONE)).toBe(
    "record,offset,length,reason\n3,103,16,it has another number of fields than the header\n4,120,28,amount is not at least 0\n5,149,28,amount is not at least 0\n",
  );
  expect(await told("files", "report", NORTH)).toBe("record,offset,length,reason\n1,33,19,Betrag cannot be read as a number\n");
  expect(await told("files", "report", STOPPED)).toMatch(
    /^record,offset,length,reason\n,,,"nothing of the file is taken: none of .*"\n$/,
  );
  expect((await run("files", "report", ONE)).err).toBe(`${ONE}: 3 records are not published\n`);
  const { records, not_shown } = await json("files report", "files", "report", ONE, "--limit", "1");
  expect([records.length, not_shown]).toEqual([1, 2]);
});

test("a file that comes again waits; accepted by the command it is published by the next run", async () => {
  put(ONE, HEAD + row("r1", "11.00") + row("r2", "5.00") + MALFORMED);
  expect(await plannedFor()).toEqual([
    { is: "changed", files: 1, first: [ONE] },
    { is: "unsettled", files: 1, first: [LATE] },
  ]);
  await told("run");
  expect(await told("files")).toMatch(/2026-05-11\.csv +held +5 +1 +it came again with other content.* +accept, reject\n/);
  const refused = await run("files", "accept", ONE);
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining(`\`ledgerloop files accept ${ONE} --reason "…"\``) });
  const decided = await json("files accept", "files", "accept", ONE, "--reason", "asked for", "--ticket", "FIN-1");
  expect(decided).toMatchObject({ feed: FEED, path: ONE, decided: "accepted", was: "held" });
  expect(await told("files")).toContain("accepted by tester: the next run follows it");
  expect(await plannedFor()).toContainEqual({ is: "again", files: 1, first: [ONE] });
  await told("run");
  const story = await json("files show", "files", "show", ONE);
  expect(story).toMatchObject({ state: "in_force", pending: null, in_force: { records: 3 } });
  expect(story.versions.map(({ state }: { state: string }) => state)).toEqual(["in_force", "held", "in_force"]);
  expect(story.decisions).toMatchObject([
    { does: "accepted", of_last_version: true, actor: "tester", reason: "asked for", ticket: "FIN-1" },
  ]);
  expect(story.rows).toMatchObject({ live: { rows: 2, money: [{ currency: "EUR", minor: 1600 }] }, tombstoned: { rows: 1 } });
});

test("a record that waits since an earlier version is told without a place of that version", async () => {
  const { records } = await json("files report", "files", "report", ONE);
  expect(records).toEqual([
    { record: null, offset: null, length: null, copies: 1, reasons: ["it has another number of fields than the header"] },
  ]);
  expect(await told("files", "report", ONE)).toContain("it stands in the file since an earlier version of it");
  expect((await json("files show", "files", "show", ONE)).malformed_at).toEqual([]);
});

test("a stopped file is rejected, and may be looked at again", async () => {
  expect(await told("files", "reject", STOPPED, "--reason", "sent by mistake")).toBe(
    `${STOPPED} of ${FEED}, which is stopped: recorded. Another version of the file is not meant by it.\nnext: \`ledgerloop run\` leaves it, then \`ledgerloop files show ${STOPPED}\`\n`,
  );
  await told("run");
  expect((await json("files", "files", "--state", "rejected")).files).toMatchObject([{ path: STOPPED, may: ["retry"] }]);
  expect(await told("files", "report", STOPPED)).toContain("the file was rejected");
  expect((await json("files accept", "files", "retry", STOPPED, "--reason", "looked wrong")).decided).toBe("retried");
  await told("run");
  expect((await json("files", "files")).files).toMatchObject([{ path: STOPPED, state: "stopped" }]);
});

test("a copy names its original, and a file that is gone keeps its rows", async () => {
  put(COPY, HEAD + row("r1", "11.00") + row("r2", "5.00") + MALFORMED);
  rmSync(join(folder, "inbox", NORTH));
  await told("run");
  const { files, states } = await json("files", "files");
  expect(files).toMatchObject([{ path: STOPPED }, { path: COPY, state: "duplicate", says: `its content is that of ${ONE}` }]);
  expect(states).toContainEqual({ state: "in_force", files: 2, gone: 1 });
  expect((await json("files", "files", "--state", "gone")).files).toMatchObject([{ path: NORTH, gone: true, next: null }]);
  expect(await told("files", "show", NORTH)).toContain("in_force, no more where it was; its rows stay");
});

test.each([
  { args: ["show", day(15)], says: /no run has looked at a file .*\n {2}next: did you mean remittances\/acme/ },
  { args: ["report", "nowhere"], says: /no run has looked at a file nowhere\n {2}next: `ledgerloop files --all`/ },
  { args: ["accept", ONE, "--reason", "x"], says: /is in_force: there is nothing to accept\n {2}next: `ledgerloop files show/ },
  { args: ["--feed", "partners.remittance"], says: /there is no feed .*\n {2}next: did you mean "partners\.remittances"/ },
  { args: ["report", ONE, "--limit", "0"], says: /a limit is a whole number/ },
])("files $args is exit code 2, with what to type", async ({ args, says }) => {
  const { code, out, err } = await run("files", ...args);
  expect([code, out]).toEqual([2, ""]);
  expect(err).toMatch(says);
});

test("a day of which no file is expected is recorded with its reason", async () => {
  expect(await told("files", "waive", FEED, "2026-05-15", "--partner", "acme", "--reason", "holiday")).toContain(
    `no file of acme 2026-05-15 is expected of ${FEED} any more: recorded`,
  );
  expect(await json("files waive", "files", "waive", FEED, "2026-05-16", "--reason", "holiday")).toMatchObject({ partner: null });
  const events = JSON.parse(
    await told("query", "select subject, reason from ops.audit_event where event = 'part.waived' order by 1", "--json"),
  );
  expect(events).toEqual([
    { subject: `${FEED} 2026-05-16`, reason: "holiday" },
    { subject: `${FEED} acme 2026-05-15`, reason: "holiday" },
  ]);
  expect(await run("files", "waive", FEED, "2026-05-15", "--partner", "acme")).toMatchObject({
    code: 2,
    err: expect.stringContaining(`\`ledgerloop files waive ${FEED} 2026-05-15 --partner acme --reason "…"\``),
  });
  expect(await run("files", "waive", FEED, "2026-05-15", "--partner", "acne", "--reason", "holiday")).toMatchObject({
    code: 2,
    out: "",
    err: `no layout of ${FEED} is of a partner acne\n  next: did you mean --partner acme? layouts are there for acme, north\n`,
  });
  expect(await run("files", "waive", FEED, "2026-05-15", "--partner", "acme_2025", "--reason", "x")).toMatchObject({ code: 2 });
  expect(await run("files", "waive", FEED, "2026-02-31", "--reason", "holiday")).toMatchObject({ code: 2 });
  expect(await run("files", "waive", FEED, "someday", "--reason", "holiday")).toMatchObject({ code: 2 });
});

test("a path that two feeds know needs --feed", async () => {
  const text = readFileSync(join(pipeline, "sources/partners.yaml"), "utf8");
  const other = text.replace("source: partners", "source: others").replace("contract: partners.", "contract: others.");
  writeFileSync(join(pipeline, "sources/others.yaml"), other);
  const contract = readFileSync(join(pipeline, "contracts/partners.remittances.odcs.yaml"), "utf8");
  const renamed = contract.replace("id: partners.remittances", "id: others.remittances");
  writeFileSync(join(pipeline, "contracts/others.remittances.odcs.yaml"), renamed);
  const groups = join(pipeline, "pipeline.yaml");
  writeFileSync(
    groups,
    readFileSync(groups, "utf8").replace("[partners.remittances]", "[partners.remittances, others.remittances]"),
  );
  await told("run");
  const { code, err } = await run("files", "show", ONE);
  expect([code, err]).toEqual([
    2,
    `${ONE} is a file of others.remittances and of partners.remittances\n  next: add --feed with one of others.remittances, partners.remittances\n`,
  ]);
  expect(await json("files show", "files", "show", ONE, "--feed", "others.remittances")).toMatchObject({
    feed: "others.remittances",
  });
});
