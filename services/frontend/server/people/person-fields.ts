/** What Better Auth knows of our own columns of a user. No request can set them. */
export const PERSON_FIELDS = {
  /** Tells the page whether to offer the administration. */
  role: { type: "string", required: false, input: false },
  disabledAt: { type: "date", required: false, input: false, returned: false },
} as const;
