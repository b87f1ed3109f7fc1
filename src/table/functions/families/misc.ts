import { javaStringHash } from '../../../core/key-groups.js';
import { typeText } from '../../../core/types/index.js';
import { literal } from '../../plan/rex.js';
import type { ScalarFunction } from '../definition.js';
import { scalar } from '../signature.js';
import { T, withNull } from '../types.js';

/** TYPEOF(x): the type, as a text. */
const TYPEOF: ScalarFunction = {
  name: 'TYPEOF',
  resolve: ({ operands }) => {
    const type = withNull(T.string, true);
    const given = operands[0]?.type;
    return { type, instead: literal(given === undefined ? null : typeText(given), type) };
  },
};

export const MISCELLANEOUS: readonly ScalarFunction[] = [
  TYPEOF,
  scalar('CURRENT_DATABASE', [[]], T.string, {
    nullable: 'never',
    implement:
      (_, { currentDatabase = 'default_database' }) =>
      () =>
        currentDatabase,
  }),
  scalar('HASH_CODE', [['CHARACTER']], T.int, {
    implement: () => (text: string) => Math.abs(javaStringHash(text)) | 0,
  }),
];
