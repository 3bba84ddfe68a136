import { CHART_ID } from '../mail-view.ts';

/** The HTML of a mail with its picture inside it, so that it can be shown where the mail's other parts are not. */
export function withPicture(html: string, picture: Uint8Array | undefined): string {
  if (picture === undefined) return html;
  const data = `data:image/png;base64,${Buffer.from(picture).toString('base64')}`;
  return html.replaceAll(`cid:${CHART_ID}`, data);
}
