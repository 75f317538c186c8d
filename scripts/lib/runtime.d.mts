/** Types of runtime.mjs, for the tests. */
export function fits(version: string): boolean;
export function nodePackage(
  platform: string,
  arch: string,
): { readonly name: string; readonly version: string; readonly bin: string } | undefined;
export interface LockedPackage {
  readonly version?: string;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
}
export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}
export function missingFromNpm(lock: Lock, installed: Lock | undefined): string[];
export function missingDirect(
  wanted: Readonly<Record<string, string>>,
  versionOf: (name: string) => string | undefined,
): string[];
export function packageManager(userAgent: string | undefined): "npm" | "pnpm";
export function passesOn(signal: string, where: { readonly platform: string; readonly terminal: boolean }): boolean;
export function isNetworkTrouble(output: string): boolean;
