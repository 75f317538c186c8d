/** Parameters of a call as they came, or as they were converted. */
export type Params = Readonly<Record<string, unknown>>;

export type ParamKind = "string" | "number" | "boolean" | "any";

export interface Param {
  readonly kind: ParamKind;
  readonly isRequired: boolean;
  readonly byDefault?: string | number | boolean;
}

export type ParamTable = Readonly<Record<string, Param>>;

export const required = (kind: ParamKind): Param => ({ kind, isRequired: true });
export const optional = (kind: ParamKind, byDefault?: string | number | boolean): Param => ({
  kind,
  isRequired: false,
  ...(byDefault !== undefined && { byDefault }),
});

/** The parameters with every declared one converted and defaults filled in, or what is wrong (onebot-napcat.md 2.4). */
export function convertParams(params: Params, table: ParamTable): { params: Params } | { wrong: string } {
  const converted: Record<string, unknown> = { ...params };
  for (const [name, { kind, isRequired, byDefault }] of Object.entries(table)) {
    const value = params[name];
    if (value === undefined) {
      if (isRequired) return { wrong: `${WRONG}Expected required property` };
      if (byDefault !== undefined) converted[name] = byDefault;
      continue;
    }
    const result = convert(value, kind);
    if (result === undefined) return { wrong: `${WRONG}Expected ${kind}` };
    converted[name] = result;
  }
  return { params: converted };
}

const WRONG = "Schema compilation error: ";

function convert(value: unknown, kind: ParamKind): unknown {
  switch (kind) {
    case "any":
      return value;
    case "string":
      if (typeof value === "string") return value;
      return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
    case "number":
      if (typeof value === "number") return value;
      if (typeof value === "boolean") return value ? 1 : 0;
      return typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value))
        ? Number(value)
        : undefined;
    case "boolean":
      return convertBoolean(value);
  }
}

function convertBoolean(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (value === "true" || value === 1 || value === "1") return true;
  return value === "false" || value === 0 || value === "0" ? false : undefined;
}
