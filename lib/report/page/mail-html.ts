/** A picture that HTML names as `cid:<id>`. */
export interface NamedPicture {
  readonly id: string;
  /** PNG. */
  readonly bytes: Uint8Array;
}

/** The HTML of a mail with its pictures inside it, so that it can be shown where the mail's other parts are not. */
export function withPictures(html: string, pictures: readonly NamedPicture[]): string {
  return pictures.reduce((text, { id, bytes }) => {
    const data = `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`;
    return text.replaceAll(`"cid:${id}"`, `"${data}"`);
  }, html);
}
