import Mustache from 'mustache';

/** Text as it may stand in HTML, between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return Mustache.escape(text);
}
