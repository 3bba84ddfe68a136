/** Who mails come from and go to, beyond what a group says; keys of the same name in the configuration. */
export interface MailOptions {
  /** Header and envelope sender unless `returnPath` is set; its domain is that of every Message-ID. */
  readonly from: string;
  /** Replaces the subject. */
  readonly subject: string | undefined;
  readonly to: readonly string[] | undefined;
  readonly cc: readonly string[] | undefined;
  readonly bcc: readonly string[] | undefined;
  readonly replyTo: readonly string[] | undefined;
  /** Envelope sender. */
  readonly returnPath: string | undefined;
  /** Where redirected mail goes. */
  readonly admin: readonly string[];
  /** Everything goes to `to` when given, else to `admin`; never any Cc or Bcc. */
  readonly testMode: boolean;
  /** Whether a mail whose delivery is unknown is sent again, or kept for a person. */
  readonly ambiguous: 'resend' | 'hold';
  /** Seconds after which a deferred mail is given up: 5 days. */
  readonly retryFor: number;
  /** Days a finished message is kept after its last row became final. */
  readonly messageKeep: number;
}
