import { errorCodes } from '../../wire/error-codes.js';

/** The error code for clients that do not know PRODUCER_FENCED: INVALID_PRODUCER_EPOCH says the same to them. */
export function fencedCode(errorCode: number, knowsFenced: boolean): number {
  return errorCode === errorCodes.PRODUCER_FENCED && !knowsFenced ? errorCodes.INVALID_PRODUCER_EPOCH : errorCode;
}
