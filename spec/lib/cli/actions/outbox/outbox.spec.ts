import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { ScriptedSmtp } from '../../../../support/mail/scripted-smtp.ts';
import { makeFolder, type Folder } from '../../../../support/folder.ts';
import { callProgram, type Ended } from '../../../../support/program.ts';

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 10, 10, 12);
const GROUP = { name: 'abuse@alpha.example', networks: [{ network: '192.0.2.0/24' }] };
const event = (id: string, stored: number): string =>
  JSON.stringify({
    Format: 'IDEA0',
    ID: id,
    DetectTime: new Date(stored).toISOString(),
    Category: ['Recon.Scanning'],
    Source: [{ IP4: ['192.0.2.17'] }],
    _CESNET: { StorageTime: new Date(stored).toISOString(), EventSeverity: 'critical' },
  });

describe('the outbox actions', () => {
  let folder: Folder;
  let server: ScriptedSmtp;
  beforeEach(async () => {
    folder = makeFolder();
    server = await ScriptedSmtp.start({ RCPT: ['550 5.1.1 no such user', '250 ok'] });
    folder.write(
      'etc/mentat/mentat-reporter.conf',
      JSON.stringify({ interval: '10_minutes', mail_from: 'reports@reporter.example', mail: server.uri() }),
    );
    await call(['--action', 'groups-import'], { stdin: JSON.stringify(GROUP) });
  });
  afterEach(async () => {
    await server.stop();
    folder.remove();
  });

  const call = (args: string[], more: { stdin?: string; now?: number } = {}): Promise<Ended> =>
    callProgram(args, { now: NOON, ...more, environment: { APP_ROOT_PATH: folder.path } });
  const store = (...events: string[]) => call(['--action', 'events-import'], { stdin: events.join('\n') });
  const run = (now: number) => call(['--regular'], { now });
  const list = async (...args: string[]) =>
    (await call(['--action', 'outbox-list', '--output', 'json', ...args])).objects();

  it('list, send again and give up what the selection names, and nothing without one', async () => {
    await store(event('one', NOON - 60_000));
    assert.equal((await run(NOON)).code, 1);
    const [mail] = await list('--state', 'failed');
    assert.equal(mail!['reason'], 'no-such-mailbox');
    assert.deepEqual(await list('--state', 'sent'), []);
    assert.deepEqual(await list('--recipient', 'ABUSE@alpha.example'), [mail]);

    assert.equal((await call(['--action', 'outbox-retry'])).code, 2);
    assert.equal((await call(['--action', 'outbox-retry', '--label', 'M20261110SC-NONE0'])).code, 1);
    const again = await call(['--action', 'outbox-retry', '--label', mail!['label'] as string]);
    assert.match(again.stdout, /^1 mail queued; the next run sends it$/m);
    assert.equal((await run(NOON + 600_000)).code, 0);
    assert.equal(server.messages.length, 1);
    assert.equal((await list())[0]!['state'], 'sent');
    const drop = await call(['--action', 'outbox-drop', '--state', 'sent']);
    assert.deepEqual([drop.code, drop.stdout], [1, '0 mails dropped\n']);
  });

  it('with --forget a source is reported again, and the next mail does not refer to one that nobody got', async () => {
    await store(event('one', NOON - 60_000));
    await run(NOON);
    await store(event('two', NOON + HOUR / 2));
    await run(NOON + HOUR);
    assert.equal(server.messages.length, 0, 'suppressed by the threshold of a report that nobody got');
    const drop = ['--action', 'outbox-drop', '--state', 'failed', '--reason', 'told by phone', '--forget'];
    assert.equal((await call(drop)).code, 0);
    assert.deepEqual((await list()).map(({ state, reason }) => [state, reason]), [['dropped', 'told by phone']]); // prettier-ignore
    await store(event('three', NOON + HOUR + 60_000));
    assert.equal((await run(NOON + HOUR + 600_000)).code, 0);
    assert.equal(server.messages.length, 1);
    assert.doesNotMatch(server.messages[0]!, /^(References|In-Reply-To):/im);
  });

  it('keep thresholds while another mail of the same run was received', async () => {
    const both = { ...GROUP, settings: { emails: ['a@alpha.example', 'b@alpha.example'] } };
    await call(['--action', 'groups-import'], { stdin: JSON.stringify(both) });
    await store(event('one', NOON - 60_000));
    await run(NOON);
    const drop = await call(['--action', 'outbox-drop', '--state', 'failed', '--forget']);
    assert.equal(drop.code, 1);
    assert.match(drop.stdout, /another mail of the run of M20261110SC-\w+ was or may be received/);
  });
});
