const LENGTH = 2_000;
const HOST = /^(?:[a-z0-9._~!$&'()*+,;=-]+|\[[0-9a-f:.]+\])(?::\d+)?$/;
/** What may stand in path, query and fragment (RFC 3986); anything else is escaped. */
const NOT_PLAIN = /[^A-Za-z0-9\-._~:/?@!$&'()*+,;=%]/gu;

/** A web address out of an event as a URI that is one by RFC 3986, without user and password; undefined when it is none. */
export function uriOf(text: string): string | undefined {
  if (text.length > LENGTH || !URL.canParse(text)) return undefined;
  const { protocol, host, pathname, search, hash } = new URL(text);
  if (!/^(?:https?|ftp):$/.test(protocol) || !HOST.test(host)) return undefined;
  const fragment = hash === '' ? '' : `#${escaped(hash.slice(1))}`;
  const uri = `${protocol}//${host}${escaped(pathname + search)}${fragment}`;
  return uri.length > LENGTH ? undefined : uri;
}

function escaped(text: string): string {
  return text.replace(NOT_PLAIN, (c) => encodeURIComponent(c)).replace(/%(?![0-9A-Fa-f]{2})/g, '%25');
}
