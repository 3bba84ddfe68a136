/* What to do about mails that do not go out: about us, by problem, and about one mail, by reason. */

/** What the operator has to change before the server takes our mails. */
export type OurProblem =
  | 'login'
  | 'no-login'
  | 'clear-text'
  | 'tls'
  | 'certificate'
  | 'name'
  | 'sender'
  | 'relay'
  | 'refused'
  | 'quota'
  | 'program';

/** What to do about each problem of ours; the run prints it once. */
export const OUR_REMEDIES: Readonly<Record<OurProblem, string>> = {
  login: 'correct user and password in "mail"',
  'no-login':
    'the server offers no login: is TLS or another port needed? smtps://, port 587, or remove user and password from "mail"',
  'clear-text':
    'user and password are not sent over a line without TLS: use smtps:// or a server with STARTTLS, or add ?insecure_auth=true to "mail"',
  tls: 'use smtps:// for a port that begins with TLS, smtp:// for STARTTLS, ?requireTLS=true where the server asks for it',
  certificate:
    'trust its issuer with NODE_EXTRA_CA_CERTS, name the host of the certificate with ?tls.servername=NAME, or add ?tls.rejectUnauthorized=false (or ?ignoreTLS=true on this machine) to "mail"',
  name: 'add ?name=FULL.HOST.NAME of this machine to "mail"; its address needs a reverse DNS entry',
  sender: 'correct mail_from or mail_return_path: the server does not accept this sender',
  relay: 'the server does not relay for us: log in, or allow this machine there',
  refused:
    'the server refuses us, not the recipients: look at its reply, and at the reputation of our address',
  quota: 'the server limits how many mails it takes from us: the rest is sent by later runs',
  program: 'correct the program in "mail", or its own configuration',
};

/** What to do about a mail that failed, by its reason. */
export const REMEDIES: Readonly<Record<string, string>> = {
  'no-such-mailbox': 'correct the address in the group',
  'recipient-refused': 'ask the owner of the mailbox, or correct the address in the group',
  'refused-by-policy': 'see what the server objects to: sender, its SPF and DKIM, or the content',
  'too-big': "lower the group's max_attachment_size, or send without attachments",
  'retry-expired': 'mend the connection to the mail server; the report is kept in the store',
  'message-gone': 'nothing: the message was deleted, the report is still there',
  'bad-address': 'correct the address in the group',
  'delivery-unknown': 'ask the recipient, then send it again or drop it',
};
