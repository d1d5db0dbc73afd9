import { currentLanguage } from "./text";

/** A number as the reader's language writes it, with so many decimals: 1.5, in German 1,5. */
export function decimal(value: number, decimals: number): string {
  return value.toLocaleString(currentLanguage(), { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
