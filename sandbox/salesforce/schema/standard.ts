import { decimal, divided, textOfDecimal } from "../decimals.ts";
import type { Fields, Value } from "../values.ts";
import { addressOf, type Field, fieldOf, referenceTo, type SObject, systemField } from "./fields.ts";

/** Fields of every object whose rows are written, and of none in a single-currency org. */
export function systemFields(currencies: readonly string[] | null): Field[] {
  return [
    systemField("Id", "id"),
    systemField("IsDeleted", "boolean"),
    ...(currencies ? [fieldOf({ name: "CurrencyIsoCode", type: "picklist", length: 3, picklist: currencies })] : []),
    referenceTo("OwnerId", "User", { nillable: false }),
    systemField("CreatedDate", "datetime"),
    referenceTo("CreatedById", "User", { nillable: false, createable: false, updateable: false }),
    systemField("LastModifiedDate", "datetime"),
    referenceTo("LastModifiedById", "User", { nillable: false, createable: false, updateable: false }),
    systemField("SystemModstamp", "datetime"),
  ];
}

const text = (name: string, length: number, more: Partial<Field> = {}) => fieldOf({ name, type: "string", length, ...more });
const picklist = (name: string, ...values: readonly string[]) => fieldOf({ name, type: "picklist", picklist: values });
const currency = (name: string, scale = 2) => fieldOf({ name, type: "currency", precision: 18, scale });
const masterRecord = (object: string) => referenceTo("MasterRecordId", object, { createable: false, updateable: false });

/** Amount times probability in hundredths, as the service keeps its expected revenue. */
function expectedRevenue(row: Fields): Value {
  const [amount, probability] = [row["Amount"], row["Probability"]];
  if (typeof amount !== "string" || typeof probability !== "string") return null;
  const [a, b] = [decimal(amount), decimal(probability)];
  return textOfDecimal(divided({ units: a.units * b.units, scale: a.scale + b.scale }, { units: 100n, scale: 0 }, 2));
}

const STAGES = ["Prospecting", "Qualification", "Proposal/Price Quote", "Negotiation/Review", "Closed Won", "Closed Lost"];

const account = () => [
  masterRecord("Account"),
  text("Name", 255, { nillable: false }),
  picklist("Type", "Prospect", "Customer - Direct", "Customer - Channel", "Other"),
  referenceTo("ParentId", "Account"),
  picklist("Industry", "Banking", "Energy", "Retail", "Technology"),
  text("AccountNumber", 40),
  fieldOf({ name: "Phone", type: "phone" }),
  fieldOf({ name: "Website", type: "url" }),
  currency("AnnualRevenue", 0),
  fieldOf({ name: "NumberOfEmployees", type: "int" }),
  fieldOf({ name: "Description", type: "textarea" }),
  ...addressOf("BillingAddress"),
];

const contact = () => [
  masterRecord("Contact"),
  referenceTo("AccountId", "Account"),
  text("LastName", 80, { nillable: false }),
  text("FirstName", 40),
  text("Name", 121, {
    nillable: false,
    createable: false,
    updateable: false,
    compute: (row) => [row["FirstName"], row["LastName"]].filter(Boolean).join(" "),
  }),
  fieldOf({ name: "Email", type: "email" }),
  fieldOf({ name: "Phone", type: "phone" }),
  fieldOf({ name: "Birthdate", type: "date" }),
  ...addressOf("MailingAddress"),
];

const opportunity = () => [
  referenceTo("AccountId", "Account"),
  text("Name", 120, { nillable: false }),
  picklist("StageName", ...STAGES),
  currency("Amount"),
  fieldOf({ name: "Probability", type: "percent", precision: 3, scale: 0 }),
  fieldOf({ name: "ExpectedRevenue", type: "currency", calculated: true, compute: expectedRevenue }),
  fieldOf({ name: "CloseDate", type: "date", nillable: false }),
  fieldOf({ name: "IsClosed", type: "boolean", createable: false, updateable: false, compute: (row) => isClosed(row) }),
  fieldOf({ name: "Description", type: "textarea" }),
  fieldOf({ name: "Signed__c", type: "datetime" }),
  text("Account_Name__c", 1300, {
    calculated: true,
    compute: (row, store) => store.find(String(row["AccountId"]))?.["Name"] ?? null,
  }),
];

