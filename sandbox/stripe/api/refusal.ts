import type { JsonObject } from "../json.ts";

/** What is wrong with a request, as Stripe names it. */
export interface RefusalFields {
  readonly status: number;
  readonly message: string;
  readonly type?: string;
  readonly code?: string;
  readonly param?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown where a request is answered with an error. */
export class Refusal extends Error {
  readonly fields: RefusalFields;
  constructor(fields: RefusalFields) {
    super(fields.message);
    this.fields = fields;
  }
}

/** An error for what the request asks: 400, `invalid_request_error`. */
export function invalid(message: string, more: { param?: string; code?: string } = {}): Refusal {
  return new Refusal({ status: 400, message, ...more });
}

/** An object that is not there, 404 where its address was asked for, 400 where a parameter names it. */
export function missing(what: string, id: string, more: { param: string; status?: number }): Refusal {
  const noun = what.replaceAll("_", " ");
  return new Refusal({
    status: more.status ?? 404,
    message: `No such ${noun}: '${id}'`,
    code: "resource_missing",
    param: more.param,
  });
}

/** The body of an error. */
export function errorBody(fields: RefusalFields, more: { account: string; request: string; livemode: boolean }): JsonObject {
  const { code, param, message, type = "invalid_request_error" } = fields;
  const mode = more.livemode ? "" : "/test";
  return {
    error: {
      ...(code === undefined ? {} : { code, doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}` }),
      message,
      ...(param === undefined ? {} : { param }),
      request_log_url: `https://dashboard.stripe.com/${more.account}${mode}/workbench/logs?object=${more.request}`,
      type,
    },
  };
}
