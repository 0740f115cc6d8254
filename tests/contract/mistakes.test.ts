import { expect, test } from "vitest";
import { parseContract } from "../../src/contract/parse-contract.ts";
import { contractText, FIRST_PROPERTY_LINE } from "./contract-text.ts";

const ID = "{ name: id, logicalType: string, primaryKey: true, primaryKeyPosition: 1, required: true }";
const SECOND = FIRST_PROPERTY_LINE + 1;

function problemsOf(text: string): string[] {
  return parseContract({ file: "c", text }).problems.map((p) => `${p.at?.line}:${p.at?.column} ${p.says} > ${p.next}`);
}

const TIES = "rule: ties, state: s, tied: [tied], differs: [differs], amount: n, currency: c";

const ties: [string, string, RegExp][] = [
  ["a column that is not there", TIES.replace("state: s", "state: stat"), /there is no column "stat"/],
  ["an amount that is a text", TIES.replace("amount: n", "amount: s"), /"amount" names s, which is no integer/],
  ["a state that is a number", TIES.replace("state: s", "state: n"), /"state" names n, which is no text/],
  ["a state in two places", TIES.replace("differs: [differs]", "differs: [tied]"), /the state "tied" stands there twice/],
  ["the engine's own state", `${TIES}, waiting: { states: [waiting], feed: s, key: [id] }`, /"waiting" is what the engine calls/],
  ["a feed that is a number", `${TIES}, waiting: { states: [absent], feed: n, key: [id] }`, /"feed" names n, which is no text/],
  ["no state that differs", TIES.replace("differs: [differs], ", ""), /"differs" is missing/],
];

test.each(ties)("ties: %s", (_name, implementation, message) => {
  const columns = ["s", "c"].map((name) => `{ name: ${name}, logicalType: string }`);
  const text = contractText(
    [ID, "{ name: n, logicalType: integer }", ...columns],
    ["quality:", `  - { id: tie, type: custom, engine: ledgerloop, implementation: { ${implementation} } }`],
  );
  expect(problemsOf(text).join("\n")).toMatch(message);
});

