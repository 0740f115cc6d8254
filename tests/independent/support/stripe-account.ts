/** An object of Stripe, as its API shows it. */
export type StripeObject = Readonly<Record<string, unknown>> & { readonly id: string };

/** Parameters of a request; nested ones as Stripe has them: `created: { gte: 1 }`, `types: ["a", "b"]`. */
export interface StripeParams {
  readonly [name: string]: string | number | boolean | StripeParams | readonly (string | number | StripeParams)[];
}

/** An answer that is not 2xx. */
export class StripeRefusal extends Error {
  readonly status: number;
  readonly code: string | null;
  readonly param: string | null;

  constructor(status: number, error: { message?: string; code?: string; param?: string } = {}) {
    super(`${status}: ${error.message ?? "no message"}`);
    this.status = status;
    this.code = error.code ?? null;
    this.param = error.param ?? null;
  }
}

/** One account of a Stripe server, asked by code that knows nothing of the product. */
export interface StripeAccount {
  /** Ends with `/`; requests name their version in the path: `v1/customers`. */
  readonly address: string;
  /** What it takes for a key. */
  readonly key: string;
  get(path: string, params?: StripeParams): Promise<StripeObject>;
  post(path: string, params?: StripeParams): Promise<StripeObject>;
  remove(path: string): Promise<StripeObject>;
  /** Every object of a list, page after page, in the list's own order. */
  all(path: string, params?: StripeParams): Promise<StripeObject[]>;
}

function pairs(params: StripeParams, of = ""): [string, string][] {
  return Object.entries(params).flatMap(([name, value]): [string, string][] => {
    const key = of === "" ? name : `${of}[${name}]`;
    return typeof value === "object" ? pairs(value as StripeParams, key) : [[key, String(value)]];
  });
}

/** Parameters as a query or a form has them. */
export function encoded(params: StripeParams): string {
  return new URLSearchParams(pairs(params)).toString();
}

interface Page {
  readonly data: readonly StripeObject[];
  readonly has_more: boolean;
}

/** Talks to an account with fetch and nothing else. */
export function stripeAccount(address: string, key: string): StripeAccount {
  const call = async (method: string, path: string, params: StripeParams = {}): Promise<StripeObject> => {
    const [text, isPost] = [encoded(params), method === "POST"];
    const response = await fetch(`${address}v1/${path}${isPost || text === "" ? "" : `?${text}`}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(isPost ? { "content-type": "application/x-www-form-urlencoded" } : {}) },
      ...(isPost ? { body: text } : {}),
    });
    const body = (await response.json()) as StripeObject;
    if (!response.ok) throw new StripeRefusal(response.status, body["error"] as object);
    return body;
  };
  const all = async (path: string, params: StripeParams = {}): Promise<StripeObject[]> => {
    const found: StripeObject[] = [];
    for (;;) {
      const last = found.at(-1);
      const from = last === undefined ? {} : { starting_after: last.id };
      const page = (await call("GET", path, { limit: 100, ...params, ...from })) as unknown as Page;
      found.push(...page.data);
      if (!page.has_more) return found;
    }
  };
  return {
    address,
    key,
    get: (path, params) => call("GET", path, params),
    post: (path, params) => call("POST", path, params),
    remove: (path) => call("DELETE", path),
    all,
  };
}
