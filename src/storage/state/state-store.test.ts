import { stateConformance } from '../../core/state.conformance.ts';
import { freshStores, testEngine } from '../testing/fresh-stores.ts';

stateConformance(testEngine(), freshStores);
