import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'mocha';
import type { PreparedReport } from '../../../../lib/report/reports.ts';
import { shippedPath } from '../../../../lib/report/render/shipped.ts';
import { END } from '../../../support/builders.ts';
import { makeFolder } from '../../../support/folder.ts';
import { DAY, laneReports } from '../support/lane-reports.ts';
import { SMALL } from '../support/samples.ts';

// Mails as they go out, byte for byte. `UPDATE_GOLDEN=1` writes them anew; look at what changed before you commit it.

function compare(name: string, { record }: PreparedReport): void {
  const path = shippedPath('spec', 'golden', name);
  const mail = `Subject: ${record.subject}\n\n${record.message}`;
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, mail);
  assert.deepEqual(mail.split('\n'), readFileSync(path, 'utf8').split('\n'));
}

describe('golden mails', () => {
  const folder = makeFolder();
  after(() => folder.remove());

  for (const locale of ['en', 'cs']) {
    describe(locale, () => {
      let reports: PreparedReport[];
      before(async () => {
        reports = await laneReports(folder.path, SMALL, {
          severity: 'medium',
          settings: { locale, timezone: 'Europe/Prague', attachments: 'all', max_attachment_size: 5000 },
          options: { maxExtraReports: 1 },
          lane: {
            window: { from: END - DAY, to: END, cutFrom: END - 3 * DAY },
            filterProblems: ['group abuse@example.org, filter "own scanner", column 7: a value is missing'],
          },
        });
      });

      it('summary', () => compare(`summary.${locale}.txt`, reports[0]!));
      it('extra', () => compare(`extra.${locale}.txt`, reports[1]!));
    });
  }
});
