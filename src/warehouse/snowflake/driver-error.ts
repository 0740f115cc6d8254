/** An error of the driver; its code is a number for the client's own errors and a text for the server's. */
export interface DriverError {
  readonly code: string;
  readonly name: string;
  readonly says: string;
  readonly queryId: string | null;
  /** HTTP status, where another than 200 came. */
  readonly status: number | null;
}

/** Reads what the driver threw, whatever it is. */
export function driverError(error: unknown): DriverError {
  const { code, name, message, data, response } = (error ?? {}) as {
    code?: unknown;
    name?: unknown;
    message?: unknown;
    data?: { queryId?: unknown } | null;
    response?: { statusCode?: unknown } | null;
  };
  return {
    code: String(code ?? "unknown"),
    name: String(name ?? ""),
    says: String(message ?? error),
    queryId: typeof data?.queryId === "string" ? data.queryId : null,
    status: typeof response?.statusCode === "number" ? response.statusCode : null,
  };
}
