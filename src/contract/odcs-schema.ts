import { z } from "zod";
import { NORMALISATIONS } from "./rule.ts";

/** Allowed by the standard, but it would change what the data means and this engine does not do it. */
const notExecuted = z.never().optional();

/** Allowed by the standard and purely descriptive: kept in the file, not looked at. */
const descriptive = z.unknown().optional();

const described = {
  id: z.string().optional(),
  description: z.string().optional(),
  businessName: descriptive,
  tags: descriptive,
  authoritativeDefinitions: descriptive,
};

const scalar = z.union([z.string(), z.number(), z.boolean()], "a text, a number or true/false");

/** Name and value pairs that ledgerloop reads; an unknown name is refused where meaning hangs on it. */
const customProperty = z.strictObject({
  id: z.string().optional(),
  property: z.string(),
  value: z.unknown(),
  description: descriptive,
});

const RelationshipSchema = z.strictObject({
  type: z.enum(["foreignKey"]).optional(),
  from: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  to: z.union([z.string(), z.array(z.string()).min(1)]),
  customProperties: z.array(customProperty).optional(),
});

const between = z.tuple([z.number(), z.number()], "a list of two numbers, the smaller first");

export const OperatorShape = {
  mustBe: z.number().optional(),
  mustNotBe: z.number().optional(),
  mustBeGreaterThan: z.number().optional(),
  mustBeGreaterOrEqualTo: z.number().optional(),
  mustBeLessThan: z.number().optional(),
  mustBeLessOrEqualTo: z.number().optional(),
  mustBeBetween: between.optional(),
  mustNotBeBetween: between.optional(),
};

const QualitySchema = z.strictObject({
  id: z.string().optional(),
  name: descriptive,
  description: z.string().optional(),
  type: z.enum(["library", "text", "sql", "custom"]).optional(),
  dimension: z.enum(["accuracy", "completeness", "conformity", "consistency", "coverage", "timeliness", "uniqueness"]).optional(),
  method: descriptive,
  severity: z.enum(["error", "warning", "info"]).optional(),
  businessImpact: descriptive,
  unit: z.enum(["rows", "percent"]).optional(),
  schedule: notExecuted,
  scheduler: notExecuted,
  tags: descriptive,
  authoritativeDefinitions: descriptive,
  customProperties: z.array(customProperty).optional(),
  metric: z.enum(["rowCount", "nullValues", "missingValues", "invalidValues", "duplicateValues"]).optional(),
  arguments: z
    .strictObject({
      missingValues: z
        .array(z.union([z.string(), z.number(), z.null()], "a text, a number or null"))
        .min(1)
        .optional(),
      validValues: z.array(scalar).min(1).optional(),
      pattern: z.string().optional(),
      properties: z.array(z.string()).min(1).optional(),
    })
    .optional(),
  query: z.string().optional(),
  engine: z.string().optional(),
  implementation: z.unknown().optional(),
  ...OperatorShape,
});

const bound = z.union([z.number(), z.string()], "a number, or a date or instant as text");

const RangeShape = {
  minimum: bound.optional(),
  maximum: bound.optional(),
  exclusiveMinimum: bound.optional(),
  exclusiveMaximum: bound.optional(),
  multipleOf: z.number().positive().optional(),
};

const LengthShape = { minLength: z.int().min(0).optional(), maxLength: z.int().min(0).optional() };

const TypeOptionsSchema = z.strictObject({
  ...LengthShape,
  pattern: z.string().optional(),
  ...RangeShape,
  timezone: z.boolean().optional(),
  defaultTimezone: z.enum(["UTC", "Etc/UTC"]).optional(),
  format: notExecuted,
  minItems: notExecuted,
  maxItems: notExecuted,
  uniqueItems: notExecuted,
  minProperties: notExecuted,
  maxProperties: notExecuted,
  required: notExecuted,
});

const nulls = z.enum(["pass", "fail"]);
const columns = z.array(z.string()).min(1);
const states = z.array(z.string().min(1)).min(1);

/** The value of a property's custom property `money`. */
export const MoneySchema = z.strictObject({ unit: z.enum(["minor", "major"]), currency: z.string().min(1) });

