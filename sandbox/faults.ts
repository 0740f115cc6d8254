/** Every kind of fault that the scoreboard shows, in its order, by where it is; `other` is what fits none. */
export const FAULT_PLACES = [
  {
    where: "rows of billing",
    faults: [
      "null_customer_id",
      "duplicate_copy",
      "duplicate_contender",
      "duplicate_across_hours",
      "orphan_heals",
      "orphan_forever",
      "child_of_quarantined",
      "negative_amount",
      "overpaid",
      "unknown_status",
      "scale_error",
      "type_error",
      "immutable_changed",
      "vanished_rows",
    ],
  },
  {
    where: "billing's database and clocks",
    faults: ["retyped_column", "mass_delete", "empty_hour", "month_end", "clock_forward", "clock_back"],
  },
  {
    where: "partners' files",
    faults: [
      "file_late",
      "file_renamed",
      "file_redelivered",
      "file_truncated",
      "wrong_trailer",
      "shifted_columns",
      "malformed_record",
      "stray_quote",
      "doubled_record",
      "excel_damage",
      "unknown_customer",
      "wrong_currency",
      "bad_rows",
    ],
  },
  {
    where: "Stripe's answers and objects",
    faults: [
      "cut_answer",
      "rate_limited",
      "unavailable",
      "repeated_events",
      "late_object",
      "unknown_currency",
      "deleted_draft",
      "forbidden_object",
    ],
  },
  {
    where: "Salesforce's answers and records",
    faults: [
      "expired_token",
      "hidden_field",
      "late_commit",
      "deleted_record",
      "merged_record",
      "purged_record",
      "restored_record",
    ],
  },
  {
    where: "a system that is away",
    faults: ["source_down", "backlog"],
  },
  {
    where: "what systems do not agree in",
    faults: [
      "other_amount",
      "other_currency",
      "other_owner",
      "paid_after_all",
      "charged_twice",
      "unrecorded_money",
      "late_dispute",
      "unsettled_invoice",
      "remitted_twice",
      "order_edited",
      "link_conflict",
      "untied",
      "payout_short",
    ],
  },
  {
    where: "what a hand does in the warehouse",
    faults: [
      "hand_amount",
      "hand_currency",
      "hand_attribute",
      "hand_lost",
      "hand_invented",
      "hand_doubled",
      "hand_waiting",
      "hand_beside",
      "hand_sums",
      "hand_model",
      "hand_history",
    ],
  },
  {
    where: "the warehouse and its runs",
    faults: ["killed_run", "two_publishers", "other"],
  },
] as const;

export type Fault = (typeof FAULT_PLACES)[number]["faults"][number];

/** All of them. */
export const FAULTS: readonly Fault[] = FAULT_PLACES.flatMap(({ faults }): readonly Fault[] => faults);
