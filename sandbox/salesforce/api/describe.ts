import type { Field } from "../schema/fields.ts";
import type { Seen } from "../sight.ts";
import { type FieldType, isNumeric } from "../values.ts";
import { type Answer, type Asked, okay } from "./asked.ts";
import { notFound } from "./refusal.ts";

const SOAP: Partial<Record<FieldType, string>> = {
  id: "tns:ID",
  reference: "tns:ID",
  boolean: "xsd:boolean",
  int: "xsd:int",
  double: "xsd:double",
  currency: "xsd:double",
  percent: "xsd:double",
  date: "xsd:date",
  datetime: "xsd:dateTime",
  address: "urn:address",
};

const picklistOf = (values: readonly string[]) =>
  values.map((value) => ({ active: true, defaultValue: false, label: value, validFor: null, value }));

/** What is always so of a simulator's fields. */
const CONSTANT = {
  aiPredictionField: false,
  autoNumber: false,
  calculatedFormula: null,
  cascadeDelete: false,
  controllerName: null,
  defaultValue: null,
  defaultValueFormula: null,
  dependentPicklist: false,
  deprecatedAndHidden: false,
  displayLocationInDecimal: false,
  encrypted: false,
  externalId: false,
  extraTypeInfo: null,
  filteredLookupInfo: null,
  formulaTreatNullNumberAsZero: false,
  highScaleNumber: false,
  htmlFormatted: false,
  inlineHelpText: null,
  mask: null,
  maskType: null,
  polymorphicForeignKey: false,
  queryByDistance: false,
  referenceTargetField: null,
  relationshipOrder: null,
  restrictedDelete: false,
  restrictedPicklist: false,
  unique: false,
  writeRequiresMasterRead: false,
};

function fieldShape(field: Field) {
  const { name, type, label, length, precision, scale, nillable, createable, updateable, calculated } = field;
  const plainType = type !== "address" && !(type === "textarea" && length > 255);
  return {
    ...CONSTANT,
    aggregatable: plainType && type !== "boolean",
    byteLength: length * 3,
    calculated,
    caseSensitive: false,
    compoundFieldName: field.compound,
    createable,
    custom: name.endsWith("__c"),
    defaultedOnCreate: !createable && !calculated,
    digits: type === "int" ? 9 : 0,
    filterable: plainType,
    groupable: plainType && type !== "datetime" && (!isNumeric(type) || type === "int"),
    idLookup: type === "id",
    label,
    length,
    name,
    nameField: name === "Name" || name === "OrderNumber",
    namePointing: false,
    nillable,
    permissionable: nillable && type !== "id",
    picklistValues: picklistOf(field.picklist),
    precision: type === "int" ? 0 : precision,
    referenceTo: field.referenceTo,
    relationshipName: field.relationshipName,
    scale,
    searchPrefilterable: false,
    soapType: SOAP[type] ?? "xsd:string",
    sortable: plainType,
    type,
    updateable,
  };
}

function headOf({ name, label, keyPrefix, replicateable }: Seen, version: string) {
  const url = `/services/data/v${version}/sobjects/${name}`;
  return {
    activateable: false,
    associateEntityType: null,
    associateParentEntity: null,
    createable: replicateable,
    custom: name.endsWith("__c"),
    customSetting: false,
    deepCloneable: false,
    deletable: replicateable,
    deprecatedAndHidden: false,
    feedEnabled: false,
    hasSubtypes: false,
    isInterface: false,
    isSubtype: false,
    keyPrefix,
    label,
    labelPlural: `${label}s`,
    layoutable: true,
    mergeable: name === "Account" || name === "Contact",
    mruEnabled: true,
    name,
    queryable: true,
    replicateable,
    retrieveable: true,
    searchable: replicateable,
    triggerable: replicateable,
    undeletable: replicateable,
    updateable: replicateable,
    urls: { sobject: url, describe: `${url}/describe`, rowTemplate: `${url}/{ID}` },
  };
}

/** The object that an address names. Refuses with 404. */
export function objectIn({ sight, parts }: Asked): Seen {
  const object = sight.object(decodeURIComponent(parts[0] ?? ""));
  if (!object) throw notFound();
  return object;
}

/** All objects, without their fields. */
export function describeAll({ sight, version }: Asked): Answer {
  return okay({ encoding: "UTF-8", maxBatchSize: 200, sobjects: sight.objects().map((one) => headOf(one, version)) });
}

/** An object with its fields. */
export function describe(asked: Asked): Answer {
  const object = objectIn(asked);
  return okay({
    actionOverrides: [],
    childRelationships: [],
    compactLayoutable: true,
    defaultImplementation: null,
    extendedBy: null,
    extendsInterfaces: null,
    fields: object.fields.map(fieldShape),
    implementedBy: null,
    implementsInterfaces: null,
    listviewable: null,
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: [],
    sobjectDescribeOption: "FULL",
    supportedScopes: [{ label: "All", name: "everything" }],
    ...headOf(object, asked.version),
  });
}

/** An object in short, with what was looked at last: nothing. */
export function describeBriefly(asked: Asked): Answer {
  return okay({ objectDescribe: headOf(objectIn(asked), asked.version), recentItems: [] });
}
