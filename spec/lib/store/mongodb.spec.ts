import { describe } from 'mocha';
import { needsMongod } from '../../support/mongod.ts';
import { storeContract } from './contract.ts';
import { openMongoForSpec } from './mongodb/open.ts';

describe('MongoDB', () => {
  needsMongod();
  storeContract('mongodb', openMongoForSpec);
});
