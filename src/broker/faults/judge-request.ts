import type { ApiName } from '../../wire/codec.js';
import type { RequestHeader } from '../../wire/header.js';
import type { Topics } from '../topics/topics.js';
import { errorAnswer } from './error-answer.js';
import type { Faults, Verdict } from './faults.js';
import { groupIn, topicsIn } from './request-names.js';

/** What the faults do to a request that has been decoded; undefined: nothing. */
export function judgeRequest(
  faults: Faults,
  api: ApiName,
  { apiVersion, clientId }: RequestHeader,
  body: object,
  topics: Topics,
): Verdict | undefined {
  return faults.judge({
    api,
    version: apiVersion,
    clientId: clientId ?? '',
    topics: topicsIn(body, topics),
    groupId: groupIn(body),
    body: body as Readonly<Record<string, unknown>>,
    errorAnswer: (errorCode) => errorAnswer(api, apiVersion, body, errorCode),
  });
}
