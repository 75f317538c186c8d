import { promptSingleChannelSecretInput, type SecretInput } from "openclaw/plugin-sdk/setup";
import type { Asking } from "./configure.ts";

/**
 * Asks where a secret is kept, by the host's own questions; `undefined` where what is there stays.
 * @param variable the environment variable that is offered
 */
export async function askReference(
  { cfg, isEdit, prompter }: Asking,
  credentialLabel: string,
  variable: string,
): Promise<{ readonly value: SecretInput; readonly resolvedValue: string } | undefined> {
  const answer = await promptSingleChannelSecretInput({
    cfg,
    prompter,
    providerHint: "qq",
    credentialLabel,
    secretInputMode: "ref",
    accountConfigured: isEdit,
    canUseEnv: false,
    hasConfigToken: isEdit,
    envPrompt: "",
    keepPrompt: `Keep the ${credentialLabel} that is there?`,
    inputPrompt: credentialLabel,
    preferredEnvVar: variable,
  });
  return answer.action === "set" ? answer : undefined;
}
