/** A connected app, and what its user may see. All of it may be changed while the simulator runs. */
export interface ConnectedApp {
  clientId: string;
  secret: string;
  /** PEM; without it the app cannot sign in by a signed assertion. */
  publicKey?: string;
  /** Whom it signs in as. */
  username: string;
  viewAllData: boolean;
  /** `Account.AnnualRevenue` */
  hiddenFields: string[];
  hiddenObjects: string[];
}

/** The app of a simulator that was given none. */
export function defaultApp(): ConnectedApp {
  return {
    clientId: "3MVG9sandbox0000",
    secret: "sandbox-secret",
    username: "integration@sandbox.example",
    viewAllData: true,
    hiddenFields: [],
    hiddenObjects: [],
  };
}
