import { describe } from 'mocha';
import { commitContract } from './contract/commit.ts';
import { eventContract } from './contract/events.ts';
import { groupContract } from './contract/groups.ts';
import { journalContract } from './contract/journal.ts';
import { laneContract } from './contract/lanes.ts';
import type { OpenContractStore } from './contract/open.ts';
import { outboxContract } from './contract/outbox.ts';
import { raceContract } from './contract/races.ts';
import { reportContract } from './contract/reports.ts';
import { secretContract } from './contract/secret.ts';

/** What every engine has to fulfil. `open` makes a new, empty store. */
export function storeContract(name: string, open: OpenContractStore): void {
  describe(`store contract: ${name}`, () => {
    eventContract(open);
    groupContract(open);
    laneContract(open);
    journalContract(open);
    reportContract(open);
    outboxContract(open);
    secretContract(open);
    commitContract(open);
    raceContract(open);
  });
}
