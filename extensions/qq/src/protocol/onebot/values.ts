import { z } from "zod";

/** A field that may be left out, be null, or be of a type that nobody promised: none of it is worth losing the rest over. */
export const maybe = <T extends z.ZodType>(schema: T) =>
  schema
    .nullish()
    .transform((value) => value ?? undefined)
    .catch(undefined)
    .optional();

const safeInteger = z.number().refine(Number.isSafeInteger);

/** Number of a person or a group: a number in NapCat, a string elsewhere; always its decimal digits inside. */
export const Uin = z
  .union([safeInteger, z.string()])
  .transform(String)
  .pipe(z.string().regex(/^\d{1,20}$/));

/** Id of a message, a file, a request: opaque. go-cqhttp's message ids can be negative. */
export const OpaqueId = z.union([safeInteger, z.string()]).transform(String).pipe(z.string().min(1).max(512));

/** A number, or its digits: `file_size` comes as a string. */
export const Count = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
  ])
  .pipe(z.number().nonnegative());

/** An id on its way out. */
export type WireId = number | string;

/** Ids go out as JSON numbers, as the standard has them, where a number holds all of their digits. */
export function wireId(id: string): WireId {
  const number = Number(id);
  return Number.isSafeInteger(number) && String(number) === id ? number : id;
}

/** A list without those of its members that cannot be read. */
export const listOf = <T extends z.ZodType>(schema: T) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((members) =>
      members.flatMap((member) => {
        const parsed = schema.safeParse(member);
        return parsed.success ? [parsed.data] : [];
      }),
    );

/** Where a value is not what it should be, as `data.user_id`: names of fields, never what is in them. */
export function wrongPaths(error: z.ZodError): string {
  const known = error.issues.slice(0, 5).map((issue) => issue.path.join(".") || issue.code);
  return `wrong at ${known.join(",")}`;
}
