import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { defang } from '../../../../lib/report/render/defang.ts';

describe('defang', () => {
  const urls: [string, string][] = [
    ['http://evil.example/x?y=1', 'hxxp://evil[.]example/x?y=1'],
    ['see HTTPS://Evil.Example:8443/a.html', 'see hxxps://Evil[.]Example:8443/a.html'],
    ['ftp://user:pw@evil.test/', 'fxp://user:pw[@]evil[.]test/'],
    ['http://192.0.2.1/odd', 'hxxp://192[.]0[.]2[.]1/odd'],
    ['http://[2001:db8::1]/', 'hxxp://[2001:db8::1]/'],
    ['javascript://evil.com/%0aalert(1)', 'javascript[:]//evil[.]com/%0aalert(1)'],
    ['x.evil.com://y', 'x[.]evil[.]com[:]//y'],
    ['http://http://evil.com', 'hxxp://hxxp://evil[.]com'],
    ['www.evil.internal', 'www[.]evil[.]internal'],
    ['evil.com/path and a.co.uk.', 'evil[.]com/path and a[.]co[.]uk.'],
    ['пример.рф xn--e1afmkfd.xn--p1ai', 'пример[.]рф xn--e1afmkfd[.]xn--p1ai'],
    ['evil\u3002com', 'evil[.]com'],
    ['mailto:someone@evil.com', 'mailto:someone[@]evil[.]com'],
    ['first.last@evil.internal', 'first.last[@]evil.internal'],
    ['org.example.cowrie', 'org.example.cowrie'],
    ['192.0.2.1, 2001:db8::1', '192.0.2.1, 2001:db8::1'],
    ['version 1.2.3 of Windows 10.0', 'version 1.2.3 of Windows 10.0'],
    ['12:30:00 aa:bb:cc:dd:ee:ff', '12:30:00 aa:bb:cc:dd:ee:ff'],
    ['hxxp://evil[.]com', 'hxxp://evil[.]com'],
    ['', ''],
  ];
  for (const [text, expected] of urls)
    it(JSON.stringify(text), () => assert.equal(defang(text, 'urls'), expected));

  const all: [string, string][] = [
    ['192.0.2.1', '192[.]0[.]2[.]1'],
    ['192.0.2.0/24', '192[.]0[.]2[.]0/24'],
    ['2001:db8::1', '2001[:]db8[:][:]1'],
    ['aa:bb:cc:dd:ee:ff 12:30:00', 'aa:bb:cc:dd:ee:ff 12:30:00'],
    ['1.2.3', '1.2.3'],
    ['http://192.0.2.1/', 'hxxp://192[.]0[.]2[.]1/'],
  ];
  for (const [text, expected] of all)
    it(`addresses, too: ${text}`, () => assert.equal(defang(text, 'all'), expected));

  it('leaves everything as it is when nothing is asked for', () =>
    assert.equal(defang('http://evil.com x@evil.com', 'none'), 'http://evil.com x@evil.com'));

  it('takes no longer for what was made to take long', () => {
    for (const text of ['a.'.repeat(20_000), ':'.repeat(40_000), '@'.repeat(40_000), 'a1:'.repeat(15_000)])
      assert.ok(defang(text, 'all').length >= text.length);
  }).timeout(2_000);
});
