/** The schemas that a release works with. The services of the release refuse readiness outside. */
export interface SchemaRange {
  /** The oldest schema that it works with. */
  readonly min: number;
  /** The newest schema that it knows, which is the one that its migration makes. */
  readonly max: number;
  /** The oldest `max` of another release that the schema made by this one still serves. */
  readonly compatibleFrom: number;
}

/** What a database says about its schema. */
export interface Schema {
  readonly version: number;
  readonly compatibleFrom: number;
}

/** The schema after the migration of a release. */
export function schemaAfter({ max, compatibleFrom }: SchemaRange): Schema {
  return { version: max, compatibleFrom };
}

/** Whether a release works on this schema: it is new enough for the release, and still serves it. */
export function covers({ min, max }: SchemaRange, schema: Schema): boolean {
  return schema.version >= min && max >= schema.compatibleFrom;
}
