import type { RawEvent } from '../../../../lib/model/event/event.ts';
import { END, rawEvent } from '../../../support/builders.ts';
import type { LaneEvents } from './lane-reports.ts';

// Events for mails that are looked at as a whole.

const HOUR = 3_600_000;
const SSH = { eventClass: 'attempt-login-ssh' };

function sshEvent(
  id: string,
  source: string,
  hoursAgo: number,
  connections: number,
  detector = 'org.example.cowrie',
): RawEvent {
  return rawEvent({
    ...SSH,
    id,
    sources: [source],
    categories: ['Attempt.Login'],
    stored: END - hoursAgo * HOUR,
    more: {
      ConnCount: connections,
      Source: [{ IP4: [source], Port: [40_000 + connections], Proto: ['tcp', 'ssh'] }],
      Target: [{ IP4: ['198.51.100.7'], Port: [22, 2222] }],
      Node: [{ Name: 'org.example.relay' }, { Name: detector, SW: ['Cowrie'] }],
      Credentials: [{ Username: 'root', Password: 'hunter2' }],
    },
  });
}

/** A lane as most are: a few sources, two known classes and one unknown, something new and something that goes on. */
export const SMALL: LaneEvents = {
  regular: [
    sshEvent('ssh-1', '192.0.2.15', 20, 1200),
    sshEvent('ssh-2', '192.0.2.15', 8, 65),
    sshEvent('ssh-3', '192.0.2.15', 6, 7, 'org.example.flow'),
    sshEvent('ssh-4', '192.0.2.9', 5, 3),
    rawEvent({
      id: 'scan-1',
      sources: ['192.0.2.15'],
      stored: END - 2 * HOUR,
      more: {
        FlowCount: 12_345,
        Target: [{ Port: Array.from({ length: 40 }, (_, i) => 8100 - i) }],
        Node: [{ Name: 'org.example.flow' }],
      },
    }),
    rawEvent({
      id: 'odd-1',
      sources: ['192.0.2.200'],
      eventClass: 'our-own-class',
      stored: END - HOUR,
      more: {
        Description: 'Odd things, seen by chance',
        Source: [{ IP4: ['192.0.2.200'], URL: ['http://192.0.2.200/odd'], Port: [8080] }],
        Node: [{ Name: 'org.example.watch' }],
      },
    }),
  ],
  relapsed: [sshEvent('old-1', '192.0.2.15', 30, 11), sshEvent('old-2', '192.0.2.15', 28, 14)],
};

const HOSTILE_TEXT =
  'a\r\nBcc: x@evil.example\u001b[31m\u0000{{vars.team}} {{{label}}} $t(thanks) <b>&\u202ebidi\u2066\u2028new\ud800\u0085;=1+1';

/** Everything a sender can put into an event to do mischief. */
export const HOSTILE: LaneEvents = {
  regular: [
    rawEvent({
      id: 'evil-1',
      eventClass: 'vulnerable-implementation',
      more: {
        Description: HOSTILE_TEXT,
        Ref: [HOSTILE_TEXT],
        Note: '=cmd',
        Source: [
          {
            IP4: ['192.0.2.1'],
            Hostname: [HOSTILE_TEXT, '{{#t}}thanks{{/t}}'],
            Proto: [HOSTILE_TEXT],
            ServiceName: HOSTILE_TEXT,
          },
        ],
        Node: [{ Name: HOSTILE_TEXT, SW: [HOSTILE_TEXT] }],
        Credentials: [{ Username: HOSTILE_TEXT, Password: 'hunter2' }],
      },
    }),
    rawEvent({ id: 'evil-2', eventClass: HOSTILE_TEXT, more: { Source: [{ Hostname: [HOSTILE_TEXT] }] } }),
    rawEvent({ id: 'evil-3', eventClass: '__proto__', more: { Source: [{ Hostname: ['__proto__'] }] } }),
  ],
  relapsed: [
    rawEvent({
      id: 'evil-4',
      sources: [],
      eventClass: 'constructor',
      more: { Source: [], Node: [{ Name: '__proto__' }] },
    }),
  ],
};

/** More sources, classes and values than a person would read. */
export function huge(): LaneEvents {
  const regular: RawEvent[] = [];
  for (let i = 0; i < 1500; i++) {
    const Target = [
      {
        IP4: Array.from({ length: 20 }, (_, k) => `198.51.100.${(i + k) % 250}`),
        Port: Array.from({ length: 50 }, (_, k) => k + i),
      },
    ];
    regular.push(
      rawEvent({
        id: `huge-${i}`,
        sources: [`192.0.2.${i % 250}`],
        eventClass: i < 900 ? 'recon-scanning' : `class-${i % 70}`,
        more: { Target, Node: [{ Name: `org.example.d${i % 9}` }] },
      }),
    );
  }
  return { regular };
}