test("ties judges a table, not a column", () => {
  const entry = `{ id: tie, type: custom, engine: ledgerloop, implementation: { ${TIES} } }`;
  const columns = ["s", "c"].map((name) => `{ name: ${name}, logicalType: string }`);
  const text = contractText([ID, `{ name: n, logicalType: integer, quality: [${entry}] }`, ...columns]);
  expect(problemsOf(text).join("\n")).toMatch(/the rule ties judges rows of the object > move it to the object's quality/);
});

/** A mistake in the second property, whose text starts in column 9. */
const inProperty: [string, string, number, RegExp][] = [
  ["unknown key", "{ name: a, logicaltype: string }", 20, /unknown key "logicaltype" > did you mean "logicalType"/],
  ["standard but not executed", "{ name: a, logicalType: string, items: {} }", 41, /"items" is not executed by ledgerloop/],
  ["logical type of the standard", "{ name: a, logicalType: time }", 33, /logicalType "time" is not executed/],
  [
    "no logical type at all",
    "{ name: a, logicalType: strin }",
    33,
    /"strin" is not a value of logicalType > did you mean "string"/,
  ],
  ["number without precision", "{ name: a, logicalType: number }", 33, /no precision and scale/],
  ["scale above precision", "{ name: a, logicalType: number, physicalType: 'NUMERIC(2,3)' }", 55, /hold its scale/],
  [
    "option of another type",
    "{ name: a, logicalType: string, logicalTypeOptions: { minimum: 1 } }",
    63,
    /"minimum" has no meaning for a column of type string/,
  ],
  ["format", "{ name: a, logicalType: string, logicalTypeOptions: { format: email } }", 63, /"format" is not executed/],
  [
    "bad date limit",
    "{ name: a, logicalType: date, logicalTypeOptions: { minimum: '2020-1-1' } }",
    70,
    /does not fit a column of type date/,
  ],
  [
    "empty range",
    "{ name: a, logicalType: integer, logicalTypeOptions: { minimum: 2, maximum: 1 } }",
    62,
    /no value can lie in this range/,
  ],
  [
    "two lower limits",
    "{ name: a, logicalType: integer, logicalTypeOptions: { minimum: 2, exclusiveMinimum: 1 } }",
    94,
    /one lower limit/,
  ],
  ["lookaround", "{ name: a, logicalType: string, logicalTypeOptions: { pattern: '(?=a)' } }", 72, /uses lookaround/],
  ["backreference", "{ name: a, logicalType: string, logicalTypeOptions: { pattern: '(a)\\1' } }", 72, /uses a backreference/],
  ["broken pattern", "{ name: a, logicalType: string, logicalTypeOptions: { pattern: '(a' } }", 72, /is not valid/],
  ["nullable key", "{ name: a, logicalType: string, primaryKey: true, primaryKeyPosition: 2 }", 41, /"a" is not required/],
  ["column twice", "{ name: id, logicalType: string }", 17, /the column "id" is used twice/],
  [
    "severity",
    "{ name: a, logicalType: string, quality: [{ severity: fatal, metric: nullValues, mustBe: 0 }] }",
    63,
    /"fatal" is not a value of severity/,
  ],
  ["metric", "{ name: a, logicalType: string, quality: [{ metric: nullValue, mustBe: 0 }] }", 61, /did you mean "nullValues"/],
  ["no operator", "{ name: a, logicalType: string, quality: [{ metric: nullValues }] }", 51, /compares with nothing/],
  [
    "two operators",
    "{ name: a, logicalType: string, quality: [{ metric: nullValues, mustBe: 0, mustNotBe: 1 }] }",
    84,
    /has two operators/,
  ],
  [
    "limits out of order",
    "{ name: a, logicalType: string, quality: [{ id: x, metric: nullValues, mustBeBetween: [2, 1] }] }",
    80,
    /not in order/,
  ],
  [
    "metric without id",
    "{ name: a, logicalType: string, quality: [{ metric: nullValues, mustBe: 3 }] }",
    51,
    /a rule of kind metric needs an id/,
  ],
  [
    "missing argument",
    "{ name: a, logicalType: string, quality: [{ metric: invalidValues, mustBe: 0 }] }",
    61,
    /needs one argument/,
  ],
  [
    "foreign argument",
    "{ name: a, logicalType: string, quality: [{ metric: nullValues, arguments: { pattern: a }, mustBe: 0 }] }",
    95,
    /takes no argument "pattern"/,
  ],
  [
    "engine",
    "{ name: a, logicalType: string, quality: [{ type: custom, engine: soda, implementation: {} }] }",
    75,
    /the engine "soda" is not executed/,
  ],
  [
    "rule kind",
    "{ name: a, logicalType: string, quality: [{ type: custom, engine: ledgerloop, implementation: { rule: rnge } }] }",
    111,
    /"rnge" is not a value of rule > did you mean "range"/,
  ],
  [
    "a dependency of nothing",
    "{ name: a, logicalType: string, quality: [{ type: custom, engine: ledgerloop, implementation: { rule: functional_dependency } }] }",
    87,
    /the key "determines" is missing/,
  ],
  [
    "a dependency on an unknown column",
    "{ name: a, logicalType: string, quality: [{ type: custom, engine: ledgerloop, implementation: { rule: functional_dependency, determines: [ids] } }] }",
    147,
    /there is no column "ids" > did you mean "id"/,
  ],
  [
    "a dependency on its determinant",
    "{ name: a, logicalType: string, quality: [{ type: custom, engine: ledgerloop, implementation: { rule: functional_dependency, determines: [id, a] } }] }",
    146,
    /the column a determines itself > name it on one side only/,
  ],
  [
    "operator on custom",
    "{ name: a, logicalType: string, quality: [{ type: custom, engine: ledgerloop, implementation: { rule: immutable }, mustBe: 0 }] }",
    124,
    /"mustBe" has no meaning in an entry of type custom/,
  ],
  [
    "schedule",
    "{ name: a, logicalType: string, quality: [{ metric: nullValues, mustBe: 0, schedule: x }] }",
    84,
    /"schedule" is not executed/,
  ],
  [
    "two statements",
    "{ name: a, logicalType: string, quality: [{ id: q, type: sql, query: 'select 1; select 2', mustBe: 0 }] }",
    78,
    /contains a semicolon/,
  ],
  [
    "relationship property",
    "{ name: a, logicalType: string, relationships: [{ to: b.c, customProperties: [{ property: acton, value: hold }] }] }",
    99,
    /did you mean "action"/,
  ],
  [
    "relationship action",
    "{ name: a, logicalType: string, relationships: [{ to: b.c, customProperties: [{ property: action, value: wait }] }] }",
    114,
    /"wait" is not a value of action/,
  ],
  [
    "reference by path",
    "{ name: a, logicalType: string, relationships: [{ to: schema/b/properties/c }] }",
    63,
    /a reference by path is not executed/,
  ],
];

test.each(inProperty)("%s", (...[, property, column, message]) => {
  const problems = problemsOf(contractText([ID, property]));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(message);
  expect(problems[0]).toMatch(new RegExp(`^${SECOND}:${column} `));
});

test("rules that name columns which do not exist", () => {
  const rule = (body: string): string =>
    `  - { id: r${body.length}, type: custom, engine: ledgerloop, implementation: { ${body} } }`;
  const problems = problemsOf(
    contractText(
      [ID, "{ name: amount, logicalType: integer }"],
      [
        "quality:",
        rule("rule: expression, expression: amuont > 0, nulls: pass"),
        rule("rule: immutable, columns: [id, ammount]"),
        rule("rule: sum_equals, left: amount, right: x"),
      ],
    ),
  );
  expect(problems).toEqual([
    expect.stringMatching(/^14:102 there is no column "amuont" > did you mean "amount"/),
    expect.stringMatching(/^15:103 there is no column "ammount" > did you mean "amount"/),
    expect.stringMatching(/^16:111 there is no column "x" > .*columns: id, amount/),
  ]);
});

test.each([
  ["id in (select 1)", "contains a subquery; it sees one row only"],
  ["id > avg(id)", "contains the aggregate avg(); it sees one row only"],
  ["id < MAX (id)", "contains the aggregate max(); it sees one row only"],
  ["row_number() over (partition by id) = 1", "contains a window function; it sees one row only"],
  ["sum(id) over (order by id) > 0", "contains a window function; it sees one row only"],
])("an expression sees one row: %s", (expression, says) => {
  const implementation = `{ rule: expression, expression: "${expression}", nulls: pass }`;
  const text = contractText(
    [ID],
    ["quality:", `  - { id: r, type: custom, engine: ledgerloop, implementation: ${implementation} }`],
  );
  const [problem] = problemsOf(text);
  expect(problem).toContain(`"expression" ${says} > `);
  expect(problem).toContain("a rule of type sql compares a number of the whole batch");
});

test("rule ids are unique", () => {
  const twice = "{ metric: invalidValues, arguments: { validValues: [a] }, mustBe: 0 }";
  const problems = problemsOf(contractText([ID, `{ name: a, logicalType: string, quality: [${twice}, ${twice}] }`]));
  expect(problems).toEqual([expect.stringMatching(/^12:122 the rule id "a.accepted" is used twice/)]);
});

test("the document as a whole", () => {
  const text = contractText([ID]);
  expect(problemsOf(text.replace("v3.1.0", "v3.0.2"))[0]).toMatch(/^1:13 "apiVersion" must be an ODCS version of the v3.1 line/);
  expect(problemsOf(text.replace("v3.1.0", "v3.1.7"))).toEqual([]);
  expect(problemsOf(text.replace("version: 1.0.0\n", ""))[0]).toMatch(/^1:1 the key "version" is missing/);
  expect(problemsOf(text.replace("version: 1.0.0", "version: 1.0"))[0]).toMatch(/^4:10 "version" must be a string/);
  expect(problemsOf(text.replace("team: { name: data-engineering }\n", ""))[0]).toMatch(/^1:1 the contract names no owner/);
  expect(problemsOf(`${text}quality: []\n`)[0]).toMatch(/^12:1 unknown key "quality"/);
  expect(problemsOf(text.replace("    properties:", "    properties: []\n    tags:"))[0]).toMatch(
    /^10:17 "properties" must be a list with at least/,
  );
  expect(problemsOf("")[0]).toMatch(/^1:1 "the document" must be a map/);
});

test("YAML itself", () => {
  expect(problemsOf("id: a\n__proto__: { x: 1 }\n")).toEqual(['2:1 nothing can be called "__proto__" > give it another name']);
  expect(problemsOf("a: 1\nb: 2\na: 3\n")).toEqual([expect.stringMatching(/^3:1 the key "a" stands twice/)]);
  expect(problemsOf("a: 1\n---\nb: 2\n")[0]).toMatch(/more than one YAML document/);
  expect(problemsOf("a: !secret b\n")[0]).toMatch(/^1:4 this is not valid YAML/);
  expect(problemsOf("a: [1, 2\n")[0]).toMatch(/^\d+:\d+ /);
  const bomb = [
    "a: &a [x, x, x, x, x, x, x, x, x, x]",
    ..."bcdef".split("").map((c, i) => `${c}: &${c} [${Array(10).fill(`*${"abcde"[i]}`).join(", ")}]`),
  ].join("\n");
  expect(problemsOf(bomb)[0]).toMatch(/aliases of this file expand/);
});
