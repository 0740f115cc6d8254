import type { Name } from "./conformance-subject.ts";

/** What a column that is a contract's key says of itself. */
export const KEY = "required: true\n        primaryKey: true\n        primaryKeyPosition: 1";

/** The contract of a feed of the fixture `claims`, of columns as YAML. */
export const claimsContract = (name: Name, columns: readonly string[]) => `apiVersion: v3.1.0
kind: DataContract
id: app.${name}
version: 1.0.0
status: active
team: { name: desk }
schema:
  - name: ${name}
    logicalType: object
    properties:${columns.join("")}
`;
