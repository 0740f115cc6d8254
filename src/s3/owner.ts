/** Whose bucket it is, in the words of messages. */
export interface Owner {
  readonly room: "objects" | "source";
  /** Where its keys are written, behind the name of one: `under object_store in pipeline.yaml`. */
  readonly place: string;
  /** The key that holds the address. */
  readonly key: string;
  /** What its bucket has to be like, and which rights are needed. */
  readonly page: string;
  /** What it needs of the driver. */
  readonly packages: readonly ("@aws-sdk/client-s3" | "@aws-sdk/lib-storage")[];
}
