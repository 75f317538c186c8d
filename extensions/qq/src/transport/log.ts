/**
 * Where log lines go; the host's logger has this shape. One event, one lower-case line, facts as `key=value`.
 * `info`: a person would want to know; `warn`: we recovered; `error`: someone must act, and the line says how.
 * No line holds a secret, a token or the text of a message.
 */
export interface Log {
  debug(line: string): void;
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}
