/** Whether a value of the configuration is a reference to a secret (the host's SecretRef), or has one in it. */
export function hasReference(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if ("source" in value && "provider" in value && "id" in value) return true;
  return Object.values(value).some(hasReference);
}
