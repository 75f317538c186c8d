import * as fc from "fast-check";

/**
 * The generated documents are the same at every run, so that a change is what turns a test red. Another seed looks
 * elsewhere: `FC_SEED=7 npx vitest run --project unit`.
 */
fc.configureGlobal({ seed: Number(process.env["FC_SEED"] ?? 20_261_122) });
