import stringify from 'safe-stable-stringify';

const NOT_ASCII = /[\u007f-\uffff]/g;

/**
 * A value as JSON in the form of runlogs and state files: keys sorted, indented by four, everything beyond ASCII escaped, so that the
 * file means the same to every reader and can do nothing to a terminal.
 */
export function sortedJson(value: unknown, indent = 4): string {
  return (stringify(value, null, indent) ?? 'null').replace(
    NOT_ASCII,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
