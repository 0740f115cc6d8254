import { Refusal } from "./refusal.ts";

/** A key of the account. */
export interface ApiKey {
  /** `sk_test_…`, or `rk_test_…` for one with fewer rights. */
  readonly secret: string;
  /** Resources, such as `charges` or `balance`, that the key may not read or write. */
  readonly forbidden?: readonly string[];
  /** Its time is over. */
  readonly expired?: boolean;
}

/** A key as messages may show it: its kind and its last four letters. */
export function masked(secret: string): string {
  const kind = /^[a-z]+_(?:test_|live_)?/.exec(secret)?.[0] ?? "";
  return `${kind}${"*".repeat(8)}${secret.slice(-4)}`;
}

const NO_KEY =
  "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth " +
  "(e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details.";

/** The secret that a header carries, as a bearer or as the user name of basic authentication. */
function secretIn(header: string | undefined): string | undefined {
  const [scheme, value] = (header ?? "").split(" ");
  if (value === undefined) return undefined;
  if (/^bearer$/i.test(scheme ?? "")) return value;
  if (/^basic$/i.test(scheme ?? "")) return Buffer.from(value, "base64").toString("utf8").split(":")[0];
  return undefined;
}

/** A key whose time is over. */
export function expiredKey(secret: string): Refusal {
  return new Refusal({ status: 401, message: `Expired API Key provided: ${masked(secret)}`, code: "api_key_expired" });
}

/** The key of a request. Refuses with 401 what is no key of the account. */
export function keyOf(keys: readonly ApiKey[], header: string | undefined): ApiKey {
  const secret = secretIn(header);
  if (!secret) throw new Refusal({ status: 401, message: NO_KEY });
  const key = keys.find((one) => one.secret === secret);
  if (!key) throw new Refusal({ status: 401, message: `Invalid API Key provided: ${masked(secret)}` });
  if (key.expired) throw expiredKey(secret);
  return key;
}

/** A right that a key does not have: 403. */
export function lackingRight(key: ApiKey, resource: string, account: string): Refusal {
  const message = `The provided key '${masked(key.secret)}' does not have the required permissions for this endpoint on account '${account}'.`;
  return new Refusal({
    status: 403,
    message: `${message} Having the right to '${resource}' would allow this request to continue.`,
  });
}

/** Refuses with 403 what the key may not use. */
export function expectRight(key: ApiKey, resource: string, account: string): void {
  if (key.forbidden?.includes(resource)) throw lackingRight(key, resource, account);
}
