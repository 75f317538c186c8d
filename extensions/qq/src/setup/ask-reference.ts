import type { SecretInput } from "openclaw/plugin-sdk/setup";
import type { Asking } from "./configure.ts";
import { wizardTexts as texts } from "./texts.ts";

/**
 * Asks where a secret is kept, by the host's own questions; `undefined` where what is there stays. The host's answers to
 * choose from are in English whatever the language: it takes other words for its questions only.
 * @param secret what it is called
 * @param variable the environment variable that is offered
 */
export async function askReference(
  { cfg, isEdit, locale, prompter }: Asking,
  secret: string,
  variable: string,
): Promise<{ readonly value: SecretInput; readonly resolvedValue: string } | undefined> {
  if (isEdit && (await prompter.confirm({ message: texts.referenceKeep(secret)[locale], initialValue: true }))) {
    return undefined;
  }
  const { promptSecretRefForSetup } = await import("openclaw/plugin-sdk/provider-auth");
  const { ref, resolvedValue } = await promptSecretRefForSetup({
    provider: "qq",
    config: cfg,
    prompter,
    preferredEnvVar: variable,
    copy: {
      sourceMessage: texts.referenceWhere(secret)[locale],
      envVarMessage: texts.referenceVariable[locale],
      envVarPlaceholder: variable,
      envVarFormatError: texts.referenceVariableWrong[locale],
      envVarMissingError: (name) => texts.referenceVariableMissing(name)[locale],
      noProvidersMessage: texts.referenceNoProviders[locale],
      envValidatedMessage: (name) => texts.referenceGood(name)[locale],
      providerValidatedMessage: (provider, id) => texts.referenceGood(`${provider}:${id}`)[locale],
    },
  });
  return { value: ref, resolvedValue };
}
