import { describe, expectTypeOf, test } from 'vitest';
import type { RecordsInput, Request, RequestBody, ResponseInput } from '../../src/wire/index.js';
import { encodeResponse } from '../../src/wire/index.js';

describe('what TypeScript knows from the schemas', () => {
  test('a decoded body has every field, nullable where the wire may say null', () => {
    type Partition = RequestBody<'Produce'>['topicData'][number]['partitionData'][number];
    expectTypeOf<Partition['records']>().toEqualTypeOf<Buffer | null>();
    expectTypeOf<RequestBody<'Produce'>['transactionalId']>().toEqualTypeOf<string | null>();
    expectTypeOf<RequestBody<'Produce'>['acks']>().toEqualTypeOf<number>();
    expectTypeOf<RequestBody<'Metadata'>['topics']>().extract<null>().toEqualTypeOf<null>();
    expectTypeOf<RequestBody<'DescribeTopicPartitions'>['cursor']>().extract<null>().toEqualTypeOf<null>();
  });

  test('the name of the API tells the body', () => {
    type Fetch = Extract<Request, { apiName: 'Fetch' }>['body'];
    expectTypeOf<Fetch['topics'][number]['partitions'][number]['fetchOffset']>().toEqualTypeOf<number>();
  });

  test('a body to encode may leave out what has a default or is missing in some version', () => {
    type Partition = ResponseInput<'Fetch'>['responses'][number]['partitions'][number];
    expectTypeOf<Partition['records']>().toEqualTypeOf<RecordsInput | null>();
    expectTypeOf<Partition['preferredReadReplica']>().toEqualTypeOf<number | undefined>();
    const leave = () => encodeResponse('Heartbeat', 1, 1, { errorCode: 0 });
    expectTypeOf(leave).returns.toEqualTypeOf<Buffer[]>();
    // @ts-expect-error the error code has no default
    const forgot = () => encodeResponse('Heartbeat', 1, 1, {});
    // @ts-expect-error there is no such field
    const misspelt = () => encodeResponse('Heartbeat', 1, 1, { errorCode: 0, errorMessage: 'x' });
    expectTypeOf(forgot).toBeFunction();
    expectTypeOf(misspelt).toBeFunction();
  });
});