/** What `implementation` of a `custom` quality entry with `engine: ledgerloop` may say. */
export const ImplementationSchema = z.discriminatedUnion("rule", [
  z.strictObject({ rule: z.literal("expression"), expression: z.string(), nulls }),
  z.strictObject({ rule: z.literal("immutable"), columns: columns.optional() }),
  z.strictObject({ rule: z.literal("sum_equals"), left: z.string(), right: z.string(), by: z.array(z.string()).default([]) }),
  z.strictObject({
    rule: z.literal("unique"),
    columns: columns.optional(),
    survivor: z.strictObject({ order: z.enum(["newest", "oldest"]), by: z.string() }).optional(),
    normalise: z.array(z.enum(NORMALISATIONS)).min(1).optional(),
  }),
  z.strictObject({
    rule: z.literal("functional_dependency"),
    columns: columns.optional(),
    determines: columns,
    majority: z.boolean().default(false),
  }),
  z.strictObject({
    rule: z.literal("ties"),
    state: z.string(),
    tied: states,
    differs: states,
    amount: z.string(),
    currency: z.string(),
    waiting: z.strictObject({ states, feed: z.string(), key: columns }).optional(),
  }),
  z.strictObject({ rule: z.literal("accepted"), values: z.array(scalar).min(1), nulls: nulls.optional() }),
  z.strictObject({ rule: z.literal("range"), ...RangeShape, nulls: nulls.optional() }),
  z.strictObject({ rule: z.literal("pattern"), pattern: z.string(), nulls: nulls.optional() }),
  z.strictObject({ rule: z.literal("length"), ...LengthShape, nulls: nulls.optional() }),
]);

const PropertySchema = z.strictObject({
  ...described,
  name: z.string().min(1),
  logicalType: z.string(),
  logicalTypeOptions: TypeOptionsSchema.optional(),
  physicalType: z.string().optional(),
  physicalName: z.string().optional(),
  primaryKey: z.boolean().optional(),
  primaryKeyPosition: z.int().min(-1).optional(),
  required: z.boolean().optional(),
  unique: z.boolean().optional(),
  partitioned: descriptive,
  partitionKeyPosition: descriptive,
  classification: z.string().optional(),
  encryptedName: descriptive,
  transformSourceObjects: z.array(z.string().min(1, "the name of a column"), "a list of columns, [] for none").optional(),
  transformLogic: descriptive,
  transformDescription: z.string().optional(),
  examples: descriptive,
  criticalDataElement: descriptive,
  customProperties: z.array(customProperty).optional(),
  items: notExecuted,
  properties: notExecuted,
  relationships: z.array(RelationshipSchema).optional(),
  quality: z.array(QualitySchema).optional(),
});

const ObjectSchema = z.strictObject({
  ...described,
  name: z.string().min(1),
  logicalType: z.enum(["object"]).optional(),
  physicalName: descriptive,
  physicalType: descriptive,
  dataGranularityDescription: descriptive,
  customProperties: z.array(customProperty).optional(),
  properties: z.array(PropertySchema).min(1, "a list with at least one property"),
  relationships: z.array(RelationshipSchema).optional(),
  quality: z.array(QualitySchema).optional(),
});

const ServiceLevelSchema = z.strictObject({
  id: z.string().optional(),
  property: z.string(),
  value: z.union([scalar, z.null()]),
  valueExt: descriptive,
  unit: z.string().optional(),
  element: z.string().optional(),
  driver: descriptive,
  description: descriptive,
  scheduler: descriptive,
  schedule: descriptive,
});

/** The parts of an Open Data Contract Standard v3.1 document that ledgerloop executes or shows. */
export const ContractSchema = z.strictObject({
  apiVersion: z.string().regex(/^v3\.1\.\d+$/, "an ODCS version of the v3.1 line, such as v3.1.0"),
  kind: z.literal("DataContract"),
  id: z.string().min(1),
  version: z.string(),
  status: z.string(),
  name: descriptive,
  tenant: descriptive,
  tags: descriptive,
  servers: descriptive,
  dataProduct: descriptive,
  description: descriptive,
  domain: descriptive,
  schema: z.array(ObjectSchema).length(1, "a list of exactly one object (one feed or table a contract)"),
  support: descriptive,
  price: descriptive,
  team: z.unknown().optional(),
  roles: descriptive,
  slaDefaultElement: descriptive,
  slaProperties: z.array(ServiceLevelSchema).optional(),
  authoritativeDefinitions: descriptive,
  customProperties: descriptive,
  contractCreatedTs: descriptive,
});

export type OdcsObject = z.output<typeof ObjectSchema>;
export type OdcsProperty = z.output<typeof PropertySchema>;
export type OdcsQuality = z.output<typeof QualitySchema>;
export type OdcsRelationship = z.output<typeof RelationshipSchema>;
export type OdcsTypeOptions = z.output<typeof TypeOptionsSchema>;
export type Implementation = z.output<typeof ImplementationSchema>;
