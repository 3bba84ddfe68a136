import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readEventContent, readEventDetails } from '../../../../lib/model/event/event-content.ts';
import { readFallback } from '../../../../lib/model/event/object-view.ts';
import { maskUrlPasswords } from '../../../../lib/model/text/url-password.ts';

describe('password in an address', () => {
  const texts: [string, string][] = [
    ['ftp://bob:secret@h.example/x', 'ftp://bob:***@h.example/x'],
    ['see <http://a:b:c@d@h:80/?q=x@y> and SSH://:p@h', 'see <http://a:***@h:80/?q=x@y> and SSH://:***@h'],
    ['http://h.example:8080/login?mail=joe@example.org', 'http://h.example:8080/login?mail=joe@example.org'],
    ['http://h.example/in?user=joe&password=secret#top', 'http://h.example/in?user=joe&password=***#top'],
    [
      'see <https://h/?PWD=secret> or http://h/?db_pass=secret;a=1',
      'see <https://h/?PWD=***> or http://h/?db_pass=***;a=1',
    ],
    ['h.example/in?password=secret', 'h.example/in?password=***'],
    ['http://h/?bypass=1&passenger=2&pass=', 'http://h/?bypass=1&passenger=2&pass='],
    ['http://u@h/ a:b@c', 'http://u@h/ a:b@c'],
    // A mail leaves out what is invisible, and would show the address whole.
    ['ftp:\u200b//bob:secret@h/', 'ftp://bob:***@h/'],
    ['h.example/?pass\u00adw\u200dord=sec\u{e0041}ret', 'h.example/?password=***'],
    ['h.example/?pass\ufe0fwo\u3164rd=sec\u034fret', 'h.example/?password=***'],
    ['joe\u00ad@h.example', 'joe\u00ad@h.example'],
    ['http://h:80 joe@example.org', 'http://h:80 joe@example.org'],
  ];
  for (const [text, masked] of texts) it(`in ${text}`, () => assert.equal(maskUrlPasswords(text), masked));

  it('stands in nothing that a report reads of an event', () => {
    const url = 'http://u:secret@192.0.2.1/';
    const section = { URL: [url], Ref: [url], Hostname: [url], Email: [url] };
    const event = { Ref: [url], Description: url, Note: url, Source: [section], Target: [section] };
    const read = readEventContent(event);
    const told = [
      read.refs,
      read.description,
      readEventDetails(event).note,
      ...[...read.sources, ...read.targets].map((s) => [...s.lists]),
    ];
    assert.ok(!JSON.stringify(told).includes('secret'));
    assert.equal(readFallback({ Source: [{ URL: [url] }] }).text, 'http://u:***@192.0.2.1/');
  });

  for (const part of ['a://x:', 'a://', 'a:', '://:@', 'aaaa', 'a://x:y', '@://', '?a_', '?pass=', '=?pwd'])
    it(`is looked for in time linear in the text: ${part}`, () =>
      assert.ok(maskUrlPasswords(`@://${part.repeat(200_000)}`).length > 0));
});
