/** Any JSON value, as it came from the wire. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A field of an object, as text; "" for everything that is not a string. */
export function textField(value: Json, name: string): string {
  const field = isObject(value) ? value[name] : undefined;
  return typeof field === "string" ? field : "";
}

/** A field of an object, as a number. */
export function numberField(value: Json, name: string): number | undefined {
  const field = isObject(value) ? value[name] : undefined;
  return typeof field === "number" ? field : undefined;
}

export function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
