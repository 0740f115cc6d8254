/** An answer that refuses. What the service says of it stands in its body, a list of one error. */
export class Refusal extends Error {
  readonly status: number;
  readonly errorCode: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, errorCode: string, more: { message: string; headers?: Readonly<Record<string, string>> }) {
    super(more.message);
    this.status = status;
    this.errorCode = errorCode;
    this.headers = more.headers ?? {};
  }

  /** The body. */
  json(): string {
    return JSON.stringify([{ message: this.message, errorCode: this.errorCode }]);
  }
}

/** 404 for an address or a record that is none. */
export function notFound(message = "The requested resource does not exist"): Refusal {
  return new Refusal(404, "NOT_FOUND", { message });
}

/** 400 for a query that cannot be read. */
export function malformed(message: string): Refusal {
  return new Refusal(400, "MALFORMED_QUERY", { message });
}

/** 400 for an object that does not exist, or that the user may not see. */
export function invalidType(name: string): Refusal {
  const hint =
    "If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.";
  return new Refusal(400, "INVALID_TYPE", { message: `sObject type '${name}' is not supported. ${hint}` });
}

/** 400 for a field that does not exist, or that the user may not see. */
export function invalidField(name: string, object: string): Refusal {
  const hint =
    "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.";
  return new Refusal(400, "INVALID_FIELD", { message: `No such column '${name}' on entity '${object}'. ${hint}` });
}
