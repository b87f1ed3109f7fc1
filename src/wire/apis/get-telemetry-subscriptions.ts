import { api, array, bool, int8, int16, int32, string, uuid } from '../schema.js';

export const getTelemetrySubscriptions = api('GetTelemetrySubscriptions', 71, [0, 0], 0, {
  request: { clientInstanceId: uuid() },
  response: {
    throttleTimeMs: int32({ default: 0 }),
    errorCode: int16(),
    clientInstanceId: uuid(),
    subscriptionId: int32(),
    acceptedCompressionTypes: array(int8()),
    pushIntervalMs: int32(),
    telemetryMaxBytes: int32(),
    deltaTemporality: bool(),
    requestedMetrics: array(string()),
  },
});
