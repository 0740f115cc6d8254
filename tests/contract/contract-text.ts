import type { Contract } from "../../src/contract/contract.ts";
import { parseContract } from "../../src/contract/parse-contract.ts";
import type { Rule } from "../../src/contract/rule.ts";

/** The lines that every contract of these tests starts with; properties begin on line 12. */
const HEAD = `apiVersion: v3.1.0
kind: DataContract
id: shop.orders
version: 1.0.0
status: active
team: { name: data-engineering }
schema:
  - name: orders
    logicalType: object
`;

export const FIRST_PROPERTY_LINE = 11;

/** A contract text with flow-style properties, one a line, and entries of the object. */
export function contractText(properties: readonly string[], object: readonly string[] = []): string {
  return [`${HEAD}    properties:`, ...properties.map((p) => `      - ${p}`), ...object.map((line) => `    ${line}`), ""].join(
    "\n",
  );
}

/** Parses and fails loudly when there is a problem. */
export function contractOf(properties: readonly string[], object: readonly string[] = []): Contract {
  const { contract, problems } = parseContract({ file: "c.odcs.yaml", text: contractText(properties, object) });
  if (!contract) throw new Error(JSON.stringify(problems, null, 1));
  return contract;
}

/** A rule without the parts that only say where it came from. */
export function ruleOf(contract: Contract, id: string): Partial<Rule> {
  const rule = contract.rules.find((r) => r.id === id);
  if (!rule) throw new Error(`no rule ${id} in ${contract.rules.map((r) => r.id).join(", ")}`);
  const { at: _at, fingerprint: _fingerprint, owner: _owner, id: _id, ...rest } = rule;
  return rest;
}
