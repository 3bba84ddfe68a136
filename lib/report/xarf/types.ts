import { formatCount } from '../../model/text/format.ts';
import { formatInstant } from '../../model/time.ts';
import { cutText, oneLine } from '../render/plain.ts';
import type { Problem } from './problem.ts';

// The X-ARF v4.2 types that events can be reported as, each with the members its schema requires.

/** What a document assumes where the events do not say. */
export type Assumed = Readonly<Partial<Record<(typeof ASSUMABLE)[number], string>>>;
export const ASSUMABLE = [
  'protocol',
  'service',
  'bot_type',
  'scan_type',
  'compromise_method',
  'fraud_type',
  'threat_type',
] as const;

type Members = Readonly<Record<string, unknown>>;
/** The members of a document beside those that all have; undefined when the events lack one that is required. */
type Type = (problem: Problem, assumed: Assumed) => Members | undefined;

const TRANSPORTS = ['tcp', 'udp', 'icmp', 'sctp'];
const SCANS = [
  'port_scan',
  'vulnerability_scan',
  'version_detection',
  'os_fingerprinting',
  'service_enumeration',
  'web_vuln_scan',
  'directory_brute_force',
  'mixed',
];
const FRAUDS = [
  'investment',
  'romance',
  'tech_support',
  'lottery',
  'advance_fee',
  'cryptocurrency',
  'shopping',
  'charity',
  'employment',
  'government_impersonation',
  'other',
];
const ADDRESS = /^(?:\d+(?:\.\d+){3}|[0-9a-f:.]*:[0-9a-f:.]*)$/;
const TEXT_LIMIT = 200;

/** By `category/type`. */
export const TYPES: Readonly<Record<string, Type>> = {
  'connection/port_scan': withPort(connection(TRANSPORTS)),
  'connection/login_attack': withPort(connection(TRANSPORTS)),
  'connection/ddos': withPort(connection(TRANSPORTS)),
  'connection/vulnerability_scan': also(
    connection(['tcp', 'udp', 'icmp', 'mixed'], 'targeted_ports'),
    (problem, { scan_type: type }) =>
      type !== undefined && SCANS.includes(type) ? { scan_type: type, ...requests(problem) } : undefined,
  ),
  'connection/infected_host': also(connection(['tcp', 'udp']), (problem, { bot_type: type = 'malicious' }) =>
    ['malicious', 'unknown'].includes(type) ? { bot_type: type, ...requests(problem) } : undefined,
  ),
  'infrastructure/botnet': (problem) => ({ compromise_evidence: sightings(problem) }),
  'infrastructure/compromised_server': (_, { compromise_method: method = 'unknown' }) => ({
    compromise_method: method,
  }),
  // By SMTP and no other way: the sender and the port are what finds the account.
  'messaging/spam': withPort(({ email }) =>
    email === undefined ? undefined : { protocol: 'smtp', smtp_from: email },
  ),
  'vulnerability/open_service': service,
  'vulnerability/misconfiguration': service,
  'vulnerability/cve': (problem, assumed) => {
    const [cve, ...more] = problem.cves;
    if (cve === undefined || problem.sourcePort === undefined) return undefined;
    const cves = more.length === 0 ? {} : { cve_ids: [cve, ...more].slice(0, 10) };
    const named = service(problem, assumed) ?? { service: 'unknown' };
    return { ...named, service_port: problem.sourcePort, cve_id: cve, ...cves };
  },
  'content/phishing': content,
  'content/malware': content,
  'content/fraud': also(content, (_, { fraud_type: type = 'other' }) =>
    FRAUDS.includes(type) ? { fraud_type: type } : undefined,
  ),
  /** Can be said of anything, and so is where everything else falls to. */
  'reputation/threat_intelligence': ({ eventClass }, { threat_type: type }) => ({
    threat_type: type ?? (cutText(oneLine(eventClass), TEXT_LIMIT) || 'unknown'),
  }),
};

export const FALLBACK = 'reputation/threat_intelligence';

/** Whether an address is that of one machine. */
export function isAddress(source: string): boolean {
  return ADDRESS.test(source);
}

/** @param port how the schema names the ports of the target: one, or a list */
function connection(
  protocols: readonly string[],
  port: 'destination_port' | 'targeted_ports' = 'destination_port',
): Type {
  return (problem, assumed) => {
    const seen = [...problem.protocols].find((protocol) => protocols.includes(protocol));
    const protocol = seen ?? protocols.find((one) => one === assumed.protocol);
    if (protocol === undefined) return undefined;
    return {
      protocol,
      first_seen: formatInstant(problem.first),
      last_seen: formatInstant(problem.last),
      ...(problem.targetIp === undefined ? {} : { destination_ip: problem.targetIp }),
      ...(problem.targetPort === undefined
        ? {}
        : { [port]: port === 'targeted_ports' ? [problem.targetPort] : problem.targetPort }),
    };
  };
}

/** Types whose schema asks for the port of a source that is an address. */
function withPort(type: Type): Type {
  return (problem, assumed) =>
    problem.sourcePort === undefined && isAddress(problem.source) ? undefined : type(problem, assumed);
}

function also(type: Type, more: Type): Type {
  return (problem, assumed) => {
    const [base, added] = [type(problem, assumed), more(problem, assumed)];
    return base === undefined || added === undefined ? undefined : { ...base, ...added };
  };
}

function service({ service: seen }: Problem, { service: assumed }: Assumed): Members | undefined {
  const name = seen === undefined ? assumed : cutText(oneLine(seen), TEXT_LIMIT);
  return name === undefined || name === '' ? undefined : { service: name };
}

function content({ url }: Problem): Members | undefined {
  return url === undefined ? undefined : { url };
}

function requests({ connections }: Problem): Members {
  return connections > 0 ? { total_requests: Math.min(connections, Number.MAX_SAFE_INTEGER) } : {};
}

function sightings({ events, detectors }: Problem): string {
  const names = [...detectors].slice(0, 5).map((name) => cutText(oneLine(name), TEXT_LIMIT));
  return `${formatCount(events, 'event')} seen by ${names.length === 0 ? 'unnamed detectors' : names.join(', ')}`;
}
