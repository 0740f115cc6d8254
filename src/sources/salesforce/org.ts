import { Failure } from "../../kernel/problem.ts";
import type { SalesforceApi } from "./api.ts";
import { notJson, viewAllMissing } from "./problems.ts";
import { queryRows } from "./query-rest.ts";

/** Whose records a login shows. */
export interface Identity {
  /** The org's id, 18 characters. */
  readonly org: string;
  readonly sandbox: boolean;
}

/** The words of an org for people. */
export const identityText = ({ org, sandbox }: Identity) => `org ${org} (${sandbox ? "sandbox" : "production"})`;

export interface Org {
  readonly identity: Identity;
}

/**
 * Proves that the user sees all data; asked again behind a read, since a right that is taken away meanwhile shrinks rows and counts alike.
 * @throws Failure `incomplete` where it does not.
 */
export async function proveRights(api: SalesforceApi, source: string): Promise<void> {
  const name = "read the user's rights";
  const [rights] = await queryRows(api, source, { name, soql: "SELECT PermissionsViewAllData FROM UserPermissionAccess" });
  if (rights === undefined) throw new Failure("incomplete", notJson({ source, name }));
  if (rights["PermissionsViewAllData"] !== true) throw new Failure("incomplete", viewAllMissing(source));
}

/**
 * Which org it is, once it is known that the user sees all of it.
 * @throws Failure `incomplete` where it does not: records that are not shared with it would look deleted.
 */
export async function openOrg(api: SalesforceApi, source: string): Promise<Org> {
  const [organization] = await queryRows(api, source, {
    name: "read the organization",
    soql: "SELECT Id, IsSandbox FROM Organization",
  });
  const { Id: org, IsSandbox: sandbox } = organization ?? {};
  if (typeof org !== "string" || typeof sandbox !== "boolean") {
    throw new Failure("incomplete", notJson({ source, name: "read the organization" }));
  }
  await proveRights(api, source);
  return { identity: { org, sandbox } };
}

/** The currency whose sums the org does not convert: of several currencies the corporate one. Null where it says none. */
export async function corporateCurrency(api: SalesforceApi, source: string): Promise<string | null> {
  const [found] = await queryRows(api, source, {
    name: "read the corporate currency",
    soql: "SELECT IsoCode FROM CurrencyType WHERE IsCorporate = true",
  });
  const code = found?.["IsoCode"];
  return typeof code === "string" ? code : null;
}
