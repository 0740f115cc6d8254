/** Whose server an address leads to, in the words of messages. */
export interface Owner {
  readonly room: "source" | "store";
  /** `source billing`, `control store`. */
  readonly name: string;
  /** Where a person changes the address: `connection.url in sources/billing.yaml`. */
  readonly place: string;
}
