import { errorCodes } from '../../wire/error-codes.js';
import { serve } from '../server/request.js';

/** SaslHandshake and SaslAuthenticate: how a client proves who it is. See Kafka: KIP-43, KIP-152. */

export const saslHandshake = serve('SaslHandshake', [0, 1], ({ mechanism }, context) => {
  const { sasl } = context.client;
  // Where nobody is asked who he is, or a second time.
  if (sasl === undefined || sasl.open) return { errorCode: errorCodes.ILLEGAL_SASL_STATE, mechanisms: [] };
  const mechanisms = [...sasl.mechanisms];
  if (sasl.begin(mechanism, context.apiVersion)) return { errorCode: 0, mechanisms };
  context.endAfterAnswer(`the mechanism '${mechanism}' is not offered`);
  return { errorCode: errorCodes.UNSUPPORTED_SASL_MECHANISM, mechanisms };
});

const NOTHING = Buffer.alloc(0);

export const saslAuthenticate = serve('SaslAuthenticate', [0, 2], async ({ authBytes }, context) => {
  const { sasl } = context.client;
  if (sasl === undefined || sasl.open) {
    const errorMessage = 'SaslAuthenticate request received after successful authentication';
    return { errorCode: errorCodes.ILLEGAL_SASL_STATE, errorMessage, authBytes: NOTHING };
  }
  const outcome = await sasl.take(authBytes);
  if ('refused' in outcome) {
    context.endAfterAnswer(outcome.reason);
    return {
      errorCode: errorCodes.SASL_AUTHENTICATION_FAILED,
      errorMessage: outcome.refused,
      authBytes: NOTHING,
    };
  }
  if (outcome.done) context.authenticated();
  return { errorCode: 0, errorMessage: null, authBytes: outcome.token };
});
