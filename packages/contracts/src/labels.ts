import { z } from "zod";
import { LABEL_MAX } from "./limits.ts";
import { NO_NUL, withoutNul } from "./text.ts";

/** What a project or a tag can be coloured with. The page has a shade of each for light and dark. */
export const LABEL_COLORS = ["grey", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"] as const;
export type LabelColor = (typeof LABEL_COLORS)[number];

const ID = "[0-9a-hjkmnp-tv-z]{12}";

/** `p_` and 12 characters of Crockford base32 in lower case. Unique per user. */
export const projectIdSchema = z.string().regex(new RegExp(`^p_${ID}$`), "a project id looks like p_7k2p9d4m1x0a");
/** `g_` and 12 characters of Crockford base32 in lower case. Unique per user. */
export const tagIdSchema = z.string().regex(new RegExp(`^g_${ID}$`), "a tag id looks like g_7k2p9d4m1x0a");

/** The name of a project or a tag, without the sign that people may type in front of it. Case does not tell two apart. */
export const labelNameSchema = z
  .string()
  .overwrite((name) =>
    name
      .replace(/\s+/g, " ")
      .trim()
      .replace(/^[#@ ]+/, "")
      .trim(),
  )
  .min(1, "the name is empty; write at least one character")
  // People write several of them with commas in between.
  .refine((name) => !name.includes(","), "a name has no comma; send each name by itself")
  .max(LABEL_MAX, `the name is longer than ${LABEL_MAX} characters`)
  .refine(withoutNul, NO_NUL);

const colorSchema = z.enum(LABEL_COLORS);

/** A tag with the number of open tasks that have it. */
export const tagSchema = z.object({
  id: z.string(),
  name: z.string(),
  color: colorSchema,
  open: z.int().nonnegative(),
  created_at: z.iso.datetime(),
});
export type Tag = z.infer<typeof tagSchema>;

/** A project with the number of its open tasks. An archived one keeps its tasks; naming it again takes it back out. */
export const projectSchema = tagSchema.extend({ archived: z.boolean() });
export type Project = z.infer<typeof projectSchema>;

export const newLabelSchema = z.strictObject({ name: labelNameSchema, color: colorSchema.default("grey") });
export type NewLabel = z.input<typeof newLabelSchema>;

const NOTHING = "the patch is empty; send at least one field";
const changes = (patch: object) => Object.keys(patch).length > 0;

/** JSON merge patch of a tag. */
export const tagPatchSchema = z
  .strictObject({ name: labelNameSchema, color: colorSchema })
  .partial()
  .refine(changes, NOTHING);
export type TagPatch = z.input<typeof tagPatchSchema>;

/** JSON merge patch of a project. */
export const projectPatchSchema = z
  .strictObject({ name: labelNameSchema, color: colorSchema, archived: z.boolean() })
  .partial()
  .refine(changes, NOTHING);
export type ProjectPatch = z.input<typeof projectPatchSchema>;

/** All projects of a person, by name. There are no more than `LABELS_MAX`, so there are no pages. */
export const projectListSchema = z.object({ projects: z.array(projectSchema) });
export type ProjectList = z.infer<typeof projectListSchema>;

/** All tags of a person, by name. */
export const tagListSchema = z.object({ tags: z.array(tagSchema) });
export type TagList = z.infer<typeof tagListSchema>;