const isClosed = ({ StageName }: Fields) => typeof StageName === "string" && StageName.startsWith("Closed");

const order = () => [
  referenceTo("AccountId", "Account", { nillable: false }),
  text("OrderNumber", 30, { nillable: false, createable: false, updateable: false }),
  picklist("Status", "Draft", "Activated", "Canceled"),
  fieldOf({ name: "EffectiveDate", type: "date", nillable: false }),
  fieldOf({ name: "EndDate", type: "date" }),
  currency("TotalAmount"),
  text("OrderReferenceNumber", 80),
  referenceTo("OpportunityId", "Opportunity"),
];

const usage = () => [
  text("Name", 80),
  referenceTo("Account__c", "Account"),
  fieldOf({ name: "Units__c", type: "double", precision: 18, scale: 4 }),
  currency("Fee__c"),
  fieldOf({ name: "Discount__c", type: "percent", precision: 5, scale: 2 }),
  fieldOf({ name: "Count__c", type: "int" }),
  fieldOf({ name: "Measured__c", type: "datetime" }),
  fieldOf({ name: "Day__c", type: "date" }),
  fieldOf({ name: "Billable__c", type: "boolean" }),
];

const user = () => [
  systemField("Id", "id"),
  text("Username", 80, { nillable: false }),
  text("Name", 121, { nillable: false }),
  fieldOf({ name: "Email", type: "email", nillable: false }),
  fieldOf({ name: "IsActive", type: "boolean" }),
  systemField("CreatedDate", "datetime"),
  systemField("LastModifiedDate", "datetime"),
  systemField("SystemModstamp", "datetime"),
];

const organization = () => [
  systemField("Id", "id"),
  text("Name", 80, { nillable: false }),
  fieldOf({ name: "IsSandbox", type: "boolean" }),
  text("OrganizationType", 40),
  text("InstanceName", 5),
  text("DefaultLocaleSidKey", 40),
  text("TimeZoneSidKey", 40),
  systemField("CreatedDate", "datetime"),
  systemField("SystemModstamp", "datetime"),
];

const permissions = () => [
  systemField("Id", "id"),
  systemField("PermissionsViewAllData", "boolean"),
  systemField("PermissionsModifyAllData", "boolean"),
  systemField("PermissionsApiEnabled", "boolean"),
];

const currencyType = () => [
  systemField("Id", "id"),
  text("IsoCode", 3, { nillable: false }),
  fieldOf({ name: "ConversionRate", type: "double", precision: 18, scale: 6 }),
  fieldOf({ name: "DecimalPlaces", type: "int" }),
  fieldOf({ name: "IsActive", type: "boolean" }),
  fieldOf({ name: "IsCorporate", type: "boolean" }),
  systemField("CreatedDate", "datetime"),
  systemField("SystemModstamp", "datetime"),
];

const object = (name: string, keyPrefix: string, fields: readonly Field[]): SObject => ({
  name,
  label: name.replace(/__c$/, ""),
  keyPrefix,
  fields,
  replicateable: !["Organization", "UserPermissionAccess", "CurrencyType"].includes(name),
});

/** The objects of a new org. */
export function standardObjects(currencies: readonly string[] | null): SObject[] {
  const written = (own: readonly Field[]) => {
    const [id, ...system] = systemFields(currencies);
    return id ? [id, ...own, ...system] : [];
  };
  return [
    object("Account", "001", written(account())),
    object("Contact", "003", written(contact())),
    object("Opportunity", "006", written(opportunity())),
    object("Order", "801", written(order())),
    object("Usage__c", "a01", written(usage())),
    object("User", "005", user()),
    object("Organization", "00D", organization()),
    object("UserPermissionAccess", "0PX", permissions()),
    ...(currencies ? [object("CurrencyType", "01L", currencyType())] : []),
  ];
}
