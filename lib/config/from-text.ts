import type { Key } from './keys/key.ts';

/** Parses a text of the command line or the environment as the JSON value of its key; returns the text where that fails, which the check then refuses. */
export function fromText(key: Key, text: string): unknown {
  switch (key.kind) {
    case 'flag':
      return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text;
    case 'count':
    case 'integer':
      return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
    case 'texts':
    case 'choices':
      return text.trimStart().startsWith('[') ? fromJson(text) : text.split(',').map((part) => part.trim());
    case 'object':
      return fromJson(text);
    default:
      return text;
  }
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
