import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { htmlPart } from '../../../lib/mail/html-part.ts';
import { composeMessage } from '../../../lib/mail/message.ts';
import { messageInput } from '../../support/mail/builders.ts';

describe('mail: the HTML of a stored message', () => {
  const html = `<!DOCTYPE html><p>Vážení, = &amp; ${'dlouhý řádek '.repeat(50)}</p>\r\n--x\r\n<img src="cid:chart@x" alt="">\r\n`;
  const pictures = [{ id: 'chart@x', bytes: Buffer.from([0x89, 0x50, 0, 255, 13, 10]) }];

  it('comes out as it went in, with its pictures', async () => {
    assert.deepEqual(await htmlPart(composeMessage(messageInput({}, { html, pictures }))), {
      html,
      pictures,
    });
    assert.deepEqual(await htmlPart(composeMessage(messageInput({}, { html }))), { html, pictures: [] });
    const ascii = '<p>plain</p>\r\n';
    assert.equal((await htmlPart(composeMessage(messageInput({}, { html: ascii }))))?.html, ascii);
  });

  it('is found before the files, without reading on', async () => {
    let read = 0;
    async function* long(): AsyncGenerator<Uint8Array> {
      for await (const chunk of composeMessage(messageInput({}, { html, pictures }))) yield chunk;
      for (;;) {
        read++;
        yield Buffer.alloc(64 * 1024, 'x');
      }
    }
    assert.equal((await htmlPart(long()))?.html, html);
    assert.ok(read < 100);
  });

  it('is nothing where there is none, or the message is not kept any more', async () => {
    const message =
      'Content-Type: multipart/mixed; boundary="x"\n--x\nContent-Type: text/html\n\n<p>no part</p>\n--x--\n';
    assert.equal(await htmlPart(composeMessage(messageInput({ message }))), undefined);
    assert.equal(await htmlPart((async function* () {})()), undefined);
  });
});
