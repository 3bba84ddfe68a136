import { openEmbeddedForSpec } from '../../support/store/embedded.ts';
import { storeContract } from './contract.ts';

storeContract('embedded', openEmbeddedForSpec);
