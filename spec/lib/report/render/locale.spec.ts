import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { Locales } from '../../../../lib/report/render/locale.ts';
import { shippedPath } from '../../../../lib/report/render/shipped.ts';

const { NumberFormat } = Intl;

describe('locale', () => {
  afterEach(() => {
    Intl.NumberFormat = NumberFormat;
  });

  it('writes numbers as its language does, and makes no formatter, which would be kept, for every text', () => {
    const t = new Locales([shippedPath('locales')]).translate('cs');
    let made = 0;
    Intl.NumberFormat = new Proxy(NumberFormat, {
      construct(target, args: ConstructorParameters<typeof NumberFormat>) {
        made++;
        return new target(...args);
      },
    });
    const texts = Array.from({ length: 100 }, (_, i) =>
      t('summary.regular', { count: 12_345, other: `${i}` }),
    );
    assert.match(texts[99]!, /12\s345/);
    assert.equal(made, 0);
  });
});
